"""A loopback HTTP server that follows a script, byte by byte: what no well-behaved server does."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, BinaryIO, Self

UUID = "5d0c7e2a-6f0e-4b1c-9b1e-0d3f5a8c2b11"
_PIECE = 65536
_TLS_HELLO = b"\x16"


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A request as it arrived."""

    line: str
    headers: dict[str, str]
    """Names in lower case."""
    body: bytes
    """Empty where the server was told to throw bodies away."""
    length: int
    complete: bool
    connection: int

    @property
    def parameters(self) -> dict[str, Any]:
        """The JSON body."""
        parsed: dict[str, Any] = json.loads(self.body)
        return parsed


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to do with the connection; returns whether it may be used again."""

    send: Callable[[socket.socket, threading.Event], bool]
    early: bool = False
    """Without reading the body."""


def answer(data: object, *, status: int = 200, early: bool = False, **headers: str) -> Reply:
    """A whole answer; header names are given with `_` for `-`."""
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    lines = [f"HTTP/1.1 {status} Some Reason", f"Content-Length: {len(content)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    lines += [f"X-UCLOUD-REQUEST-UUID: {UUID}", "", ""]
    whole = "\r\n".join(lines).encode() + content

    def send(connection: socket.socket, _: threading.Event) -> bool:
        connection.sendall(whole)
        return not early

    return Reply(send=send, early=early)


def code(number: int, message: str = "", **data: object) -> Reply:
    """An answer of the service with this RetCode."""
    return answer({"RetCode": number, "Message": message, **data})


def done(**data: object) -> Reply:
    """RetCode 0."""
    return code(0, "", **data)


def raw(content: bytes) -> Reply:
    """These bytes, then the end of the connection."""

    def send(connection: socket.socket, _: threading.Event) -> bool:
        connection.sendall(content)
        return False

    return Reply(send=send)


def drop() -> Reply:
    """The end of the connection in place of an answer."""
    return raw(b"")


def reset() -> Reply:
    """The hard end of a connection (RST) in place of an answer."""

    def send(connection: socket.socket, _: threading.Event) -> bool:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    return Reply(send=send)


def hang() -> Reply:
    """Nothing, until the test ends."""

    def send(_: socket.socket, closing: threading.Event) -> bool:
        closing.wait()
        return False

    return Reply(send=send)


def drip(beginning: bytes) -> Reply:
    """`beginning`, then a byte now and then for ever: each comes in time, the whole never."""

    def send(connection: socket.socket, closing: threading.Event) -> bool:
        connection.sendall(beginning)
        while not closing.wait(0.02):
            connection.sendall(b"x")
        return False

    return Reply(send=send)


class ScriptedServer:
    """Takes one reply of the script for each request, then `otherwise` for all further ones.

    With `tls` it speaks TLS; a CONNECT request is granted, and TLS begins then, so it can also
    play a proxy with the service behind it.
    """

    def __init__(
        self,
        *script: Reply,
        otherwise: Reply | None = None,
        choose: Callable[[Received], Reply] | None = None,
        tls: ssl.SSLContext | None = None,
        behind_proxy: bool = False,
        keep_bodies: bool = True,
    ) -> None:
        self.requests: list[Received] = []
        self.connections = 0
        self.open = 0
        """Connections that neither side has ended."""
        self._ended = threading.Condition()
        self._script = list(script)
        self._otherwise = otherwise or done()
        self._choose = choose
        self._tls = tls
        self._behind_proxy = behind_proxy
        self._keep_bodies = keep_bodies
        self._closing = threading.Event()
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    @property
    def port(self) -> int:
        port: int = self._listener.getsockname()[1]
        return port

    @property
    def url(self) -> str:
        scheme = "https" if self._tls and not self._behind_proxy else "http"
        host = "localhost" if self._tls else "127.0.0.1"
        return f"{scheme}://{host}:{self.port}"

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        self._listener.close()
        for connection in self._open:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in self._threads[1:]:
            thread.join()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            with self._ended:
                self.open += 1
            self._open.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection, self.connections))
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket, number: int) -> None:
        with contextlib.suppress(OSError):  # the client went away, or the test is over
            if self._behind_proxy:
                self._grant_tunnel(connection, number)
            if self._tls:
                connection = self._secured(connection, self._tls)
            spoken = self._tls or connection.recv(1, socket.MSG_PEEK) != _TLS_HELLO
            if not spoken:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            while spoken and self._serve_one(connection, number):
                pass
        connection.close()
        with self._ended:
            self.open -= 1
            self._ended.notify_all()

    def waits_until_open(self, count: int) -> bool:
        """Whether no more connections than that are left, at the latest after ten seconds."""
        with self._ended:
            return self._ended.wait_for(lambda: self.open <= count, timeout=10)

    def _grant_tunnel(self, connection: socket.socket, number: int) -> None:
        with connection.makefile("rb") as stream:
            self._take(stream.readline().decode("latin-1").strip(), _headers(stream), None, number)
        connection.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")

    def _secured(self, connection: socket.socket, tls: ssl.SSLContext) -> socket.socket:
        secured = tls.wrap_socket(connection, server_side=True)
        self._open.append(secured)
        return secured

    def _serve_one(self, connection: socket.socket, number: int) -> bool:
        with connection.makefile("rb") as stream:
            line = stream.readline().decode("latin-1").strip()
            if not line:
                return False
            headers = _headers(stream)
            if self._script and self._script[0].early:
                self._take(line, headers, None, number)
                return self._script.pop(0).send(connection, self._closing)
            received = self._take(line, headers, stream, number)
        return received.complete and self._next(received).send(connection, self._closing)

    def _next(self, received: Received) -> Reply:
        with self._lock:
            if self._choose:
                return self._choose(received)
            return self._script.pop(0) if self._script else self._otherwise

    def _take(
        self, line: str, headers: dict[str, str], stream: BinaryIO | None, number: int
    ) -> Received:
        announced = int(headers.get("content-length", 0))
        body, length = bytearray(), 0
        while stream and length < announced:
            piece = _read(stream, min(_PIECE, announced - length))
            if not piece:
                break
            length += len(piece)
            if self._keep_bodies:
                body += piece
        received = Received(
            line=line,
            headers=headers,
            body=bytes(body),
            length=length,
            complete=length == announced,
            connection=number,
        )
        self.requests.append(received)
        return received


def _read(stream: BinaryIO, size: int) -> bytes:
    """Nothing more where the client has hung up, however hard: what came before it counts."""
    try:
        return stream.read(size)
    except OSError:
        return b""


def _headers(stream: BinaryIO) -> dict[str, str]:
    headers = {}
    while line := stream.readline().decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return headers
