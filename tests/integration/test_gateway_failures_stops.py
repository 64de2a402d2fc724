"""What ends all calls: an answer after which there is no hope, and a stop."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

import pytest

from reconciler.errors import HopelessError, InterruptError, NoAnswerError, ReconcilerError
from tests.integration.gateway_setup import gateway
from tests.integration.scripted_server import UUID, Reply, ScriptedServer, code, done, drop
from tests.unit.gateway_builders import FakeTime


@pytest.mark.parametrize(
    ("number", "words"),
    [(171, "the signing is wrong"), (290, "the project is not authorized"), (294, "IP address")],
)
def test_a_hopeless_code_ends_this_call_and_all_later_ones(number: int, words: str) -> None:
    with (
        ScriptedServer(code(number, "no")) as server,
        gateway(server.url) as client,
    ):
        with pytest.raises(HopelessError, match=words) as first:
            client.call("Act", {}, idempotent=True)
        with pytest.raises(HopelessError) as second:
            client.call("Other", {}, idempotent=True)
        assert len(server.requests) == 1
    assert (second.value.summary, second.value.advice) == (first.value.summary, first.value.advice)
    assert (first.value.accepted, second.value.accepted) == (False, False)
    assert first.value.request_uuid == UUID


def test_a_hopeless_code_is_no_concern_of_another_project() -> None:
    with (
        ScriptedServer(code(292, "no such project"), done()) as server,
        gateway(server.url) as client,
    ):
        with pytest.raises(HopelessError, match="no such project") as caught:
            client.call("Act", {"ProjectId": "org-a"}, idempotent=True)
        client.call("Act", {"ProjectId": "org-b"}, idempotent=True)
        with pytest.raises(HopelessError, match="no such project"):
            client.call("Act", {"ProjectId": "org-a"}, idempotent=True)
        assert len(server.requests) == 2
    assert not caught.value.passing


@pytest.mark.parametrize(("first", "accepted"), [(drop(), None), (code(153), False)])
def test_a_hopeless_code_ends_the_calls_that_are_waiting_without_sending_again(
    first: Reply, accepted: bool | None
) -> None:
    """One call is about to try again when another learns that there is no hope."""
    time = FakeTime()
    in_pause, learnt = threading.Event(), threading.Event()

    def sleep(seconds: float) -> None:
        if threading.current_thread() is not threading.main_thread():
            in_pause.set()
            learnt.wait(10)
        time.sleep(seconds)

    with (
        ScriptedServer(first, otherwise=code(171)) as server,
        gateway(server.url, time, sleep=sleep) as client,
    ):
        waiting = _Caller(lambda: client.call("Wait", {}, idempotent=True))
        assert in_pause.wait(10)
        with pytest.raises(HopelessError):
            client.call("Learn", {}, idempotent=True)
        learnt.set()
        error = waiting.error()
        assert len(server.requests) == 2
    assert isinstance(error, HopelessError)
    assert error.accepted is accepted


class _Caller:
    """A call in a thread of its own."""

    def __init__(self, call: Callable[[], object]) -> None:
        self._error: Exception | None = None
        self._result: object = None
        self._thread = threading.Thread(target=self._run, args=(call,))
        self._thread.start()

    def _run(self, call: Callable[[], object]) -> None:
        try:
            self._result = call()
        except (HopelessError, InterruptError, NoAnswerError) as error:
            self._error = error

    def error(self) -> Exception | None:
        self._thread.join(10)
        return self._error

    def result(self) -> object:
        self._thread.join(10)
        return self._result


@pytest.mark.parametrize(
    ("first", "kind", "words"),
    [
        (code(153), InterruptError, "before Act had any effect"),
        (drop(), NoAnswerError, "then interrupted"),
    ],
    ids=["no effect", "nobody knows"],
)
def test_a_stop_ends_the_waiting_for_another_try(
    first: Reply, kind: type[ReconcilerError], words: str
) -> None:
    """What may have been accepted is told as such: an interruption would say it was not."""
    stop = threading.Event()
    time = FakeTime()

    def sleep(seconds: float) -> None:
        stop.set()
        time.sleep(seconds)

    with (
        ScriptedServer(first) as server,
        gateway(server.url, time, sleep=sleep, stop=stop) as client,
    ):
        with pytest.raises(kind, match=words) as caught:
            client.call("Act", {}, idempotent=True)
        assert len(server.requests) == 1
    assert getattr(caught.value, "accepted", None) is None


def test_nothing_is_sent_after_a_stop() -> None:
    stop = threading.Event()
    stop.set()
    with ScriptedServer() as server, gateway(server.url, stop=stop) as client:
        with pytest.raises(InterruptError, match="before Act had any effect"):
            client.call("Act", {}, idempotent=True)
        assert server.requests == []


def test_a_request_in_flight_is_finished_though_a_stop_comes() -> None:
    stop, arrived, go_on = threading.Event(), threading.Event(), threading.Event()

    def send(connection: socket.socket, closing: threading.Event) -> bool:
        arrived.set()
        go_on.wait(10)
        return done(Data=1).send(connection, closing)

    with (
        ScriptedServer(Reply(send=send)) as server,
        gateway(server.url, stop=stop) as client,
    ):
        calling = _Caller(lambda: client.call("Act", {}, idempotent=True).data["Data"])
        assert arrived.wait(10)
        stop.set()
        go_on.set()
        assert calling.result() == 1
