"""HTTP/1.1 as the sandbox needs it: one request off a connection, one reply as bytes.

Not `http.server`, whose parsing of headers costs more than everything else the sandbox does with a
query; benchmarks would measure that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import formatdate
from http import HTTPStatus
from io import BufferedIOBase
from typing import BinaryIO
from urllib.parse import urlsplit

from reconciler.sandbox.codes import BODY_BYTES
from reconciler.wording import is_unicode

LINE_BYTES = 64 * 1024
HEADERS = 100
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
REQUEST_UUID_HEADER = "X-UCLOUD-REQUEST-UUID"


class BadRequestError(Exception):
    """Not a request that this server answers otherwise than with an HTTP status."""

    def __init__(self, status: HTTPStatus, unread: int = 0) -> None:
        super().__init__(status.phrase)
        self.status = status
        self.unread = unread
        """Bytes of body that the client is about to send."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A request up to its body; header names in lower case."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    length: int
    keep_alive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A whole request; `connection` counts the connections from 1."""

    head: Head
    body: bytes
    connection: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is to be answered."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    uuid: str | None = None
    location: str | None = None


def read_head(stream: BufferedIOBase | BinaryIO) -> Head | None:
    """The next request's head, None at the connection's end; raises `BadRequestError`."""
    line = stream.readline(LINE_BYTES)
    if not line:
        return None
    words = line.decode("latin-1").split()
    if len(words) != 3 or words[2] not in ("HTTP/1.0", "HTTP/1.1"):  # noqa: PLR2004 - method, target, version
        raise BadRequestError(HTTPStatus.BAD_REQUEST)
    headers = _headers(stream)
    if "transfer-encoding" in headers:
        raise BadRequestError(HTTPStatus.LENGTH_REQUIRED)
    target = urlsplit(words[1])
    return Head(
        method=words[0],
        path=target.path or "/",
        query=target.query,
        headers=headers,
        length=_length(headers),
        keep_alive=_keep_alive(words[2], headers),
    )


def _headers(stream: BufferedIOBase | BinaryIO) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(HEADERS):
        line = stream.readline(LINE_BYTES)
        if line in (b"\r\n", b"\n"):
            return headers
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon:
            raise BadRequestError(HTTPStatus.BAD_REQUEST)
        headers[name.lower()] = value.strip()
    raise BadRequestError(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)


def _length(headers: Mapping[str, str]) -> int:
    text = headers.get("content-length", "0")
    if not (text.isascii() and text.isdigit()):
        raise BadRequestError(HTTPStatus.BAD_REQUEST)
    length = int(text[:18])
    if length > BODY_BYTES:
        # A client that said `Expect: 100-continue` sends its body only when told to.
        unread = 0 if "expect" in headers else length
        raise BadRequestError(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, unread)
    return length


def _keep_alive(version: str, headers: Mapping[str, str]) -> bool:
    wish = headers.get("connection", "").lower()
    return wish == "keep-alive" if version == "HTTP/1.0" else wish != "close"


def read_body(stream: BufferedIOBase | BinaryIO, head: Head) -> bytes | None:
    """The request's body; None when the client leaves in the middle of it."""
    body = stream.read(head.length) if head.length else b""
    return body if len(body) == head.length else None


def encode_head(reply: Reply, *, keep_alive: bool, length: int | None = None) -> bytes:
    """Status line and headers; `length` overrides the body's own."""
    lines = [
        f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}",
        f"Content-Type: {reply.content_type}",
        f"Content-Length: {len(reply.body) if length is None else length}",
        f"Date: {formatdate(usegmt=True)}",
        f"Connection: {'keep-alive' if keep_alive else 'close'}",
    ]
    if reply.uuid is not None:
        lines.append(f"{REQUEST_UUID_HEADER}: {reply.uuid}")
    if reply.location is not None:
        lines.append(f"Location: {reply.location}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def whole(reply: Reply, *, keep_alive: bool) -> bytes:
    """The reply as it goes over the wire."""
    return encode_head(reply, keep_alive=keep_alive) + reply.body


def html(status: int, uuid: str | None = None) -> Reply:
    """A page as a proxy in front of the service would send it."""
    title = f"{status} {HTTPStatus(status).phrase}"
    page = f"<html><head><title>{title}</title></head><body><h1>{title}</h1></body></html>\r\n"
    return Reply(
        status=status, body=page.encode(), content_type="text/html; charset=utf-8", uuid=uuid
    )


def json_body(value: object) -> bytes:
    """UTF-8 JSON with Chinese as it is, since the service's own answers have it so.

    Half a character, which a seed or a request may hold, has no UTF-8: it stays the escape it was.
    """
    text = _JSON.encode(value)
    return (text if is_unicode(text) else json.dumps(value)).encode()
