"""Waiting for the reviewers: when it is over, and how long to leave them alone. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from reconciler.errors import EXIT_DONE, EXIT_FAILURE
from reconciler.plan.board import Health, Row
from reconciler.reviewhours import is_open, next_opening

_OFF_HOURS = 10
"""How many times as long a pause is while no reviewer is at work."""
_FIRST = 2.0
"""Seconds until the second look, where nobody chose an interval."""
_DOUBLINGS = 20
"""By then the pauses are longer than any interval; more would only be a large number."""
_LOST = frozenset({Health.DEGRADED, Health.MISSING})
_DECIDED = _LOST | {Health.HEALTHY}


class Until(StrEnum):
    """What is waited for."""

    APPROVED = "approved"
    """All of them; it is over as soon as one cannot be any more."""
    DECIDED = "decided"
    """Every one, whichever way."""


def is_over(rows: Iterable[Row], until: Until) -> int | None:
    """The exit code once the waiting is over: 1 where one was lost; None to go on.

    What is suspended is not waited for. What nobody could ask about is.
    """
    found = {row.health for row in rows} - {Health.SUSPENDED}
    lost = EXIT_FAILURE if found & _LOST else EXIT_DONE
    if found <= _DECIDED or (lost and until is Until.APPROVED):
        return lost
    return None


def undecided(rows: Iterable[Row]) -> tuple[Row, ...]:
    """Those that are still waited for."""
    done = _DECIDED | {Health.SUSPENDED}
    return tuple(row for row in rows if row.health not in done)


def waiting(rows: Iterable[Row]) -> tuple[str, ...]:
    """Their names; each once, sorted."""
    return tuple(sorted({row.name for row in undecided(rows)}))


def pause(now: datetime, interval: float, left: float | None, *, looks: int | None = None) -> float:
    """Seconds until the next look; `left` is what remains of the time limit.

    Outside of review hours nothing moves, so the service is asked less often; but when they come
    to work, somebody looks. `looks` is how many there were, where the first pauses are to be
    short: many a decision is made by somebody who sits beside the one who waits.
    """
    seconds = interval
    if not is_open(now):
        opening = (next_opening(now) - now).total_seconds()
        seconds = max(interval, min(interval * _OFF_HOURS, opening))
    if looks is not None:
        seconds = min(seconds, _FIRST * 2.0 ** min(looks - 1, _DOUBLINGS))
    return seconds if left is None else min(seconds, left)
