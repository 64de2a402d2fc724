"""What is shown of an answer: never the request in it, no control characters, not much."""

from __future__ import annotations

import base64
import hashlib
import json
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.gateway.redact import SHOWN, request_uuid, shown

DOCUMENT = base64.b64encode(bytes(range(256)) * 4).decode()
SIGNING = hashlib.sha1(b"anything", usedforsecurity=False).hexdigest()


@pytest.mark.parametrize(
    "echo",
    [
        json.dumps({"File": f"image/png;base64,{DOCUMENT}", "Signature": SIGNING}),
        f"File={quote_plus(DOCUMENT)}&Signature={SIGNING}",
        json.dumps({"File": DOCUMENT}).replace("/", "\\/"),
        DOCUMENT,
        SIGNING,
    ],
)
def test_a_request_that_is_echoed_is_not_shown(echo: str) -> None:
    text = shown(echo)
    for start in range(0, len(DOCUMENT) - 12, 4):
        assert DOCUMENT[start : start + 12] not in text
    assert SIGNING[:12] not in text


def test_secrets_are_not_shown_even_when_short() -> None:
    assert shown("the key hunter2, twice hunter2", secrets=("hunter2",)) == "the key […], twice […]"


@given(st.one_of(st.text(), st.binary()))
def test_what_is_shown_is_printable_and_short(text: str | bytes) -> None:
    assert shown(text).isprintable()
    assert len(shown(text)) <= SHOWN * len("\\U0010ffff") + 1


def test_chinese_stays_and_terminal_controls_are_escaped() -> None:
    assert shown("审核未通过\x1b[2J\u202e\n") == "审核未通过\\x1b[2J\\u202e\\n"


def test_a_uuid_stays_whole_and_a_longer_header_does_not() -> None:
    uuid = "5d0c7e2a-6f0e-4b1c-9b1e-0d3f5a8c2b11"
    assert request_uuid(uuid) == uuid
    assert request_uuid("né " * 100) == ("né " * 22)[:64] + "…"
    assert request_uuid("") is None
    assert request_uuid(None) is None
