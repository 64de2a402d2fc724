"""A service that nobody reaches, by its name or through a proxy, is told once for all calls."""

from __future__ import annotations

import socket

import pytest

from reconciler.errors import HopelessError, NoAnswerError
from tests.integration.gateway_setup import gateway
from tests.integration.scripted_server import Reply, ScriptedServer, drop, raw
from tests.unit.gateway_builders import FakeTime


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
