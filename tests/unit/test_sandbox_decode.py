"""What the sandbox can read off the wire, and what it refuses as unreadable (18000)."""

from __future__ import annotations

import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.sandbox.codes import BODY_BYTES
from reconciler.sandbox.decode import decode
from reconciler.sandbox.wire import (
    BadRequestError,
    Head,
    Reply,
    encode_head,
    read_body,
    read_head,
    whole,
)
from reconciler.signing import Scalar, canonical
from tests.unit.sandbox_calls import encoded, request, service

FORM = "application/x-www-form-urlencoded"
texts = st.text(st.characters(exclude_categories=["Cs"]))
scalars = st.one_of(
    texts,
    st.integers(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
)


@given(st.dictionaries(texts, scalars))
def test_json_comes_out_as_it_went_in(values: dict[str, Scalar]) -> None:
    assert decode(encoded(values)).values == values


@given(st.dictionaries(texts, scalars), st.sampled_from(["form", "query"]))
def test_a_form_comes_out_as_strings(values: dict[str, Scalar], encoding: str) -> None:
    assert decode(encoded(values, encoding)).values == {
        name: canonical(value) for name, value in values.items()
    }


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"text"',
        b"null",
        b"{}{}",
        b'{"a": null}',
        b'{"a": ["x"]}',
        b'{"a": {"b": 1}}',
        b'{"a": 1, "a": 1}',
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": "\xff"}',
        b'{"a": "\\ud800"}',
        b'{"\\ud800": 1}',
        b'\xef\xbb\xbf{"a": 1}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"a":' + b"[" * 100_000,
    ],
    ids=range(18),
)
def test_json_that_cannot_be_signed_in_one_way_is_unreadable(body: bytes) -> None:
    parameters = decode(request(body))
    assert parameters.values == {}
    assert parameters.unreadable
    answer = json.loads(service().handle(request(body)).reply.body)
    assert (answer["RetCode"], answer["Message"]) == (18000, parameters.unreadable)


@pytest.mark.parametrize(
    "body",
    [
        b"Action",
        b"Action=x&Action=x",
        b"a=%FF",
        b"a=\xff",
        b"=&" * 2001,
        b"&".join([b"a=1"] * 2001),
    ],
    ids=range(6),
)
def test_a_form_that_cannot_be_signed_in_one_way_is_unreadable(body: bytes) -> None:
    parameters = decode(request(body, content_type=FORM))
    assert parameters.values == {}
    assert parameters.unreadable


def test_an_empty_form_has_no_parameters() -> None:
    parameters = decode(request(content_type=FORM))
    assert (parameters.values, parameters.unreadable) == ({}, None)


@pytest.mark.parametrize("content_type", ["", "text/plain", "multipart/form-data; boundary=x"])
def test_other_content_types_are_unreadable(content_type: str) -> None:
    parameters = decode(request(b"{}", content_type=content_type))
    assert "application/json" in str(parameters.unreadable)


def head(text: str) -> Head | None:
    return read_head(io.BytesIO(text.encode()))


def test_a_head_is_read_up_to_the_body() -> None:
    stream = io.BytesIO(
        b"POST /path?a=1&b HTTP/1.1\r\nHost: x\r\nCONTENT-length: 3\r\nX:  y z \r\n\r\nabcdef"
    )
    found = read_head(stream)
    assert found == Head(
        method="POST",
        path="/path",
        query="a=1&b",
        headers={"host": "x", "content-length": "3", "x": "y z"},
        length=3,
        keep_alive=True,
    )
    assert read_body(stream, found) == b"abc"
    assert stream.read() == b"def"


def test_no_bytes_are_the_end_of_the_connection() -> None:
    assert head("") is None


def test_a_body_that_breaks_off_is_none() -> None:
    stream = io.BytesIO(b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc")
    found = read_head(stream)
    assert found is not None
    assert read_body(stream, found) is None


@pytest.mark.parametrize(
    ("version", "connection", "keep"),
    [
        ("1.1", "", True),
        ("1.1", "Connection: Close\r\n", False),
        ("1.0", "", False),
        ("1.0", "Connection: Keep-Alive\r\n", True),
    ],
)
def test_connections_are_kept_as_http_has_it(version: str, connection: str, keep: bool) -> None:
    found = head(f"GET / HTTP/{version}\r\n{connection}\r\n")
    assert found is not None
    assert found.keep_alive is keep


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("nonsense\r\n\r\n", 400),
        ("GET / HTTP/2\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nno colon\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nHost: x\r\n", 400),
        ("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nContent-Length: ٣\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", 411),
        (f"POST / HTTP/1.1\r\nContent-Length: {BODY_BYTES + 1}\r\n\r\n", 413),
        (f"POST / HTTP/1.1\r\nContent-Length: {'9' * 5000}\r\n\r\n", 413),
        ("GET / HTTP/1.1\r\n" + "a: b\r\n" * 101 + "\r\n", 431),
    ],
    ids=range(10),
)
def test_what_is_not_http_is_answered_by_status(text: str, status: int) -> None:
    with pytest.raises(BadRequestError) as caught:
        head(text)
    assert caught.value.status == status


def test_a_reply_is_written_with_length_and_uuid() -> None:
    reply = Reply(status=302, body=b"abc", uuid="u-1", location="/")
    dated = whole(reply, keep_alive=True)
    assert re.sub(rb"Date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n", b"", dated) == (
        b"HTTP/1.1 302 Found\r\nContent-Type: application/json\r\nContent-Length: 3\r\n"
        b"Connection: keep-alive\r\nX-UCLOUD-REQUEST-UUID: u-1\r\nLocation: /\r\n\r\nabc"
    )
    head_alone = encode_head(Reply(), keep_alive=False, length=9)
    assert b"Content-Length: 9\r\n" in head_alone
    assert head_alone.endswith(b"Connection: close\r\n\r\n")
