"""Every fault over real sockets: tried again where that helps, told clearly where it does not."""

from __future__ import annotations

import gzip
import io
import socket
import threading
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace

import pytest

from reconciler.errors import (
    DocumentChangedError,
    HopelessError,
    InterruptError,
    NoAnswerError,
    ReconcilerError,
    RejectedRequestError,
)
from reconciler.gateway.encodings import Encoding
from reconciler.gateway.retry import Patience
from reconciler.signing import sign
from tests.integration.gateway_setup import PRIVATE_KEY, gateway
from tests.integration.scripted_server import (
    UUID,
    Reply,
    ScriptedServer,
    answer,
    code,
    done,
    drip,
    drop,
    hang,
    raw,
    reset,
)
from tests.unit.gateway_builders import CountedFiles, FakeTime, document

ONE_TRY = Patience(tries=1)
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


def test_a_create_whose_document_was_under_way_when_the_line_broke_is_repeated() -> None:
    """Its signing had not been sent, so the service cannot have accepted it."""
    early = replace(reset(), early=True)
    content = bytes(range(256)) * 65536
    with ScriptedServer(early, done(SigId="SIG2")) as server, gateway(server.url) as client:
        found = client.call("CreateUSMSSignature", {"File": document(content)}, idempotent=False)
    assert found.data["SigId"] == "SIG2"
    assert len(server.requests) == 2


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


def _nobody() -> str:
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.mark.parametrize("idempotent", [True, False])
def test_a_service_that_cannot_be_reached_is_told_once_for_all_calls(idempotent: bool) -> None:
    """After all tries of one call; thousands of others do not wait as long once more."""
    time = FakeTime()
    with gateway(_nobody(), time) as client:
        with pytest.raises(HopelessError, match="connection refused, after 5 tries") as caught:
            client.call("Act", {}, idempotent=idempotent)
        waited = time.total
        with pytest.raises(HopelessError, match="connection refused"):
            client.call("Act", {}, idempotent=idempotent)
    assert time.total == waited == pytest.approx(7.5)
    assert caught.value.accepted is False
    assert caught.value.passing
    assert "UCLOUD_API_BASE_URL" in caught.value.advice


def test_a_name_nobody_knows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with (
        gateway("http://api.service.example") as client,
        pytest.raises(HopelessError, match=r"the name api\.service\.example cannot be resolved"),
    ):
        client.call("Act", {}, idempotent=True)


def test_a_service_that_answers_others_is_not_given_up() -> None:
    """One call finds nobody; meanwhile another was answered, so it fails alone."""
    time = FakeTime()
    with ScriptedServer() as server, gateway(server.url, time) as client:
        client.call("Act", {}, idempotent=True)
    time.sleep(-1)  # as if that answer had come while the next call was under way
    with pytest.raises(NoAnswerError, match="connection refused, after 5 tries"):
        client.call("Act", {}, idempotent=True)


@pytest.mark.parametrize(
    ("answered", "words"),
    [
        (raw(b"HTTP/1.1 403 Forbidden\r\n\r\n"), r"the proxy: it refused .* \(HTTP 403\)$"),
        (raw(b"HTTP/1.1 502 Bad Gateway\r\n\r\n"), r"the proxy: .* \(HTTP 502\), after 5 tries"),
        (drop(), "the connection to api.service.example broke"),
    ],
)
def test_a_proxy_that_refuses_is_told(
    answered: Reply, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScriptedServer(otherwise=answered) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with (
            gateway("https://api.service.example") as client,
            pytest.raises(HopelessError, match=words) as caught,
        ):
            client.call("Act", {}, idempotent=True)
    assert proxy.requests[0].line == "CONNECT api.service.example:443 HTTP/1.0"
    assert caught.value.accepted is False
    assert "HTTPS_PROXY" in caught.value.advice
