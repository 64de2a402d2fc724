"""Keys, signings and documents reach the socket and nothing else: no log, error or repr."""

from __future__ import annotations

import base64
import logging
import traceback
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from reconciler.errors import ReconcilerError
from reconciler.gateway.encodings import Encoding
from tests.integration.gateway_setup import CREDENTIALS, gateway
from tests.integration.scripted_server import (
    Received,
    Reply,
    ScriptedServer,
    answer,
    code,
    done,
    drop,
    raw,
)
from tests.unit.gateway_builders import document

TOKEN = "sts-Tq8wZ3kXv0"
SECRETS = replace(CREDENTIALS, security_token=TOKEN)
CONTENT = b"\x89PNG the licence of a company that exists nowhere " * 20


def echo_body(received: Received) -> Reply:
    return answer(received.body)


def echo_in_a_message(received: Received) -> Reply:
    return code(18003, received.body.decode("latin-1"))


def echo_in_a_page(received: Received) -> Reply:
    return answer(b"<html>Bad request: " + received.body + b"</html>", status=502)


def echo_cut_off(received: Received) -> Reply:
    return raw(b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n" + received.body)


def echo_in_headers(received: Received) -> Reply:
    sent = received.body[-300:].decode("latin-1")
    return answer(b"", status=302, Location=f"https://elsewhere.example/?{sent}")


CHOICES: list[Callable[[Received], Reply]] = [
    echo_body,
    echo_in_a_message,
    echo_in_a_page,
    echo_cut_off,
    echo_in_headers,
    lambda _: drop(),
    lambda _: done(),
    lambda _: code(171, f"wrong signing with {CREDENTIALS.private_key} and {TOKEN}"),
]


@pytest.mark.parametrize("encoding", list(Encoding))
@pytest.mark.parametrize("choose", CHOICES)
def test_nothing_secret_is_ever_shown(
    encoding: Encoding,
    choose: Callable[[Received], Reply],
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    """Not even where the service sends the whole request back, and every logger is at DEBUG."""
    caplog.set_level(logging.DEBUG)
    shown: list[Any] = []
    with (
        ScriptedServer(choose=choose) as server,
        gateway(server.url, encoding=encoding, credentials=SECRETS) as client,
    ):
        try:
            shown.append(client.call("Act", {"File": document(CONTENT)}, idempotent=True))
        except ReconcilerError as error:
            shown += [str(error), repr(error), error.summary, error.advice, vars(error)]
            shown += traceback.format_exception(error)
        shown += [repr(client), repr(vars(client)), repr(SECRETS), str(SECRETS)]
        sent = server.requests[0].body.decode()
    if choose is echo_body:
        sent_back = [each for each in shown if "Answer(" in str(each)]
        shown = [each for each in shown if each not in sent_back]
    logged = [
        record.getMessage() + str(record.args) + str(record.exc_info) for record in caplog.records
    ]
    everything = "\n".join([*map(str, shown), *logged, *capfd.readouterr()])
    assert any("Act, try 1" in line for line in logged)
    for secret in forbidden(sent):
        assert secret not in everything


def forbidden(sent: str) -> list[str]:
    """The keys, the signing that was sent, and every 24 characters of the document."""
    signing = sent.rpartition("Signature")[2].strip('":=}')
    assert len(signing) == 40
    text = base64.b64encode(CONTENT).decode()
    pieces = [text[start : start + 24] for start in range(0, len(text) - 24)]
    return [CREDENTIALS.private_key, TOKEN, signing, *pieces, "the licence of a company"]


def test_the_log_has_what_is_needed_to_ask_for_help(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="reconciler")
    with ScriptedServer(code(150)) as server, gateway(server.url) as client:
        client.call("Act", {}, idempotent=True)
    first, second = [each.getMessage() for each in caplog.records if each.name == "reconciler"]
    uuid = "5d0c7e2a-6f0e-4b1c-9b1e-0d3f5a8c2b11"
    assert first == f"Act, try 1, 0.000 s: HTTP 200, RetCode 150, request {uuid}"
    assert second == f"Act, try 2, 0.000 s: HTTP 200, RetCode 0, request {uuid}"
