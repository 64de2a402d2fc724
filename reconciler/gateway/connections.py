"""Connections that bound an answer as a whole, and give a slow uplink time to send.

urllib3's read timeout is per packet: a service that drips a byte a minute would never run into it.
Here the same number bounds the whole answer, from the status line to the last byte.
"""

from __future__ import annotations

import io
import socket
import time
from http.client import HTTPResponse
from typing import Any

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_SENDING_SECONDS = 60.0
"""For one chunk of a body. urllib3 would apply the connect timeout: 256 KiB in 10 s is more than
eight uploads at once have on a slow line."""


class _BoundedReader(io.RawIOBase):
    """A socket's reading side that ends `seconds` after it was made."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket, seconds: float) -> None:
        super().__init__()
        self._raw = raw
        self._sock = sock
        self._until = time.monotonic() + seconds

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any, /) -> int | None:  # Any: WriteableBuffer exists for mypy alone
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer took too long as a whole")
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class BoundedResponse(HTTPResponse):
    """An answer that must be complete within the timeout its socket has when it begins."""

    def __init__(
        self,
        sock: socket.socket,
        debuglevel: int = 0,
        method: str | None = None,
        url: str | None = None,
    ) -> None:
        super().__init__(sock, debuglevel, method, url)
        seconds = sock.gettimeout()
        if seconds is not None:
            self.fp = io.BufferedReader(_BoundedReader(self.fp.detach(), sock, seconds))


class Connection(HTTPConnection):
    """Over plain HTTP."""

    response_class = BoundedResponse

    def endheaders(self, message_body: Any = None, *, encode_chunked: bool = False) -> None:
        """Send the headers; the body follows, piece by piece."""
        super().endheaders(message_body, encode_chunked=encode_chunked)
        _be_patient(self)


class TlsConnection(HTTPSConnection):
    """Over TLS."""

    response_class = BoundedResponse

    def endheaders(self, message_body: Any = None, *, encode_chunked: bool = False) -> None:
        """Send the headers; the body follows, piece by piece."""
        super().endheaders(message_body, encode_chunked=encode_chunked)
        _be_patient(self)


class _Pool(HTTPConnectionPool):
    ConnectionCls = Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = TlsConnection


POOLS: dict[str, type[HTTPConnectionPool]] = {"http": _Pool, "https": _TlsPool}
"""For `PoolManager.pool_classes_by_scheme`."""


def _be_patient(connection: HTTPConnection) -> None:
    """Between headers and body the socket is connected; reading sets its own timeout later."""
    if connection.sock is not None:
        connection.sock.settimeout(_SENDING_SECONDS)
