"""One kept repository, used by one process at a time, without any lock that could stay behind.

Whoever wants it takes it away by renaming it, which succeeds once; everybody else makes a new one.
It is put back when all went well. A killed process never puts anything back, so what is kept is
never half-written; what such a process left is swept up later.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

_TAKEN = ".taken-"
_STALE_SECONDS = 24 * 3600
"""No run of this tool takes so long."""


@contextmanager
def borrowed(kept: Path) -> Iterator[Path]:
    """A folder that is nobody else's: `kept` as it was left, or one that does not exist yet.

    An exception throws the folder away. Raises OSError.
    """
    kept.parent.mkdir(parents=True, exist_ok=True)
    mine = kept.with_name(f"{kept.name}{_TAKEN}{uuid4().hex}")
    with suppress(FileNotFoundError):
        kept.rename(mine)
        os.utime(mine)
    try:
        yield mine
    except BaseException:
        shutil.rmtree(mine, ignore_errors=True)
        raise
    _put_back(mine, kept)


def _put_back(mine: Path, kept: Path) -> None:
    """Unless somebody was quicker; and sweep up after those who were killed."""
    try:
        mine.rename(kept)
    except OSError:
        shutil.rmtree(mine, ignore_errors=True)
    for left in kept.parent.glob(f"{kept.name}{_TAKEN}*"):
        if time.time() - left.stat().st_mtime > _STALE_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
