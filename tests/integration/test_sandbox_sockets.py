"""The sandbox over real sockets: connections, sizes, crowds, faults, and a clean end."""

from __future__ import annotations

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from reconciler.errors import ReconcilerError, UsageError
from reconciler.model import ReviewStatus
from reconciler.sandbox import delivery
from reconciler.sandbox.codes import BODY_BYTES, DOCUMENT_BYTES
from reconciler.sandbox.listener import Listener
from reconciler.sandbox.seed import DEFAULT_ACCOUNT, Seed, SeedSignature
from reconciler.sandbox.server import Sandbox, running
from reconciler.sandbox.service import Service
from reconciler.signing import canonical
from tests.unit.sandbox_calls import SEED, UPDATE, FakeClock, encoded, file, signed

QUERY = {"SigId": "SIG1"}


def post(
    to: Sandbox, action: str, parameters: dict[str, Any], session: requests.Session | None = None
) -> requests.Response:
    whole = signed(action, parameters)
    if session is not None:
        return session.post(to.url, json=whole, timeout=20)
    return requests.post(to.url, json=whole, timeout=20)


def query(to: Sandbox, session: requests.Session | None = None) -> requests.Response:
    return post(to, "QueryUSMSSignature", QUERY, session)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(seed=SEED, drip=0.001) as served:
        yield served


def test_answers_are_json_named_by_a_uuid(sandbox: Sandbox) -> None:
    answer = query(sandbox)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    assert answer.json()["Data"]["SigContent"] == "一号店铺"
    assert "一号店铺".encode() in answer.content
    assert answer.headers["X-UCLOUD-REQUEST-UUID"] == sandbox.log()[0].uuid


def test_json_form_and_get_are_all_understood(sandbox: Sandbox) -> None:
    whole = signed("QueryUSMSSignature", {"SigContent": "一号店铺", "Limit": 10})
    form = {name: canonical(value) for name, value in whole.items()}
    answers = [
        requests.post(sandbox.url, json=whole, timeout=20),
        requests.post(sandbox.url, data=form, timeout=20),
        requests.get(sandbox.url, params=form, timeout=20),
    ]
    assert [answer.json()["Data"]["SigId"] for answer in answers] == ["SIG1"] * 3
    assert [entry.encoding for entry in sandbox.log()] == ["json", "form", "query"]


def test_a_connection_is_kept_for_the_next_request(sandbox: Sandbox) -> None:
    with requests.Session() as session:
        for _ in range(3):
            query(sandbox, session)
    query(sandbox)
    assert [entry.connection for entry in sandbox.log()] == [1, 1, 1, 2]


@pytest.mark.parametrize("as_form", [True, False])
def test_two_documents_of_full_size_fit(sandbox: Sandbox, as_form: bool) -> None:
    largest = file(bytes(range(256)) * (DOCUMENT_BYTES // 256))
    whole = signed("UpdateUSMSSignature", {**UPDATE, "File": largest, "ProxyFile": largest})
    body = encoded(whole, "form" if as_form else "json")
    answer = requests.post(sandbox.url, data=body.body, headers=dict(body.head.headers), timeout=60)
    assert answer.json()["RetCode"] == 0
    assert [document.size for document in sandbox.log()[0].documents] == [DOCUMENT_BYTES] * 2


def test_a_body_beyond_the_limit_is_413(sandbox: Sandbox) -> None:
    answer = requests.post(sandbox.url, data=b" " * (BODY_BYTES + 1), timeout=60)
    assert answer.status_code == 413
    assert sandbox.log() == ()


def test_two_hundred_requests_are_served_at_once() -> None:
    clients = 200
    meeting = threading.Barrier(clients)
    many = Seed(
        signatures=tuple(
            SeedSignature(id=f"SIG{number}", content=f"店铺{number}") for number in range(10_000)
        )
    )

    def ask(url: str, number: int) -> str:
        whole = signed("QueryUSMSSignature", {"SigId": f"SIG{number}"})
        connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=60)
        connection.connect()
        meeting.wait(60)
        body = json.dumps(whole)
        connection.request("POST", "/", body, {"Content-Type": "application/json"})
        answer = json.loads(connection.getresponse().read())
        connection.close()
        return str(answer["Data"]["SigContent"])

    with running(seed=many, latency=0.05) as sandbox, ThreadPoolExecutor(clients) as pool:
        contents = list(pool.map(ask, [sandbox.url] * clients, range(clients)))
        connections = {entry.connection for entry in sandbox.log()}
    assert contents == [f"店铺{number}" for number in range(clients)]
    assert len(connections) == clients


def raw(to: Sandbox, request: bytes) -> bytes:
    port = int(to.url.rsplit(":", 1)[1])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
        return answer


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"nonsense", 400),
        (b"PUT / HTTP/1.1", 405),
        (b"GET /favicon.ico HTTP/1.1", 404),
        (b"GET /_sandbox/nothing HTTP/1.1", 404),
    ],
)
def test_what_is_not_the_api_is_answered_by_status(
    sandbox: Sandbox, request_line: bytes, status: int
) -> None:
    answer = raw(sandbox, request_line + b"\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert sandbox.log() == ()


def test_a_client_may_wait_for_100_continue(sandbox: Sandbox) -> None:
    answer = raw(
        sandbox,
        b"POST / HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
        b"Expect: 100-continue\r\n\r\n{}",
    )
    first, _, rest = answer.partition(b"\r\n\r\n")
    assert first == b"HTTP/1.1 100 Continue"
    assert b'"RetCode":160' in rest


def test_a_client_that_waits_is_told_413_without_sending(sandbox: Sandbox) -> None:
    length = str(BODY_BYTES + 1).encode()
    head = b"POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: " + length + b"\r\n\r\n"
    assert raw(sandbox, head).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "request_start",
    [
        b"POST / HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc",
        b"POST /_sandbox/fault HTTP/1.1\r\nContent-Length: 9\r\n\r\nabc",
    ],
)
def test_a_client_that_leaves_in_the_middle_leaves_no_trace(
    sandbox: Sandbox, request_start: bytes
) -> None:
    assert raw(sandbox, request_start) == b""
    assert sandbox.log() == ()


