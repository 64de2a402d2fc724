"""One kept folder, used by one process at a time, without any lock that could stay behind.

Whoever wants it takes it away by renaming it, which succeeds once; everybody else makes a new one.
It is put back when it is sound. A killed process never puts anything back, so what is kept is
never half-written; what such a process left is swept up later.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

_TAKEN = ".taken-"
_STALE_SECONDS = 24 * 3600
"""No run of this tool takes so long."""


@dataclass(slots=True, kw_only=True)
class Loan:
    """A folder for one process; `sound` says whether it is fit for the next one."""

    folder: Path
    sound: bool = False


@contextmanager
def borrowed(kept: Path) -> Iterator[Loan]:
    """A folder that is nobody else's: `kept` as it was left, or one that does not exist yet.

    The borrower says at the end whether it is sound; otherwise it is thrown away. Raises OSError.
    """
    kept.parent.mkdir(parents=True, exist_ok=True)
    loan = Loan(folder=kept.with_name(f"{kept.name}{_TAKEN}{os.getpid()}-{uuid4().hex}"))
    with suppress(FileNotFoundError):
        kept.rename(loan.folder)
        os.utime(loan.folder)
    try:
        yield loan
    finally:
        _put_back(loan, kept)


def _put_back(loan: Loan, kept: Path) -> None:
    """Unless somebody was quicker; and sweep up after those who were killed."""
    if loan.sound:
        with suppress(OSError):
            loan.folder.rename(kept)
    shutil.rmtree(loan.folder, ignore_errors=True)
    for left in kept.parent.glob(f"{kept.name}{_TAKEN}*"):
        if _is_left_over(left):
            shutil.rmtree(left, ignore_errors=True)


def _is_left_over(folder: Path) -> bool:
    """Old and without its process; either alone may be a clock that jumped or a container."""
    process = folder.name.rpartition(_TAKEN)[2].partition("-")[0]
    try:
        old = time.time() - folder.stat().st_mtime > _STALE_SECONDS
        os.kill(int(process), 0)
    except ProcessLookupError:
        return old
    except (OSError, ValueError):
        return False
    return False
