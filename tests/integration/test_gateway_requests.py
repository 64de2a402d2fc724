"""What goes over the wire when all is well."""

from __future__ import annotations

import logging
import threading
import tracemalloc
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from reconciler import __version__
from reconciler.errors import UsageError
from reconciler.gateway.encodings import Encoding
from reconciler.gateway.parameters import FileParameter
from reconciler.signing import sign
from tests.integration.gateway_setup import CREDENTIALS, PRIVATE_KEY, gateway
from tests.integration.scripted_server import UUID, Received, Reply, ScriptedServer, answer, done
from tests.unit.gateway_builders import FakeTime, document


def test_a_call_posts_one_signed_json_object() -> None:
    with ScriptedServer(done(Data={"SigId": "SIG1"})) as server, gateway(server.url) as client:
        found = client.call(
            "QueryUSMSSignature", {"SigContent": "优刻得科技", "SigType": 0}, idempotent=True
        )
    (received,) = server.requests
    assert received.line == "POST / HTTP/1.1"
    assert received.headers["content-type"] == "application/json"
    assert received.headers["user-agent"] == f"reconciler/{__version__}"
    assert "transfer-encoding" not in received.headers
    sent = received.parameters
    assert sent.pop("Signature") == sign(sent, PRIVATE_KEY)
    assert sent == {
        "Action": "QueryUSMSSignature",
        "PublicKey": CREDENTIALS.public_key,
        "SigContent": "优刻得科技",
        "SigType": 0,
    }
    assert found.data["Data"] == {"SigId": "SIG1"}
    assert found.request_uuid == UUID


def test_encoding_form_posts_the_same_as_the_sdks_do() -> None:
    file = document(bytes(range(256)))
    with (
        ScriptedServer() as server,
        gateway(server.url, encoding=Encoding.FORM) as client,
    ):
        client.call("Act", {"SigContent": "优 刻", "SigType": 0, "File": file}, idempotent=True)
    (received,) = server.requests
    assert received.headers["content-type"] == "application/x-www-form-urlencoded"
    sent = {name: value for name, (value,) in parse_qs(received.body.decode()).items()}
    assert sent.pop("Signature") == sign(sent, PRIVATE_KEY)
    assert (sent["SigContent"], sent["SigType"]) == ("优 刻", "0")
    assert sent["File"].startswith("image/png;base64,AAEC")


def test_temporary_credentials_add_their_token() -> None:
    credentials = replace(CREDENTIALS, security_token="sts-token")
    with ScriptedServer() as server, gateway(server.url, credentials=credentials) as client:
        client.call("Act", {}, idempotent=True)
    assert server.requests[0].parameters["SecurityToken"] == "sts-token"


def test_one_connection_serves_many_calls() -> None:
    with ScriptedServer() as server, gateway(server.url) as client:
        for _ in range(20):
            client.call("Act", {}, idempotent=True)
    assert server.connections == 1


def test_no_more_connections_than_threads_and_none_thrown_away(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with ScriptedServer() as server, gateway(server.url, parallelism=8) as client:

        def calls() -> None:
            for _ in range(25):
                client.call("Act", {}, idempotent=True)

        threads = [threading.Thread(target=calls) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(server.requests) == 200
    assert server.connections <= 8
    assert not [each for each in caplog.records if each.levelno >= logging.WARNING]


def _on_disk(path: Path, content: bytes) -> FileParameter:
    path.write_bytes(content)
    return replace(document(content), open=lambda: path.open("rb"))


@pytest.mark.parametrize("encoding", list(Encoding))
def test_documents_are_streamed_with_their_length_known_and_memory_flat(
    encoding: Encoding, tmp_path: Path
) -> None:
    """Two documents of 8 MiB go out in less than 3 MiB."""
    files = [_on_disk(tmp_path / f"{number}.png", bytes([number]) * 2**23) for number in range(2)]
    with (
        ScriptedServer(keep_bodies=False) as server,
        gateway(server.url, encoding=encoding) as client,
    ):
        client.call("Warm", {}, idempotent=True)
        tracemalloc.start()
        try:
            client.call("Act", {"File": files[0], "ProxyFile": files[1]}, idempotent=True)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
    received = server.requests[1]
    assert received.complete
    assert received.length > 2 * 8 * 1024 * 1024 * 4 // 3
    assert "transfer-encoding" not in received.headers
    assert peak < 3 * 1024 * 1024


def test_cookies_of_the_service_are_not_sent_back() -> None:
    with (
        ScriptedServer(answer({"RetCode": 0}, Set_Cookie="id=1; Path=/")) as server,
        gateway(server.url) as client,
    ):
        client.call("Act", {}, idempotent=True)
        client.call("Act", {}, idempotent=True)
    assert "cookie" not in server.requests[1].headers


def test_a_password_file_for_the_host_is_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\n")
    monkeypatch.setenv("NETRC", str(netrc))
    with ScriptedServer() as server, gateway(server.url) as client:
        client.call("Act", {}, idempotent=True)
    assert "authorization" not in server.requests[0].headers


def test_a_proxy_from_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedServer() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        with gateway("http://api.service.example/") as client:
            client.call("Act", {}, idempotent=True)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        with ScriptedServer() as server, gateway(server.url) as client:
            client.call("Act", {}, idempotent=True)
    assert [each.line for each in proxy.requests] == ["POST http://api.service.example/ HTTP/1.1"]
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    "endpoint",
    [
        "api.ucloud.cn",
        "ftp://api.ucloud.cn",
        "https://",
        "https://user:hunter2@api.ucloud.cn",
        "https://api.ucloud.cn/?Action=x",
        "https://api.ucloud.cn:port",
        "https://[::1",
        "",
    ],
)
def test_an_endpoint_that_cannot_be_one_is_wrong_usage(endpoint: str) -> None:
    with pytest.raises(UsageError, match="is no address of a service") as caught:
        gateway(endpoint)
    assert "hunter2" not in caught.value.summary


def test_calls_are_spaced_by_the_cap() -> None:
    time = FakeTime()
    with ScriptedServer() as server, gateway(server.url, time, requests_per_second=2.0) as client:
        for _ in range(5):
            client.call("Act", {}, idempotent=True)
    assert time.total == pytest.approx(2.0)


def test_the_answer_of_one_thread_never_goes_to_another() -> None:
    def echo(received: Received) -> Reply:
        return done(Data=received.parameters["SigId"])

    with ScriptedServer(choose=echo) as server, gateway(server.url) as client:
        found: dict[str, object] = {}

        def ask(name: str) -> None:
            for number in range(20):
                asked = f"{name}-{number}"
                found[asked] = client.call("Act", {"SigId": asked}, idempotent=True).data["Data"]

        threads = [threading.Thread(target=ask, args=(str(each),)) for each in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == 160
    assert all(asked == data for asked, data in found.items())


@pytest.mark.parametrize("proxied", [False, True])
def test_closing_ends_every_connection(proxied: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedServer() as server:
        if proxied:
            monkeypatch.setenv("HTTP_PROXY", server.url)
        client = gateway("http://usms.example" if proxied else server.url, parallelism=4)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(lambda _: client.call("Act", {}, idempotent=True), range(20)))
        assert server.open > 0
        client.close()
        assert server.waits_until_open(0)
