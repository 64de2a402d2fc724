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
_LIMIT = 32 * 1024 * 1024
_ACTION = re.compile(rb"Action[\"=: ]+([A-Za-z]+)")
_ID = re.compile(rb"SigId[\"=: ]+(SIG2026BENCH(\d+))")


def answer(body: bytes, status: int) -> bytes:
    """What the service says to a request; of a long one only the ends are looked at."""
    part = body if len(body) <= 2 * _HEAD else body[:_HEAD] + body[-_HEAD:]
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


async def serve(pause: float, status: int, tls: ssl.SSLContext | None) -> None:
    """Until standard input ends."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = _LENGTH.search(head)
                body = await reader.readexactly(int(length[1]) if length else 0)
                if pause:
                    await asyncio.sleep(pause)
                writer.write(answer(body, status))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, limit=_LIMIT, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    sys.stdout.write(f"{'https' if tls else 'http'}://127.0.0.1:{port}\n")
    sys.stdout.flush()
    async with server:
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


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
