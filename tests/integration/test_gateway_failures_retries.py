"""What is worth another try gets one, over real sockets: where that is safe, and not too soon."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace

import pytest

from reconciler.errors import NoAnswerError, RejectedRequestError
from reconciler.signing import sign
from tests.integration.gateway_setup import PRIVATE_KEY, gateway
from tests.integration.scripted_server import (
    UUID,
    Reply,
    ScriptedServer,
    answer,
    code,
    done,
    drop,
    raw,
    reset,
)
from tests.unit.gateway_builders import CountedFiles, FakeTime, document

WORTH_ANOTHER_TRY: dict[str, Reply] = {
    **{f"RetCode {each}": code(each) for each in (110, 130, 150, 151, 153, 200, 18004, 18007)},
    **{f"HTTP {each}": answer(b"<html>", status=each) for each in (429, 500, 502, 503, 504)},
    "dropped": drop(),
    "reset": reset(),
    "cut off": raw(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"RetCode": 0'),
    "no HTTP": raw(b"hello\r\n\r\n"),
}


@pytest.mark.parametrize("name", WORTH_ANOTHER_TRY)
def test_what_is_worth_another_try_gets_one(name: str) -> None:
    time = FakeTime()
    with (
        ScriptedServer(WORTH_ANOTHER_TRY[name], done(Data="here")) as server,
        gateway(server.url, time) as client,
    ):
        found = client.call("Act", {"SigId": "SIG1"}, idempotent=True)
    assert found.data["Data"] == "here"
    assert len(server.requests) == 2
    assert server.requests[0].body == server.requests[1].body
    assert time.total == pytest.approx(0.5)


@pytest.mark.parametrize(
    "reply",
    [answer(b"garbage"), answer(b"[]"), answer({"RetCode": "0"}), answer(b"", status=404)],
)
def test_what_is_not_worth_another_try_gets_none(reply: Reply) -> None:
    with ScriptedServer(reply) as server, gateway(server.url) as client:
        with pytest.raises(NoAnswerError, match=UUID) as caught:
            client.call("Act", {}, idempotent=True)
        assert len(server.requests) == 1
    assert caught.value.request_uuid == UUID


def test_every_try_is_signed_anew_and_has_the_whole_document() -> None:
    files = CountedFiles()
    content = bytes(range(256)) * 1024
    file = replace(document(content), open=files.opener(content))
    with (
        ScriptedServer(drop(), code(150), answer(b"", status=502), reset()) as server,
        gateway(server.url) as client,
    ):
        client.call("Act", {"File": file}, idempotent=True)
    assert len(server.requests) == 5
    for received in server.requests:
        sent = received.parameters
        assert sign(sent, PRIVATE_KEY) == sent["Signature"]
        assert sent["File"] == f"image/png;base64,{b64encode(content).decode()}"
    # The second try has it encoded for all further ones.
    assert (files.opened, files.most, files.open) == (2, 1, 0)


def test_tries_are_bounded_and_the_error_counts_them() -> None:
    time = FakeTime()
    with (
        ScriptedServer(otherwise=code(150, "try later")) as server,
        gateway(server.url, time) as client,
    ):
        with pytest.raises(NoAnswerError, match="after 5 tries") as caught:
            client.call("UpdateUSMSSignature", {}, idempotent=True)
        assert len(server.requests) == 5
    assert time.total == pytest.approx(0.5 + 1 + 2 + 4)
    assert caught.value.accepted is None
    for words in ("UpdateUSMSSignature", "RetCode 150", "unavailable", "“try later”", UUID):
        assert words in caught.value.summary


@pytest.mark.parametrize(
    ("name", "tried_again"),
    [(name, name in {"RetCode 153", "HTTP 429"}) for name in WORTH_ANOTHER_TRY],
)
def test_a_create_is_repeated_only_when_it_surely_had_no_effect(
    name: str, tried_again: bool
) -> None:
    with (
        ScriptedServer(WORTH_ANOTHER_TRY[name]) as server,
        gateway(server.url) as client,
    ):
        if tried_again:
            client.call("CreateUSMSSignature", {}, idempotent=False)
        else:
            with pytest.raises(NoAnswerError) as caught:
                client.call("CreateUSMSSignature", {}, idempotent=False)
            assert caught.value.accepted is None
        assert len(server.requests) == 1 + tried_again


def test_what_may_have_been_accepted_stays_in_doubt_whatever_comes_later() -> None:
    with (
        ScriptedServer(drop(), code(18003, "no")) as server,
        gateway(server.url) as client,
        pytest.raises(RejectedRequestError) as caught,
    ):
        client.call("UpdateUSMSSignature", {}, idempotent=True)
    assert caught.value.code == 18003
    assert caught.value.accepted is None


def test_a_refused_request_belongs_to_its_signature_alone() -> None:
    with ScriptedServer(code(18003, "SigType")) as server, gateway(server.url) as client:
        with pytest.raises(
            RejectedRequestError, match="a parameter is invalid: “SigType”"
        ) as found:
            client.call("Act", {}, idempotent=True)
        client.call("Act", {}, idempotent=True)
    assert found.value.accepted is False
    assert found.value.request_uuid == UUID


@pytest.mark.parametrize("reply", [code(153), answer(b"", status=429)])
def test_one_throttled_answer_slows_all_further_calls_down(reply: Reply) -> None:
    time = FakeTime()
    with (
        ScriptedServer(reply) as server,
        gateway(server.url, time) as client,
    ):
        client.call("Act", {}, idempotent=True)
        before = time.total
        for _ in range(10):
            client.call("Act", {}, idempotent=True)
    assert time.total - before == pytest.approx(10 * 0.1, rel=0.2)


@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_waited_for_within_bounds(status: int) -> None:
    time = FakeTime()
    busy = answer(b"", status=status, Retry_After="30")
    with ScriptedServer(busy) as server, gateway(server.url, time) as client:
        client.call("Act", {}, idempotent=True)
    assert time.total == pytest.approx(30)


def test_a_wish_to_be_left_alone_for_hours_is_not_waited_for() -> None:
    time = FakeTime()
    busy = answer(b"", status=429, Retry_After="7200")
    with ScriptedServer(busy) as server, gateway(server.url, time) as client:
        with pytest.raises(NoAnswerError):
            client.call("Act", {}, idempotent=True)
        client.call("Act", {}, idempotent=True)
    assert time.total == pytest.approx(60)
