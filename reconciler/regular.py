"""Read a file that is really a file: a pipe or a device would be waited for, or never end."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path


def read_regular(path: Path | str, *, limit: int) -> bytes:
    """All bytes of a regular file, at most `limit` + 1 of them, so that a longer one shows.

    Raises OSError, also for what is no regular file; it is never opened in a way that waits.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file", str(path))
        return file.read(limit + 1)
