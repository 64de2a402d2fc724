"""Counts where a process touches disk, git or network, and does something dreadful at one of them.

Every touch is met before it happens. What a process leaves behind when it dies after a touch is
what it leaves when it dies before the next one, so nothing in between is missed.
"""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT
_AUDITED = frozenset(
    {"os.rename", "os.remove", "os.mkdir", "subprocess.Popen", "socket.connect", "fcntl.flock"}
)
_CALLED: tuple[tuple[Any, str], ...] = (
    (os, "write"),
    (os, "pwrite"),
    (os, "fsync"),
    (os, "ftruncate"),
    (socket.socket, "send"),
    (socket.socket, "sendall"),
    (socket.socket, "recv_into"),
    (subprocess.Popen, "communicate"),
)
_FSYNC = os.fsync
_OF_DISKS = frozenset({"open", "os.rename", "os.mkdir", "write", "pwrite", "fsync"})

Act = Callable[[str], None]


class Touches:
    """Calls `act` at the touch with the number `at`, counted from 1; `disk` counts those alone.

    With `lasting`, at each one from there on.
    """

    def __init__(self, at: int, act: Act, *, disk: bool = False, lasting: bool = False) -> None:
        self.count = 0
        self._at = at
        self._act = act
        self._disk = disk
        self._lasting = lasting
        self._lock = threading.Lock()

    def __call__(self, name: str) -> None:
        if self._disk and name not in _OF_DISKS:
            return
        with self._lock:
            self.count += 1
            hit = self.count == self._at or (self._lasting and 0 < self._at < self.count)
        if hit:
            self._act(name)

    def watch(self) -> None:
        """From now on, in every thread; there is no way back."""
        for owner, name in _CALLED:
            setattr(owner, name, self._watched(getattr(owner, name), name))
        sys.addaudithook(self._heard)

    def rest(self) -> int:
        """Let nothing happen any more; how many touches there were."""
        self._at = 0
        return self.count

    def _watched(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **keywords: Any) -> Any:
            self(name)
            # What a killed process has written stays with the kernel: only a power failure would
            # need it on the disk, and nothing here is one.
            return None if function is _FSYNC else function(*arguments, **keywords)

        return call

    def _heard(self, event: str, arguments: tuple[Any, ...]) -> None:
        flags = arguments[2] if event == "open" else 0
        if event in _AUDITED or (isinstance(flags, int) and flags & _WRITING):
            self(event)


def kill(_name: str) -> None:
    """The process alone: its git goes on by itself."""
    os.kill(os.getpid(), signal.SIGKILL)


def kill_all(_name: str) -> None:
    """With every git that it has started, as when a machine stops."""
    for child in _children():
        with suppress(ProcessLookupError):
            os.killpg(child, signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


def _children() -> list[int]:
    me = os.getpid()
    with open(f"/proc/{me}/task/{me}/children", encoding="ascii") as file:  # noqa: PTH123 - brief and plain
        mine = file.read().split()
    # A thread's children stand under the thread.
    for thread in os.listdir(f"/proc/{me}/task"):  # noqa: PTH208 - the same reason
        with open(f"/proc/{me}/task/{thread}/children", encoding="ascii") as file:  # noqa: PTH123 - as above
            mine += file.read().split()
    return [int(each) for each in mine]


def full(_name: str) -> None:
    """There is no space left."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def broken(_name: str) -> None:
    """The disk does not answer."""
    raise OSError(errno.EIO, os.strerror(errno.EIO))


ACTS: dict[str, Act] = {"kill": kill, "kill_all": kill_all, "full": full, "broken": broken}
