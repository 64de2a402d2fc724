"""TLS is always verified, and the CA bundle is read once for all connections."""

from __future__ import annotations

import os
import ssl
import threading
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import HopelessError, UsageError
from reconciler.gateway.gateway import Gateway
from tests.integration.gateway_setup import gateway
from tests.integration.scripted_server import ScriptedServer
from tests.integration.tls_setup import Certificate, make_certificate

THREADS = 6


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Each reading of a CA bundle, by whomever."""
    seen: list[object] = []
    original = ssl.SSLContext.load_verify_locations

    def counted(context: ssl.SSLContext, *args: Any, **kwargs: Any) -> None:
        seen.append((args, kwargs))
        original(context, *args, **kwargs)

    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", counted)
    monkeypatch.setattr(ssl.SSLContext, "load_default_certs", seen.append)
    return seen


def call_from_many_threads(client: Gateway) -> None:
    """All at once, so that each needs a connection of its own."""
    together = threading.Barrier(THREADS)

    def call() -> None:
        together.wait(10)
        client.call("Act", {}, idempotent=True)

    threads = [threading.Thread(target=call) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
@pytest.mark.parametrize("kind", ["file", "directory"])
def test_the_bundle_of_the_environment_is_read_once_for_all_connections(
    variable: str,
    kind: str,
    certificate: Certificate,
    loads: list[object],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bundle = certificate.path if kind == "file" else certificate.directory
    monkeypatch.setenv(variable, str(bundle))
    with (
        ScriptedServer(tls=certificate.server_context) as server,
        gateway(server.url, parallelism=THREADS) as client,
    ):
        call_from_many_threads(client)
        call_from_many_threads(client)
    assert len(server.requests) == 2 * THREADS
    assert 1 < server.connections <= THREADS
    assert len(loads) == 1


def test_it_is_read_once_through_a_proxy_too(
    certificate: Certificate, loads: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.path))
    with ScriptedServer(tls=certificate.server_context, behind_proxy=True) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.url)
        with gateway("https://localhost:1", parallelism=THREADS) as client:
            call_from_many_threads(client)
            call_from_many_threads(client)
    lines = [received.line for received in proxy.requests]
    assert lines.count("POST / HTTP/1.1") == 2 * THREADS
    assert 1 < lines.count("CONNECT localhost:1 HTTP/1.0") <= THREADS
    assert len(loads) == 1


def test_a_proxy_that_is_reached_over_tls_shares_the_context(
    certificate: Certificate, loads: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.path))
    with ScriptedServer(tls=certificate.server_context) as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        with gateway("http://api.service.example", parallelism=THREADS) as client:
            call_from_many_threads(client)
    assert len(proxy.requests) == THREADS
    assert len(loads) == 1


def test_a_certificate_that_is_not_trusted_is_told_at_once_and_nothing_is_sent(
    certificate: Certificate,
) -> None:
    """By default certifi's bundle is what is trusted; another try would not help."""
    with (
        ScriptedServer(tls=certificate.server_context) as server,
        gateway(server.url) as client,
        pytest.raises(
            HopelessError, match=r"certificate of localhost:\d+ is not trusted \(self"
        ) as caught,
    ):
        client.call("Act", {}, idempotent=True)
    assert server.connections == 1
    assert server.requests == []
    assert caught.value.accepted is False
    assert "REQUESTS_CA_BUNDLE" in caught.value.advice


def test_a_certificate_for_another_name_is_not_accepted(
    certificate: Certificate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate.path))
    with (
        ScriptedServer(tls=certificate.server_context) as server,
        gateway(f"https://127.0.0.1:{server.port}") as client,
        pytest.raises(HopelessError, match="is not trusted"),
    ):
        client.call("Act", {}, idempotent=True)


def test_a_service_that_does_not_speak_tls_is_told() -> None:
    with (
        ScriptedServer() as server,
        gateway(f"https://127.0.0.1:{server.port}") as client,
        pytest.raises(
            HopelessError, match=r"TLS with .* failed \(WRONG_VERSION_NUMBER\)"
        ) as caught,
    ):
        client.call("Act", {}, idempotent=True)
    assert caught.value.accepted is False


def test_plain_http_reads_no_bundle(loads: list[object]) -> None:
    with ScriptedServer() as server, gateway(server.url) as client:
        client.call("Act", {}, idempotent=True)
    assert loads == []


@pytest.mark.parametrize("content", [None, "", "not a certificate"])
def test_a_bundle_that_cannot_be_used_is_wrong_usage(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bundle = tmp_path / "bundle.pem"
    if content is not None:
        bundle.write_text(content)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(bundle))
    with pytest.raises(UsageError, match=f"the CA bundle {bundle} cannot be used") as caught:
        gateway("https://api.service.example")
    assert os.sep in caught.value.summary
    assert "REQUESTS_CA_BUNDLE" in caught.value.advice
