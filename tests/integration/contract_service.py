"""A USMS service written from its reference alone, which checks every byte that a client sends.

It shares nothing with the project, neither its sandbox nor its signing, so that a
misunderstanding in either cannot hide in both. What breaks the reference is kept as a complaint.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

PUBLIC_KEY = "contract@example.com0123"
PRIVATE_KEY = "contract-private-key-0123456789"
PROJECT = "org-contract"
PENDING, REVIEWING, APPROVED, REJECTED, DISABLED = range(5)
NUMBERS = {
    "UpdateUSMSSignature": ("SigType", "SigPurpose", "CertificateType"),
    "CreateUSMSSignature": ("SigType", "SigPurpose", "CertificateType"),
}
REQUIRED = {
    "QueryUSMSSignature": (),
    "UpdateUSMSSignature": ("ProjectId", "SigContent", "SigType", "SigPurpose"),
    "CreateUSMSSignature": (
        *("ProjectId", "SigContent", "SigType", "SigPurpose", "CertificateType", "Description"),
    ),
    "DeleteUSMSSignature": ("ProjectId", "SigIds.0"),
}


@dataclass(slots=True, kw_only=True)
class Held:
    """One SMS signature of the service."""

    content: str
    status: int = REJECTED
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request, as it came."""

    path: str
    headers: Mapping[str, str]
    body: bytes
    keys: tuple[str, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def action(self) -> str:
        return str(self.parameters.get("Action", ""))

    @property
    def ids(self) -> tuple[str, ...]:
        """`SigId`, or `SigIds.0`, `SigIds.1`, … in the order of their numbers."""
        several = [self.parameters.get(f"SigIds.{n}") for n in range(len(self.keys))]
        single = self.parameters.get("SigId")
        return tuple(str(each) for each in [single, *several] if each is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """An answer; `drop` cuts the connection without one."""

    body: bytes = b""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    drop: bool = False


def coded(code: int, **more: object) -> Reply:
    """The JSON answer with this RetCode."""
    return Reply(body=json.dumps({"RetCode": code, "Message": "", **more}).encode())


Hook = Callable[[Asked], Reply | None]


@dataclass(slots=True, kw_only=True)
class Service:
    """What it holds, what it was asked, and what it has to complain of."""

    held: dict[str, Held] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    connections: int = 0
    url: str = ""
    instead: Hook | None = None
    """Answers in the place of the service, which then does nothing."""
    afterwards: Hook | None = None
    """Answers after the service has done what it was asked."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def writes(self) -> list[Asked]:
        """All whole requests but queries."""
        return [each for each in self.asked if each.action not in ("", "QueryUSMSSignature")]

    def answer(self, asked: Asked) -> Reply:
        """Check, then do it."""
        with self.lock:
            self.asked.append(asked)
            self.complaints += faults(asked)
        code = admission(asked)
        replaced = self.instead(asked) if self.instead else None
        if code or replaced:
            return replaced or coded(code)
        with self.lock:
            done = self.serve(asked)
        return (self.afterwards(asked) if self.afterwards else None) or done

    def serve(self, asked: Asked) -> Reply:
        """What the reference says of each action."""
        if asked.action == "QueryUSMSSignature":
            return self.query(asked)
        if asked.action == "CreateUSMSSignature":
            known = f"SIGNEW{len(self.held):04}"
            self.held[known] = Held(content=asked.parameters["SigContent"], status=PENDING)
            return coded(0, SigId=known)
        if any(known not in self.held for known in asked.ids):
            return coded(18003)
        if asked.action == "DeleteUSMSSignature":
            for known in asked.ids:
                del self.held[known]
            return coded(0)
        return self.update(asked)

    def query(self, asked: Asked) -> Reply:
        known, content = asked.parameters.get("SigId"), asked.parameters.get("SigContent")
        for each, held in self.held.items():
            if known == each or (known is None and held.content == content):
                shown = {"SigContent": held.content, "Status": held.status, "ErrDesc": held.reason}
                return coded(0, Data={"SigId": each, **shown})
        return coded(0, Data={})

    def update(self, asked: Asked) -> Reply:
        if any(self.held[known].status in (APPROVED, DISABLED) for known in asked.ids):
            self.complaints.append(f"{asked.ids}: approved or disabled, and yet sent")
            return coded(18003)
        for known in asked.ids:
            self.held[known] = Held(content=asked.parameters["SigContent"], status=PENDING)
        return coded(0)


def signing(parameters: Mapping[str, Any]) -> str:
    """The request's SHA-1, as the reference's section on the transport says."""

    def text(value: object) -> str:
        return str(value).lower() if isinstance(value, bool) else str(value)

    sorted_keys = sorted(set(parameters) - {"Signature"})
    joined = "".join(key + text(parameters[key]) for key in sorted_keys)
    return hashlib.sha1((joined + PRIVATE_KEY).encode(), usedforsecurity=False).hexdigest()


def admission(asked: Asked) -> int:
    """The RetCode of the gateway, 0 for those that may come in."""
    if asked.parameters.get("PublicKey") != PUBLIC_KEY:
        return 172
    return 0 if asked.parameters.get("Signature") == signing(asked.parameters) else 171


def faults(asked: Asked) -> Iterator[str]:
    """What this request does against the reference."""
    if asked.keys[-1:] != ("Signature",) or list(asked.keys[:-1]) != sorted(asked.keys[:-1]):
        yield f"keys out of order: {asked.keys}"
    if asked.parameters.get("Signature") != signing(asked.parameters):
        yield f"wrong signing: {asked.action}"
    for key in REQUIRED.get(asked.action, ("a known Action",)):
        if key not in asked.parameters:
            yield f"{asked.action}: {key} is missing"
    if ("SigId" in asked.parameters) == ("SigIds.0" in asked.parameters) and asked.ids:
        yield f"both SigId and SigIds: {asked.keys}"
    for key in NUMBERS.get(asked.action, ()):
        wanted = int if asked.headers["Content-Type"] == "application/json" else str
        if key in asked.parameters and type(asked.parameters[key]) is not wanted:
            yield f"{key} is no number: {asked.parameters[key]!r}"
    for key in ("File", "ProxyFile"):
        if "," in str(asked.parameters.get(key, ",")).partition(";base64,")[0][1:]:
            yield f"{key} does not begin with media/type;base64,"


def read(path: str, headers: Mapping[str, str], body: bytes) -> Asked:
    """The request with its parameters, none where the body is cut off or unknown."""
    pairs: list[tuple[str, Any]] = []
    with suppress(ValueError):
        if headers.get("Content-Type") == "application/json":
            pairs = json.loads(body, object_pairs_hook=list)
        else:
            pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, strict_parsing=True)
    keys = tuple(key for key, _ in pairs)
    return Asked(path=path, headers=headers, body=body, keys=keys, parameters=dict(pairs))


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 with keep-alive."""

    protocol_version = "HTTP/1.1"

    def __init__(self, service: Service, *words: Any) -> None:
        self.service = service
        super().__init__(*words)

    def setup(self) -> None:
        with self.service.lock:
            self.service.connections += 1
        super().setup()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        reply = self.service.answer(read(self.path, dict(self.headers), body))
        if reply.drop:
            self.close_connection = True
            return
        self.send_response(reply.status)
        for name, value in (*reply.headers, ("Content-Length", str(len(reply.body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, format: str, *words: Any) -> None:
        """Nothing: tests look at `Service.asked`."""


class Quiet(ThreadingHTTPServer):
    """A client that hangs up in the middle is no news."""

    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, *_: Any) -> None:
        return


@contextmanager
def serving(**held: Held) -> Iterator[Service]:
    """The service on loopback for as long as the block runs."""
    service = Service(held=held)
    with Quiet(("127.0.0.1", 0), partial(Handler, service)) as server:
        service.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield service
        server.shutdown()
        thread.join()
