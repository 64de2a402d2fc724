"""An operating-system lock on a file: it goes with the process that held it, however that ends."""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from reconciler.errors import RefusedError
from reconciler.state.around import Around
from reconciler.state.holder import Holder, myself, parse
from reconciler.state.waiting import Waiting

_POLL_SECONDS = 0.2
_BUSY = frozenset({errno.EAGAIN, errno.EACCES})


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """A lock that is held."""

    path: Path
    descriptor: int

    @property
    def is_lost(self) -> bool:
        """Whether `state unlock` has freed it for others meanwhile."""
        return not _is_at(self.path, self.descriptor)


@contextmanager
def hold(
    path: Path, *, shown: str, around: Around | None = None, me: Holder | None = None
) -> Iterator[Lock]:
    """Hold `path` exclusively, or raise `RefusedError` saying who does. Raises OSError.

    With patience, `around` says how long others are waited for; the user stops the waiting with
    `InterruptError`.
    """
    surroundings = around or Around()
    descriptor = _acquire(path, Waiting(surroundings, shown=shown, poll=_POLL_SECONDS))
    try:
        _sign(descriptor, me or myself(surroundings))
        yield Lock(path=path, descriptor=descriptor)
    finally:
        os.close(descriptor)


def free(path: Path, id: str) -> bool:
    """Let others have the lock of this id, whatever its holder does; False when there is none.

    Raises `RefusedError` when another lock is held, OSError.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        if _try(descriptor):
            return False
        holder = _holder(descriptor)
        if id != _id(holder, descriptor):
            who = "another process" if holder is None else holder.shown
            raise RefusedError(
                f"the lock is not {id} but {_id(holder, descriptor)}, held by {who}",
                "Free that one only if you are sure that it is dead.",
            )
        # The holder keeps a file without a name; whoever comes next makes and locks a new one.
        path.unlink(missing_ok=True)
    finally:
        os.close(descriptor)
    return True


def _acquire(path: Path, waiting: Waiting) -> int:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            if _try(descriptor):
                if _is_at(path, descriptor):
                    return descriptor
            else:
                holder = _holder(descriptor)
                waiting.a_while(holder, _id(holder, descriptor))
        except BaseException:
            os.close(descriptor)
            raise
        os.close(descriptor)


def _try(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno not in _BUSY:
            raise
        return False
    return True


def _is_at(path: Path, descriptor: int) -> bool:
    """Whether the open file is still the one that the path names."""
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _sign(descriptor: int, me: Holder) -> None:
    """Say who holds it, for the message that somebody else will read."""
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, me.as_json().encode(), 0)


def _holder(descriptor: int) -> Holder | None:
    return parse(os.pread(descriptor, 4096, 0).decode("utf-8", errors="replace"))


def _id(holder: Holder | None, descriptor: int) -> str:
    """What `state unlock` asks for; the file's own number where nobody has signed it."""
    return str(os.fstat(descriptor).st_ino) if holder is None else holder.id
