"""A request whose document does not go out as a whole has no effect of its own."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest

from reconciler.errors import DocumentChangedError, NoAnswerError
from reconciler.gateway.encodings import Encoding
from tests.integration.gateway_setup import ONE_TRY, gateway
from tests.integration.scripted_server import Reply, ScriptedServer, answer, done, drop, reset
from tests.unit.gateway_builders import document


def test_a_create_whose_document_was_under_way_when_the_line_broke_is_repeated() -> None:
    """Its signing had not been sent, so the service cannot have accepted it."""
    early = replace(reset(), early=True)
    content = bytes(range(256)) * 65536
    with ScriptedServer(early, done(SigId="SIG2")) as server, gateway(server.url) as client:
        found = client.call("CreateUSMSSignature", {"File": document(content)}, idempotent=False)
    assert found.data["SigId"] == "SIG2"
    assert len(server.requests) == 2


@pytest.mark.parametrize("early", [answer(b"too large", status=413, early=True), drop()])
def test_a_service_that_does_not_want_the_whole_request(early: Reply) -> None:
    """It hangs up in the middle of a document; what it said, if anything, is told."""
    content = bytes(range(256)) * 65536
    early = replace(early, early=True)
    with (
        ScriptedServer(early) as server,
        gateway(server.url, patience=ONE_TRY) as client,
        pytest.raises(NoAnswerError) as caught,
    ):
        client.call("Act", {"File": document(content)}, idempotent=True)
    assert caught.value.accepted is False


def test_success_before_the_whole_request_was_sent_is_no_success() -> None:
    content = bytes(range(256)) * 65536
    early = answer({"RetCode": 0}, early=True)
    with (
        ScriptedServer(early) as server,
        gateway(server.url, patience=ONE_TRY) as client,
        pytest.raises(NoAnswerError) as caught,
    ):
        client.call("Act", {"File": document(content)}, idempotent=True)
    assert caught.value.accepted is False


@pytest.mark.parametrize("encoding", list(Encoding))
def test_a_changed_document_is_abandoned_unsigned_and_not_tried_again(encoding: Encoding) -> None:
    planned = bytes(range(256)) * 4096
    changed = planned[:-1] + b"!"
    # The form encoding reads twice; the change comes between the two.
    reads = iter([planned, changed] if encoding is Encoding.FORM else [changed])
    file = replace(document(planned), open=lambda: io.BytesIO(next(reads)))
    with ScriptedServer() as server, gateway(server.url, encoding=encoding) as client:
        with pytest.raises(DocumentChangedError) as caught:
            client.call("Act", {"File": file}, idempotent=True)
        client.call("Act", {}, idempotent=True)
    abandoned, later = sorted(server.requests, key=lambda each: each.connection)
    assert abandoned.connection < later.connection
    assert not abandoned.complete
    assert b"Signature" not in abandoned.body
    assert later.complete
    assert caught.value.accepted is False


def test_a_changed_document_does_not_hide_what_an_earlier_try_may_have_done() -> None:
    planned = b"planned"
    reads = iter([planned, b"changed"])
    file = replace(document(planned), open=lambda: io.BytesIO(next(reads)))
    with (
        ScriptedServer(drop()) as server,
        gateway(server.url) as client,
        pytest.raises(DocumentChangedError) as caught,
    ):
        client.call("Act", {"File": file}, idempotent=True)
    assert caught.value.accepted is None
