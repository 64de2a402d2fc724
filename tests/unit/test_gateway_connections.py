"""An answer is bounded as a whole, however steadily its bytes come."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from urllib3.connection import HTTPConnection

from reconciler.gateway import connections
from reconciler.gateway.connections import BoundedResponse, Connection, TlsConnection

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbody"


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    client, server = socket.socketpair()
    with client, server:
        yield client, server


def test_a_byte_in_time_does_not_give_the_next_one_more_time(
    pair: tuple[socket.socket, socket.socket], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, server = pair
    clock = SimpleNamespace(now=0.0)
    monkeypatch.setattr(connections, "time", SimpleNamespace(monotonic=lambda: clock.now))
    client.settimeout(60.0)
    response = BoundedResponse(client)
    server.sendall(ANSWER[:-2])
    response.begin()
    assert client.gettimeout() == 60.0
    clock.now = 45.0
    assert response.read(2) == b"bo"
    server.sendall(ANSWER[-2:-1])
    assert response.read1(1) == b"d"
    assert client.gettimeout() == 15.0
    clock.now = 60.0
    server.sendall(ANSWER[-1:])
    with pytest.raises(TimeoutError, match="took too long as a whole"):
        response.read(1)
    response.close()


def test_without_a_timeout_there_is_no_bound(pair: tuple[socket.socket, socket.socket]) -> None:
    client, server = pair
    response = BoundedResponse(client)
    server.sendall(ANSWER)
    response.begin()
    assert response.read() == b"body"
    assert client.gettimeout() is None


@pytest.mark.parametrize("kind", [Connection, TlsConnection])
def test_a_slow_uplink_has_more_time_to_send_than_to_connect(
    kind: type[HTTPConnection], pair: tuple[socket.socket, socket.socket]
) -> None:
    client, _ = pair
    connection = kind("service.example", timeout=10.0)
    connection.sock = client
    connection.putrequest("POST", "/")
    connection.endheaders()
    assert client.gettimeout() == 60.0
    connection.close()
