"""What the fakes of GitHub and GitLab have in common: a loopback server, pages, and faults."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

TOKEN = "token-of-the-tests"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """Names in lower case."""
    body: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One answer; a list is cut into pages."""

    status: int = 200
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: bytes | None = None


@dataclass(slots=True, kw_only=True)
class Fault:
    """Something that goes wrong for the next `times` requests of this kind."""

    method: str
    path: str
    """A regular expression."""
    reply: Reply | None = None
    """None drops the connection."""
    carried_out: bool = False
    """The request is carried out all the same."""
    times: int = 1


class FakeForge:
    """A server; `answer` is what a subclass knows about its forge."""

    prefix = ""
    most_per_page = 100

    def __init__(self) -> None:
        self.asked: list[Asked] = []
        self.faults: list[Fault] = []
        self.says_where_the_next_page_is = True
        self._lock = threading.Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{self.prefix}"

    def fail(self, method: str, path: str, reply: Reply | None, **more: Any) -> None:
        self.faults.append(Fault(method=method, path=path, reply=reply, **more))

    def count(self, method: str, path: str) -> int:
        return sum(a.method == method and bool(re.search(path, a.path)) for a in self.asked)

    def answer(self, asked: Asked) -> Reply:
        raise NotImplementedError

    def serve(self, asked: Asked) -> Reply | None:
        """The answer, or None for a dropped connection."""
        with self._lock:
            self.asked.append(asked)
            fault = self._fault(asked)
            if fault is not None and not fault.carried_out:
                return fault.reply
            reply = self.answer(asked)
            return reply if fault is None else fault.reply

    def paged(self, asked: Asked, items: list[Any]) -> Reply:
        """One page, with the header that leads to the next."""
        size = min(int(asked.query.get("per_page", "30")), self.most_per_page)
        page = int(asked.query.get("page", "1"))
        shown = items[(page - 1) * size : page * size]
        headers = {}
        if page * size < len(items) and self.says_where_the_next_page_is:
            query = urlencode({**asked.query, "page": str(page + 1)})
            base = self.url.removesuffix(self.prefix)
            headers["Link"] = f'<{base}{self.prefix}{asked.path}?{query}>; rel="next"'
        return Reply(body=shown, headers=headers)

    def _fault(self, asked: Asked) -> Fault | None:
        for fault in self.faults:
            if fault.times and fault.method == asked.method and re.search(fault.path, asked.path):
                fault.times -= 1
                return fault
        return None


Route = tuple[str, str, Callable[..., Reply]]


def route(routes: list[Route], asked: Asked) -> Reply:
    """The first route that fits; its groups are handed on."""
    for method, pattern, handle in routes:
        found = re.fullmatch(pattern, asked.path)
        if found and method == asked.method:
            return handle(asked, *found.groups())
    return Reply(status=404, body={"message": "Not Found"})


def _handler(forge: FakeForge) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def _serve(self) -> None:
            length = int(self.headers.get("Content-Length", "0"))
            content = self.rfile.read(length)
            parts = urlsplit(self.path)
            reply = forge.serve(
                Asked(
                    method=self.command,
                    path=parts.path.removeprefix(forge.prefix),
                    query={name: values[-1] for name, values in parse_qs(parts.query).items()},
                    headers={name.lower(): value for name, value in self.headers.items()},
                    body=json.loads(content) if content else None,
                )
            )
            if reply is None:
                self.close_connection = True
                return
            self._send(reply)

        def _send(self, reply: Reply) -> None:
            content = reply.raw if reply.raw is not None else json.dumps(reply.body).encode()
            self.send_response(reply.status)
            for name, value in reply.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        do_GET = do_POST = do_PATCH = do_PUT = _serve  # noqa: N815 - the base class's own names

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    return Handler
