"""How fast the whole client asks: a cap, and a slower pace after the service has throttled.

Additive increase, multiplicative decrease, as TCP does it: every throttled answer halves the pace
of all threads together, every good answer raises it a little, until it is as before.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

FIRST_PACE = 10.0
"""Requests a second after the first throttled answer, when there was no pace before."""
SLOWEST = 0.5
"""Requests a second below which it never falls."""
UNPACED = 200.0
"""Requests a second above which pacing ends, when there is no cap."""
_STEP = 0.1
"""Requests a second that one good answer brings back: a tenth of the pace in each second."""


@dataclass(slots=True)
class _Pace:
    """Requests a second; None is as fast as can be."""

    cap: float | None
    now: float | None

    def cut(self) -> None:
        slowest = min(SLOWEST, self.cap or SLOWEST)
        self.now = max(slowest, min(FIRST_PACE, self.now / 2 if self.now else FIRST_PACE))

    def raise_a_little(self) -> None:
        if self.now is None:
            return
        self.now += _STEP
        if self.now >= (self.cap or UNPACED):
            self.now = self.cap

    @property
    def gap(self) -> float:
        return 1.0 / self.now if self.now else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A time to send, by the pacer's clock, and how many cuts there had been when it was given."""

    at: float
    cuts: int


class Pacer:
    """One for all threads of a client. `clock` counts seconds and never goes back."""

    def __init__(self, *, requests_per_second: float | None, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._pace = _Pace(cap=requests_per_second, now=requests_per_second)
        self._lock = threading.Lock()
        self._next = clock()
        self._cut_at: float | None = None
        self._cuts = 0

    def wait(self, sleep: Callable[[float], None]) -> None:
        """Sleep until this thread may send; whoever comes first goes first.

        A cut while it slept sends it to the new queue, so that the slower pace holds at once.
        """
        while True:
            slot = self.book()
            seconds = slot.at - self._clock()
            if seconds <= 0:
                return
            sleep(seconds)
            if self.holds(slot):
                return

    def book(self) -> Slot:
        """The next free place in the queue."""
        with self._lock:
            at = max(self._clock(), self._next)
            self._next = at + self._pace.gap
            return Slot(at=at, cuts=self._cuts)

    def holds(self, slot: Slot) -> bool:
        """No cut has emptied the queue since the slot was booked."""
        return slot.cuts == self._cuts

    def throttled(self, *, sent_at: float, retry_after: float = 0.0) -> None:
        """The request sent at `sent_at` was one too many: slow everybody down.

        Requests that were under way when the pace was last cut say nothing about the new pace.
        Nobody sends for `retry_after` seconds, where the service asked for that.
        """
        with self._lock:
            now = self._clock()
            if self._cut_at is None or sent_at >= self._cut_at:
                self._pace.cut()
                self._cut_at = now
                self._next = now + self._pace.gap
                self._cuts += 1
            if self._next < now + retry_after:
                self._next = now + retry_after
                self._cuts += 1

    def answered(self) -> None:
        """A request was answered well: a little faster from here on."""
        with self._lock:
            self._pace.raise_a_little()

    @property
    def requests_per_second(self) -> float | None:
        """The pace now; None is as fast as can be."""
        return self._pace.now
