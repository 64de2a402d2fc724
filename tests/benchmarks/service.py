"""A service that answers everything with yes, as fast as Python can, or after a pause.

`python -m tests.benchmarks.service --pause 0.05 --status 2` prints its address and serves until
its standard input ends; with `--certificate` and `--key` it speaks TLS. It checks nothing: the
sandbox does, and would be what is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import ssl
import sys

from tests.benchmarks.data import content

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_HEAD = 64 * 1024
_ACTION = re.compile(rb"Action[\"=: ]+([A-Za-z]+)")
_ID = re.compile(rb"SigId[\"=: ]+(SIG2026BENCH(\d+))")


def answer(request: bytes | bytearray, status: int) -> bytes:
    """What the service says to a request; of a long one only the ends are looked at."""
    part = request if len(request) <= 2 * _HEAD else request[:_HEAD] + request[-_HEAD:]
    action = _ACTION.search(part)
    name = action[1].decode() if action else "Unknown"
    found: dict[str, object] = {"RetCode": 0, "Action": f"{name}Response", "Message": ""}
    asked = _ID.search(part)
    if name == "QueryUSMSSignature" and asked:
        found["Data"] = {
            "SigId": asked[1].decode(),
            "SigContent": content(int(asked[2])),
            "Status": status,
            "ErrDesc": "",
        }
    text = json.dumps(found).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(text)}"
    return f"{head}\r\n\r\n".encode() + text


class Connection(asyncio.Protocol):
    """Answers one request after the other, each after a pause.

    A protocol, not a pair of streams: its own time stands in what is measured as waiting for it.
    """

    def __init__(self, pause: float, status: int) -> None:
        self._pause = pause
        self._status = status
        self._got = bytearray()
        self._needed = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what is written to."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer as soon as a request is whole; its head says how long it is."""
        self._got += data
        if not self._needed and (end := self._got.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._got, 0, end)
            self._needed = end + 4 + (int(length[1]) if length else 0)
        if 0 < self._needed <= len(self._got):
            text = answer(self._got, self._status)
            self._got, self._needed = bytearray(), 0
            asyncio.get_running_loop().call_later(self._pause, self._transport.write, text)


async def serve(pause: float, status: int, tls: ssl.SSLContext | None) -> None:
    """Until standard input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(pause, status), "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    sys.stdout.write(f"{'https' if tls else 'http'}://127.0.0.1:{port}\n")
    sys.stdout.flush()
    async with server:
        await loop.run_in_executor(None, sys.stdin.read)


def context(certificate: str | None, key: str | None) -> ssl.SSLContext | None:
    """None where there is no certificate: then the service speaks plain HTTP."""
    if certificate is None:
        return None
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.load_cert_chain(certificate, key)
    return found


def main() -> None:
    """Read the flags and serve."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--pause", type=float, default=0.0)
    parser.add_argument("--status", type=int, default=2)
    parser.add_argument("--certificate")
    parser.add_argument("--key")
    given = parser.parse_args()
    tls = context(given.certificate, given.key)
    asyncio.run(serve(given.pause, given.status, tls))


if __name__ == "__main__":
    main()
