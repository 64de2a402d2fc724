"""Answers that are slow, huge, cut off or lead elsewhere are bounded, and told clearly."""

from __future__ import annotations

import gzip

import pytest

from reconciler.errors import NoAnswerError
from tests.integration.gateway_setup import ONE_TRY, gateway
from tests.integration.scripted_server import Reply, ScriptedServer, answer, drip, hang, raw

SLOW: dict[str, Reply] = {
    "silence": hang(),
    "headers byte by byte": drip(b"HTTP/1.1 200 OK\r\nX-Long: "),
    "body byte by byte": drip(b'HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n{"RetCode'),
    "chunks without end": drip(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFFFF\r\n"),
}


@pytest.mark.parametrize("name", SLOW)
def test_an_answer_is_bounded_in_time_as_a_whole(name: str) -> None:
    with (
        ScriptedServer(SLOW[name]) as server,
        gateway(server.url, timeout=0.2, patience=ONE_TRY) as client,
    ):
        with pytest.raises(
            NoAnswerError, match=r"no complete answer from .* within 0\.2 s"
        ) as caught:
            client.call("Act", {}, idempotent=True)
        client.call("Act", {}, idempotent=True)
    assert caught.value.accepted is None


def test_an_answer_is_bounded_in_size() -> None:
    huge = b'{"RetCode": 0, "Data": "' + b"-x" * 1024 * 1024 + b'"}'
    with ScriptedServer(answer(huge)) as server, gateway(server.url) as client:
        with pytest.raises(NoAnswerError, match="is longer than 1048576 bytes") as caught:
            client.call("Act", {}, idempotent=True)
        client.call("Act", {}, idempotent=True)
    assert len(caught.value.summary) < 500


def test_a_compressed_answer_that_nobody_asked_for_is_not_decompressed() -> None:
    """A few bytes could become gigabytes."""
    squeezed = answer(gzip.compress(b'{"RetCode": 0}'), Content_Encoding="gzip")
    with (
        ScriptedServer(squeezed) as server,
        gateway(server.url) as client,
        pytest.raises(NoAnswerError, match="is not JSON"),
    ):
        client.call("Act", {}, idempotent=True)
    assert server.requests[0].headers["accept-encoding"] == "identity"


def test_an_answer_that_is_cut_off_is_shown_as_far_as_it_came() -> None:
    cut = raw(
        b"HTTP/1.1 200 OK\r\nX-UCLOUD-REQUEST-UUID: uuid-1\r\nContent-Length: 99\r\n\r\n"
        b'{"RetCode": 0, "Mess'
    )
    with (
        ScriptedServer(cut) as server,
        gateway(server.url, patience=ONE_TRY) as client,
        pytest.raises(NoAnswerError, match="broke before a whole answer") as caught,
    ):
        client.call("Act", {}, idempotent=True)
    assert '(HTTP 200, request uuid-1; what came: “{"RetCode": 0, "Mess”)' in caught.value.summary


def test_a_redirect_is_an_error_and_nothing_is_sent_elsewhere() -> None:
    with ScriptedServer() as elsewhere:
        moved = answer(b"x" * 5_000_000, status=307, Location=elsewhere.url)
        with (
            ScriptedServer(moved) as server,
            gateway(server.url) as client,
            pytest.raises(NoAnswerError, match=f"HTTP 307, a redirect to {elsewhere.url}"),
        ):
            client.call("Act", {}, idempotent=True)
        assert elsewhere.requests == []
