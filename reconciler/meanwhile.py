"""Work that a copy of this process does on another processor, and that never has to be waited for.

Whatever becomes of the copy, the work can be done here as well: who uses this loses time by it at
the most. It is for pure work, which leaves nothing behind: a copy can be killed at any instant.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from types import TracebackType

Send = Callable[[bytes], None]
_BLOCK = 1 << 20
_ENDS = (signal.SIGINT, signal.SIGTERM)


def is_possible() -> bool:
    """Whether there is a processor to spare, and a copy is sound: it would have no other thread."""
    # On macOS the system's own libraries do not survive to be copied. Whoever started us may have
    # left us deaf to the end of a copy: then the system buries it, and its number may be another's.
    return (
        sys.platform == "linux"
        and len(os.sched_getaffinity(0)) > 1
        and threading.active_count() == 1
        and signal.getsignal(signal.SIGCHLD) is not signal.SIG_IGN
    )


class Meanwhile:
    """`work`, begun in a copy of this process, where it may send bytes as they are made.

    At the end of the `with` statement the copy is gone, and its work with it. Where the system has
    no room for one, it is as if it had been killed at once.
    """

    def __init__(self, work: Callable[[Send], None]) -> None:
        self._is_over = True
        # Held back: a Ctrl-C that struck the copy before it is on its own would end up in whatever
        # its caller does about one.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
        try:
            self._begin(work, before)
        except OSError:
            return  # no process or no file more for us
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _begin(self, work: Callable[[Send], None], mask: Iterable[int]) -> None:
        self._pipe, writing = os.pipe()
        try:
            self._child = os.fork()
            if self._child == 0:
                _do(work, self._pipe, writing, mask)
        except OSError:
            os.close(self._pipe)
            raise
        finally:
            os.close(writing)
        self._is_over = False

    def __enter__(self) -> Meanwhile:
        """It has begun already."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """The end, however it came."""
        self.end()

    def end(self) -> None:
        """Whatever is not done by now is not wanted."""
        if not self._is_over:
            os.kill(self._child, signal.SIGKILL)
            self._reap()

    def sent(self) -> bytes:
        """What has come since the last time; nothing is waited for."""
        if self._is_over:
            return b""
        os.set_blocking(self._pipe, False)
        return b"".join(iter(self._some, b""))

    def result(self) -> bytes | None:
        """All that was not read yet, once the work is done; None where it came to no good end."""
        if self._is_over:
            return None
        os.set_blocking(self._pipe, True)
        found = b"".join(iter(self._some, b""))
        return found if self._reap() == 0 else None

    def _some(self) -> bytes:
        try:
            return os.read(self._pipe, _BLOCK)
        except BlockingIOError:
            return b""

    def _reap(self) -> int:
        self._is_over = True
        os.close(self._pipe)
        _, status = os.waitpid(self._child, 0)
        return os.waitstatus_to_exitcode(status)


def _do(work: Callable[[Send], None], reading: int, pipe: int, mask: Iterable[int]) -> None:
    """Never returns: the copy has no business with what its caller would do next."""
    code = 1
    try:
        for each in _ENDS:
            signal.signal(each, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        os.close(reading)  # else nobody would notice that its caller is gone
        work(lambda data: _send(pipe, data))
        code = 0
    finally:
        os._exit(code)


def _send(pipe: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(pipe, rest) :]
