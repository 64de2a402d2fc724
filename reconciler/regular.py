"""Read a file that is really a file, and whole: a pipe or a device might never end."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

# A pipe put in a file's place must not make the run wait for its writer. Windows has none of these.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class NotRegularError(OSError):
    """It is a folder, a pipe or a device."""


def is_folder(path: Path) -> bool:
    """Whether there is such a folder; no, too, where its name is too long to be looked at."""
    return os.path.isdir(path)  # noqa: PTH112 - pathlib raises then


def read_fully(handle: BinaryIO, size: int) -> bytes:
    """Read `size` bytes, fewer only at the end: an unbuffered file may return less at once."""
    block = handle.read(size)
    while len(block) < size and (more := handle.read(size - len(block))):
        block += more
    return block


def read_regular(
    path: Path | str, *, limit: int, seen: Callable[[os.stat_result], None] | None = None
) -> bytes:
    """All bytes of a regular file, at most `limit` + 1 of them, so that a longer one shows.

    `seen` is shown its status from before it is read. Raises OSError, also for what is no regular
    file; it is never opened in a way that waits.
    """
    descriptor = os.open(path, _FLAGS)
    try:
        about = os.fstat(descriptor)
        if not stat.S_ISREG(about.st_mode):
            raise NotRegularError(errno.EINVAL, "it is not a regular file", str(path))
        if seen is not None:
            seen(about)
        # To ask for the limit would make room for all of it: 80 µs a file, where this takes 5.
        data = os.read(descriptor, min(about.st_size, limit) + 1)
        while about.st_size < len(data) <= limit:  # it has grown meanwhile
            more = os.read(descriptor, limit + 1 - len(data))
            if not more:
                break
            data += more
        return data
    finally:
        os.close(descriptor)
