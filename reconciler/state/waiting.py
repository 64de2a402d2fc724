"""Waiting for somebody else's lock, as long as the user has patience."""

from __future__ import annotations

import time

from reconciler.errors import InterruptError, RefusedError
from reconciler.state.around import Around
from reconciler.state.holder import Holder


class Waiting:
    """One wait for the lock on `shown`, which begins now and is told to a person once."""

    def __init__(self, around: Around, *, shown: str, poll: float) -> None:
        self._around = around
        self._shown = shown
        self._poll = poll
        # The clock on the wall may jump; this one only goes.
        self._end = time.monotonic() + around.patience.seconds
        self._told = False

    def a_while(self, holder: Holder | None, id: str) -> None:
        """Let some time pass.

        Raises `RefusedError` once the patience is used up, `InterruptError` when the user is.
        """
        who = "another process" if holder is None else holder.shown
        left = self._end - time.monotonic()
        if left <= 0:
            raise RefusedError(
                f"the state {self._shown} is locked by {who}",
                "Wait for that run to end (--lock-timeout 10m waits for it). If it is dead, free "
                f"the lock: {self._around.unlock_command(id)}",
            )
        if not self._told:
            self._around.warn(f"waiting: the state {self._shown} is locked by {who}")
            self._told = True
        if self._around.patience.pause(min(self._poll, left)):
            raise InterruptError(f"stopped while waiting for the lock on {self._shown}")
