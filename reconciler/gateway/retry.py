"""Whether a request is tried again, and when: pure, but for the count it keeps of one call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reconciler.gateway.setback import Setback


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """The bounds of one call; times in seconds."""

    tries: int = 5
    throttled_tries: int = 10
    """More, since each of them slows the whole client down until it fits."""
    first_pause: float = 0.5
    """At most, before the second try; doubled for each further one."""
    longest_pause: float = 20.0
    longest_wish: float = 60.0
    """The longest `Retry-After` that is waited for."""
    total: float = 180.0
    """No try begins later than this after the call began."""


class Attempts:
    """The tries of one call so far."""

    def __init__(
        self,
        patience: Patience,
        *,
        idempotent: bool,
        began: float,
        uniform: Callable[[float, float], float],
    ) -> None:
        self._patience = patience
        self._idempotent = idempotent
        self._uniform = uniform
        self.began = began
        self.last: Setback | None = None
        self.doubt = False
        """One of the tries may have been accepted; nothing that comes later undoes that."""
        self.unreached = True
        """None of the tries found anybody to send to."""
        self.throttled = 0
        self.others = 0

    @property
    def count(self) -> int:
        """How many tries there were."""
        return self.throttled + self.others

    def pause(self, setback: Setback, *, now: float) -> float | None:
        """Count a failed try; seconds until the next one, or None to give up.

        Exponential back-off with full jitter. What is not idempotent is tried again only while
        it is certain that no try had any effect.
        """
        self.last = setback
        self.doubt = self.doubt or setback.accepted is None
        self.unreached = self.unreached and setback.unreached
        self.throttled += setback.throttled
        self.others += not setback.throttled
        if not setback.again or (self.doubt and not self._idempotent):
            return None
        if self._used_up():
            return None
        return self._within_bounds(setback.retry_after, now)

    def _used_up(self) -> bool:
        bounds = self._patience
        return self.others >= bounds.tries or self.throttled >= bounds.throttled_tries

    def _within_bounds(self, retry_after: float, now: float) -> float | None:
        bounds = self._patience
        ceiling = min(bounds.longest_pause, bounds.first_pause * 2.0 ** (self.count - 1))
        pause = max(self._uniform(0.0, ceiling), retry_after)
        too_late = now + pause - self.began > bounds.total
        return None if too_late or retry_after > bounds.longest_wish else pause
