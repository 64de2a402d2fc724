"""What ends all waiting at once: a stop from outside, or a verdict that holds for a project."""

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
        self._verdicts: dict[str, HopelessError] = {}

    def condemn(self, project: str, error: HopelessError) -> None:
        """Every call for the project that is not in flight ends with this; the first one counts.

        Even wrong keys: one more request for each project costs little, and nobody need know
        which codes are about a project and which about the whole account.
        """
        self._verdicts.setdefault(project, error)

    def check(self, action: str, project: str, attempts: Attempts) -> None:
        """Raise what ended everything, if something did.

        After a try that may have been accepted a stop is told as that try's own error: an
        `InterruptError` would say that nothing was done.
        """
        verdict = self._verdicts.get(project)
        if verdict is not None:
            raise HopelessError(
                verdict.summary,
                verdict.advice,
                accepted=None if attempts.doubt else False,
                request_uuid=verdict.request_uuid,
                passing=verdict.passing,
            )
        if not self._stop.is_set():
            return
        if attempts.last is not None and attempts.doubt:
            raise attempts.last.error(action, doubt=True, history=", then interrupted")
        raise InterruptError(f"Interrupted before {action} had any effect.")

    def pause(self, seconds: float, action: str, project: str, attempts: Attempts) -> None:
        """Sleep; raise as `check` does as soon as there is reason to."""
        until = self._clock() + seconds
        while (left := until - self._clock()) > 0:
            self.check(action, project, attempts)
            self._sleep(min(left, _NAP))
        self.check(action, project, attempts)
