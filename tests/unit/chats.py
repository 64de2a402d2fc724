"""A fake of a chat's server, on loopback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Event, Thread
from typing import Any

TOKEN = "c0ffee00c0ffee00c0ffee00c0ffee00"
"""Stands for the secret in a robot's address."""


@dataclass(slots=True)
class Chat:
    """What a fake of a chat's server was sent, and what it answers."""

    url: str = ""
    status: int = 200
    got: list[tuple[str, Any]] = field(default_factory=list)


@contextmanager
def chat(status: int = 200, raw: bytes = b"") -> Iterator[Chat]:
    """`raw` is sent as it is instead of an answer; the connection then stays open."""
    kept = Chat(status=status)
    over = Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.got.append((self.path, json.loads(body)))
            if raw:
                self.wfile.write(raw)
                over.wait()
                return
            self.send_response(kept.status)
            self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *_: object) -> None:
            """Not into the tests' output."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    kept.url = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield kept
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()