def test_a_too_large_body_that_breaks_off_is_answered_all_the_same(sandbox: Sandbox) -> None:
    length = str(BODY_BYTES + 1).encode()
    head = b"POST / HTTP/1.1\r\nContent-Length: " + length + b"\r\n\r\nabc"
    assert raw(sandbox, head).startswith(b"HTTP/1.1 413 ")


class TestFaults:
    def ask(self, sandbox: Sandbox, fault: str, **options: Any) -> requests.Response:
        sandbox.add_fault(fault)
        return requests.post(
            sandbox.url, json=signed("UpdateUSMSSignature", UPDATE), timeout=20, **options
        )

    def status(self, sandbox: Sandbox) -> ReviewStatus:
        signature = sandbox.signature("SIG1")
        assert signature is not None
        return signature.status

    @pytest.mark.parametrize(
        ("kind", "status"),
        [("drop-before", ReviewStatus.REJECTED), ("drop-after", ReviewStatus.PENDING)],
    )
    def test_a_dropped_connection_has_no_answer(
        self, sandbox: Sandbox, kind: str, status: ReviewStatus
    ) -> None:
        with pytest.raises(requests.ConnectionError):
            self.ask(sandbox, f"*:{kind}")
        assert self.status(sandbox) is status

    @pytest.mark.parametrize(
        ("kind", "status"),
        [("hang", ReviewStatus.REJECTED), ("hang-after", ReviewStatus.PENDING)],
    )
    def test_a_hanging_request_has_no_answer_either(
        self, sandbox: Sandbox, kind: str, status: ReviewStatus
    ) -> None:
        sandbox.add_fault(f"*:{kind}")
        with pytest.raises(requests.ReadTimeout):
            requests.post(
                sandbox.url, json=signed("UpdateUSMSSignature", UPDATE), timeout=(20, 0.2)
            )
        assert self.status(sandbox) is status
        assert query(sandbox).json()["RetCode"] == 0

    def test_a_hanging_request_swallows_whatever_follows_it(self, sandbox: Sandbox) -> None:
        sandbox.add_fault("*:hang")
        port = int(sandbox.url.rsplit(":", 1)[1])
        with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
            while not sandbox.log():
                threading.Event().wait(0.01)
            connection.sendall(b"GET / HTTP/1.1\r\n\r\n")
            connection.shutdown(socket.SHUT_WR)
            assert connection.recv(1) == b""
        assert len(sandbox.log()) == 1

    def test_a_cut_answer_is_shorter_than_it_says(self, sandbox: Sandbox) -> None:
        with pytest.raises(requests.exceptions.ChunkedEncodingError, match="IncompleteRead"):
            self.ask(sandbox, "*:cut")
        assert self.status(sandbox) is ReviewStatus.PENDING

    def test_a_huge_answer_is_good_json_for_a_reader_without_limits(
        self, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(delivery, "HUGE_BYTES", 1024 * 1024)
        answer = self.ask(sandbox, "*:huge")
        assert len(answer.content) > 1024 * 1024
        assert answer.json()["RetCode"] == 0

    def test_a_reader_with_limits_may_leave_a_huge_answer(self, sandbox: Sandbox) -> None:
        with self.ask(sandbox, "*:huge", stream=True) as answer:
            assert int(answer.headers["Content-Length"]) > delivery.HUGE_BYTES
        assert query(sandbox).json()["RetCode"] == 0

    def test_a_slow_answer_arrives_whole(self, sandbox: Sandbox) -> None:
        assert self.ask(sandbox, "*:slow").json()["RetCode"] == 0

    def test_garbage_and_html_leave_the_connection_usable(self, sandbox: Sandbox) -> None:
        for fault in ("*:garbage", "*:http502", "*:throttle"):
            sandbox.add_fault(fault)
        with requests.Session() as session:
            answers = [query(sandbox, session) for _ in range(4)]
        assert [answer.status_code for answer in answers] == [200, 502, 200, 200]
        assert [entry.connection for entry in sandbox.log()] == [1] * 4

    def test_a_redirect_that_is_followed_shows_in_the_log(self, sandbox: Sandbox) -> None:
        answer = self.ask(sandbox, "*:redirect")
        assert answer.json()["RetCode"] == 160
        assert [(entry.fault, entry.encoding) for entry in sandbox.log()] == [
            ("redirect", "json"),
            (None, "query"),
        ]

    def test_cleared_faults_do_not_happen(self, sandbox: Sandbox) -> None:
        sandbox.add_fault("*:http500:always")
        assert query(sandbox).status_code == 500
        sandbox.clear_faults()
        assert query(sandbox).status_code == 200


def test_the_control_endpoints_are_served(sandbox: Sandbox) -> None:
    wish = {"id": "SIG2", "status": "rejected", "reason": "模糊"}
    assert requests.post(f"{sandbox.url}/_sandbox/review", json=wish, timeout=20).ok
    log = requests.get(f"{sandbox.url}/_sandbox/log", timeout=20).json()
    assert log == {"requests": []}
    signature = sandbox.signature("SIG2")
    assert signature is not None
    assert signature.rejection == "模糊"


def test_the_python_side_sees_and_does_the_same() -> None:
    clock = FakeClock()
    with running(seed=SEED, review_after=10, faults=["*:throttle"], clock=clock) as sandbox:
        assert query(sandbox).json()["RetCode"] == 153
        assert query(sandbox).json()["Data"]["Status"] == 3
        clock.now += 10
        post(sandbox, "UpdateUSMSSignature", dict(UPDATE))
        sandbox.review("SIG1", ReviewStatus.DISABLED)
        assert query(sandbox).json()["Data"]["Status"] == 4
        assert [entry.at for entry in sandbox.log()] == [0, 0, 10, 10]
        assert sandbox.signature("SIG9") is None
        assert len(sandbox.signatures()) == 6


def test_the_environment_is_the_first_account_and_its_project() -> None:
    with running() as sandbox:
        assert sandbox.account is sandbox.seed.accounts[0]
        assert sandbox.environment() == {
            "UCLOUD_PUBLIC_KEY": DEFAULT_ACCOUNT.public_key,
            "UCLOUD_PRIVATE_KEY": DEFAULT_ACCOUNT.private_key,
            "UCLOUD_PROJECT_ID": "org-sandbox",
            "UCLOUD_API_BASE_URL": sandbox.url,
        }
        assert sandbox.url.startswith("http://127.0.0.1:")


def test_stopping_ends_every_connection_and_every_waiting() -> None:
    before = threading.active_count()
    failures: list[requests.RequestException] = []

    def ask(of: Sandbox) -> None:
        try:
            query(of)
        except requests.RequestException as error:
            failures.append(error)

    with running(seed=SEED, faults=["*:hang", "*:slow"], drip=60) as sandbox:
        waiting = [threading.Thread(target=ask, args=(sandbox,)) for _ in range(2)]
        idle = socket.create_connection(("127.0.0.1", int(sandbox.url.rsplit(":", 1)[1])))
        for thread in waiting:
            thread.start()
        while len(sandbox.log()) < len(waiting):
            threading.Event().wait(0.01)
    for thread in waiting:
        thread.join(20)
    assert idle.recv(1) == b""
    idle.close()
    assert threading.active_count() == before
    assert len(failures) == 2
    with pytest.raises(requests.ConnectionError):
        query(sandbox)


def test_a_bug_of_the_sandbox_reaches_whoever_runs_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(self: Service, request: object) -> None:
        raise LookupError("a bug")

    monkeypatch.setattr(Service, "handle", broken)
    with (
        pytest.raises(LookupError, match="a bug"),
        running(seed=SEED) as sandbox,
        pytest.raises(requests.ConnectionError),
    ):
        query(sandbox)
    assert "LookupError" in capsys.readouterr().err


def test_a_port_that_is_taken_is_said() -> None:
    with running() as first:
        port = int(first.url.rsplit(":", 1)[1])
        with pytest.raises(ReconcilerError, match=f"127.0.0.1:{port}"), running(port=port):
            pass


@pytest.mark.parametrize(
    ("options", "hint"),
    [
        ({"port": -1}, "--port"),
        ({"port": 65536}, "--port"),
        ({"latency": -0.1}, "--latency"),
        ({"latency": float("nan")}, "--latency"),
        ({"review_after": -1.0}, "--review-after"),
        ({"faults": ["*:explode"]}, "explode"),
    ],
)
def test_settings_that_make_no_sense_are_refused(options: dict[str, Any], hint: str) -> None:
    with pytest.raises(UsageError, match=hint), running(**options):
        pass


def test_it_listens_on_loopback_alone() -> None:
    with running() as sandbox:
        assert sandbox.url.startswith("http://127.0.0.1:")
    assert Listener.request_queue_size >= 200
