"""The sandbox's sockets: loopback only, a thread a connection, everything closed at the end."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import sys
from threading import BoundedSemaphore, Event, Lock
from typing import Any

from reconciler.sandbox.control import PREFIX, control
from reconciler.sandbox.delivery import Pace, deliver
from reconciler.sandbox.service import Service
from reconciler.sandbox.wire import (
    BadRequestError,
    Head,
    Request,
    html,
    read_body,
    read_head,
    whole,
)

HOST = "127.0.0.1"
API_PATH = "/"
LARGE_BYTES = 1024 * 1024
LARGE_AT_ONCE = 8
"""Bodies beyond `LARGE_BYTES` that are in memory at the same time; the others wait unread."""


class Listener(socketserver.ThreadingMixIn, socketserver.TCPServer):
    """Accepts connections until `stop`; a bug of the sandbox is kept in `bugs`."""

    allow_reuse_address = True
    request_queue_size = 1024
    daemon_threads = False  # closing waits for every thread, so no test leaks one into the next

    def __init__(self, port: int, service: Service, *, latency: float, drip: float) -> None:
        self.service = service
        self.pace = Pace(latency=latency, drip=drip, stop=Event())
        self.large = BoundedSemaphore(LARGE_AT_ONCE)
        self.bugs: list[BaseException] = []
        self._lock = Lock()
        self._open: dict[socket.socket, int] = {}
        self._accepted = 0
        super().__init__((HOST, port), _Connection)

    def stop(self) -> None:
        """Accept nothing more, end every waiting, close every socket; returns when all is closed.

        `serve_forever` must be running in another thread.
        """
        self.shutdown()
        self.pace.stop.set()
        with self._lock:
            for connection in self._open:
                with contextlib.suppress(OSError):  # the client was quicker
                    connection.shutdown(socket.SHUT_RDWR)
        self.server_close()

    def number(self, connection: socket.socket) -> int:
        """Which connection this is, from 1."""
        with self._lock:
            return self._open[connection]

    def process_request(self, request: Any, client_address: Any) -> None:
        """Count the connection in, then give it to a thread."""
        with self._lock:
            self._accepted += 1
            self._open[request] = self._accepted
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Count the connection out and close it."""
        with self._lock:
            self._open.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Keep what went wrong: whoever runs the sandbox must hear of it."""
        self.bugs.extend(bug for bug in (sys.exception(),) if bug is not None)
        super().handle_error(request, client_address)


class _Connection(socketserver.StreamRequestHandler):
    """One client's requests, one after the other."""

    disable_nagle_algorithm = True
    server: Listener

    def handle(self) -> None:
        """Answer until one side has enough; a client that is gone is no error."""
        number = self.server.number(self.connection)
        with contextlib.suppress(ConnectionError):
            while self._answer_next(number):
                pass

    def _answer_next(self, number: int) -> bool:
        try:
            head = read_head(self.rfile)
        except BadRequestError as error:
            self._discard(error.unread)
            self.connection.sendall(whole(html(error.status), keep_alive=False))
            return False
        if head is None:
            return False
        if head.headers.get("expect", "").lower() == "100-continue":
            self.connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        if head.path == API_PATH and head.method in ("GET", "POST"):
            return self._answer_api(head, number)
        return self._answer_other(head, number)

    def _answer_api(self, head: Head, number: int) -> bool:
        with self.server.large if head.length > LARGE_BYTES else contextlib.nullcontext():
            body = read_body(self.rfile, head)
            if body is None:
                return False
            handled = self.server.service.handle(Request(head=head, body=body, connection=number))
            del body  # or it would be held while the reply is slow
        return deliver(
            self.connection,
            handled.reply,
            handled.fault,
            self.server.pace,
            keep_alive=head.keep_alive,
        )

    def _answer_other(self, head: Head, number: int) -> bool:
        body = read_body(self.rfile, head)
        if body is None:
            return False
        if head.path.startswith(PREFIX):
            request = Request(head=head, body=body, connection=number)
            reply = control(self.server.service, request)
        else:
            reply = html(405 if head.path == API_PATH else 404)
        self.connection.sendall(whole(reply, keep_alive=head.keep_alive))
        return head.keep_alive

    def _discard(self, unread: int) -> None:
        # A client that is still sending would take an early answer for a broken connection.
        while unread > 0:
            piece = self.rfile.read(min(unread, 65536))
            if not piece:
                return
            unread -= len(piece)
