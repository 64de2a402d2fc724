"""An operating-system lock on a file: it goes with the process that held it, however that ends."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from reconciler.errors import RefusedError


@contextmanager
def hold(path: Path, *, shown: str) -> Iterator[None]:
    """Hold `path` exclusively, or raise `RefusedError` saying who does. Raises OSError."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _acquire(descriptor, shown)
        _sign(descriptor)
        yield
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, shown: str) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in {errno.EAGAIN, errno.EACCES}:
            raise
        raise RefusedError(
            f"the state {shown} is locked by {_holder(descriptor)}",
            "Wait for that run to end; its lock goes when its process does.",
        ) from None


def _sign(descriptor: int) -> None:
    """Say who holds it, for the message that somebody else will read."""
    holder = {
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(holder).encode(), 0)


def _holder(descriptor: int) -> str:
    try:
        holder = json.loads(os.pread(descriptor, 4096, 0))
        return f"process {holder['pid']} on {holder['host']} since {holder['since']}"
    except (ValueError, KeyError, TypeError):
        return "another process"
