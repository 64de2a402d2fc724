"""The status board: one row a managed id, with its health."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from reconciler.model import Observation, Origin, Recorded, ReviewStatus
from reconciler.plan.changes import Change, Failure, Plan
from reconciler.reviewhours import waited


class Health(StrEnum):
    """How a signature is, in the words of contract 6."""

    HEALTHY = "Healthy"
    PROGRESSING = "Progressing"
    DEGRADED = "Degraded"
    SUSPENDED = "Suspended"
    MISSING = "Missing"
    UNKNOWN = "Unknown"


_BY_STATUS: Mapping[ReviewStatus, Health] = {
    ReviewStatus.PENDING: Health.PROGRESSING,
    ReviewStatus.REVIEWING: Health.PROGRESSING,
    ReviewStatus.APPROVED: Health.HEALTHY,
    ReviewStatus.REJECTED: Health.DEGRADED,
    ReviewStatus.DISABLED: Health.DEGRADED,
    ReviewStatus.NOT_FOUND: Health.MISSING,
    ReviewStatus.UNKNOWN: Health.UNKNOWN,
}


_WAITING = frozenset({ReviewStatus.PENDING, ReviewStatus.REVIEWING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One managed id. `age_hours` counts since `submitted_at` (ISO 8601, UTC), None without one."""

    name: str
    id: str | None
    content: str | None
    status: ReviewStatus
    health: Health
    in_sync: bool | None
    """Neither changed nor drifted; None when that cannot be known."""
    rejection: str | None
    submitted_at: str | None
    age_hours: float | None
    waited_hours: float | None = None
    """Of these, the reviewers' working hours; None where nobody waits for them."""
    rules: tuple[str, ...] = ()
    """The rules that are about the reviewer's reason."""


def health(status: ReviewStatus, *, suspended: bool) -> Health:
    """A suspended signature is `Suspended` whatever the reviewer says."""
    return Health.SUSPENDED if suspended else _BY_STATUS[status]


def summarise(rows: Iterable[Row]) -> Mapping[str, int]:
    """How many rows of each health, every health named."""
    counts = Counter(row.health for row in rows)
    return {each.value: counts[each] for each in Health}


def board(plan: Plan, now: datetime) -> tuple[Row, ...]:
    """Every managed row of a plan as one of the board; what nobody could read is `Unknown`."""
    rows = [_row(change, now) for change in plan.changes if not _is_over(change)]
    rows += [_unread(failure) for failure in plan.errors]
    return tuple(sorted(rows, key=lambda row: (row.name, row.id or "")))


def _is_over(change: Change) -> bool:
    """No manifest is left, or it is the tombstone of one that is gone: nothing to wait for."""
    gone = change.status is ReviewStatus.NOT_FOUND
    return change.desired is None or (change.desired.absent and gone)


def observations(plan: Plan, now: datetime) -> tuple[Recorded, ...]:
    """The records whose review status is news, with that status in them."""
    return tuple(
        replace(change.recorded, observation=_observation(change, now))
        for change in plan.changes
        if change.recorded is not None and change.desired is not None and _is_news(change)
    )


def _is_news(change: Change) -> bool:
    if change.recorded is None or change.status is ReviewStatus.UNKNOWN:
        return False
    last = change.recorded.observation
    return last is None or (last.status, last.rejection) != (change.status, change.rejection)


def _observation(change: Change, now: datetime) -> Observation:
    # To the millisecond: what is seen within the second of its submission is the newer record.
    at = now.isoformat(timespec="milliseconds" if now.microsecond else "seconds")
    return Observation(status=change.status, rejection=change.rejection, at=at)


def _row(change: Change, now: datetime) -> Row:
    suspended = change.desired is not None and change.desired.suspend
    return Row(
        name=change.name,
        id=change.id,
        content=None if change.desired is None else change.desired.content,
        status=change.status,
        health=health(change.status, suspended=suspended),
        in_sync=_in_sync(change),
        rejection=change.rejection,
        submitted_at=_submitted_at(change.recorded),
        age_hours=_age(_submitted_at(change.recorded), now),
        waited_hours=_waited(change, now),
    )


def _in_sync(change: Change) -> bool | None:
    """Recorded, neither changed nor drifted; unknown where the service was not or cannot say."""
    if change.status is ReviewStatus.UNKNOWN:
        return None
    return change.recorded is not None and not change.diff


def _unread(failure: Failure) -> Row:
    return Row(
        name=failure.name,
        id=failure.id,
        content=None,
        status=ReviewStatus.UNKNOWN,
        health=Health.UNKNOWN,
        in_sync=None,
        rejection=None,
        submitted_at=None,
        age_hours=None,
    )


def _submitted_at(recorded: Recorded | None) -> str | None:
    if recorded is None or recorded.origin is Origin.ADOPTED:
        return None
    return recorded.at


def _waited(change: Change, now: datetime) -> float | None:
    submitted_at = _submitted_at(change.recorded)
    if submitted_at is None or change.status not in _WAITING:
        return None
    return round(waited(datetime.fromisoformat(submitted_at), now), 1)


def _age(submitted_at: str | None, now: datetime) -> float | None:
    if submitted_at is None:
        return None
    hours = (now - datetime.fromisoformat(submitted_at)).total_seconds() / 3600
    return round(max(hours, 0.0), 1)
