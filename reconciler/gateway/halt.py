"""What ends all waiting at once: a stop from outside, or a verdict that holds for every request."""

from __future__ import annotations

import threading
from collections.abc import Callable

from reconciler.errors import HopelessError, InterruptError
from reconciler.gateway.retry import Attempts

_NAP = 0.1
"""Seconds a waiting call sleeps at most before it looks again."""


class Halt:
    """Shared by all calls of a gateway."""

    def __init__(
        self,
        stop: threading.Event,
        *,
        clock: Callable[[], float],
        sleep: Callable[[float], object],
    ) -> None:
        self._stop = stop
        self._clock = clock
        self._sleep = sleep
        self._verdict: HopelessError | None = None

    def condemn(self, error: HopelessError) -> None:
        """Every call that is not in flight ends with this from here on; the first one counts."""
        self._verdict = self._verdict or error

    def check(self, action: str, attempts: Attempts) -> None:
        """Raise what ended everything, if something did.

        After a try that may have been accepted a stop is told as that try's own error: an
        `InterruptError` would say that nothing was done.
        """
        if self._verdict is not None:
            raise HopelessError(
                self._verdict.summary,
                self._verdict.advice,
                accepted=None if attempts.doubt else False,
                request_uuid=self._verdict.request_uuid,
            )
        if not self._stop.is_set():
            return
        if attempts.last is not None and attempts.doubt:
            raise attempts.last.error(action, doubt=True, history=", then interrupted")
        raise InterruptError(f"Interrupted before {action} had any effect.")

    def pause(self, seconds: float, action: str, attempts: Attempts) -> None:
        """Sleep; raise as `check` does as soon as there is reason to."""
        until = self._clock() + seconds
        while (left := until - self._clock()) > 0:
            self.check(action, attempts)
            self._sleep(min(left, _NAP))
        self.check(action, attempts)
