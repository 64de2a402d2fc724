"""What one job came to, and the words in which it is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from reconciler.errors import HopelessError, ReconcilerError, ServiceError
from reconciler.model import Observed, Recorded, ReviewStatus, Submission
from reconciler.plan.changes import Action, Change, Verdict
from reconciler.plan.outcomes import Outcome, Result
from reconciler.ports import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a job came to: outcomes, and what the state must learn before anybody is told."""

    outcomes: tuple[Outcome, ...]
    records: tuple[Recorded, ...] = ()
    forgotten: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    """Intents that are to be dropped, but only once everything else is recorded."""
    error: ReconcilerError | None = None
    """What the service refused with; a hopeless one ends its project's part of the run."""


def joined(steps: Iterable[Step]) -> Step:
    """Several steps as one, with the error that weighs most."""
    parts = tuple(steps)
    errors = [part.error for part in parts if part.error is not None]
    hopeless = [error for error in errors if isinstance(error, HopelessError)]
    return Step(
        outcomes=tuple(outcome for part in parts for outcome in part.outcomes),
        records=tuple(record for part in parts for record in part.records),
        forgotten=tuple(gone for part in parts for gone in part.forgotten),
        ended=tuple(intent for part in parts for intent in part.ended),
        error=next(iter((*hopeless, *errors)), None),
    )


def submission(change: Change) -> Submission:
    """What is to be sent; a row that has nothing to send is a bug."""
    if change.desired is None:
        raise AssertionError(f"{change.action} needs a manifest")
    if change.desired.submission is None:
        raise AssertionError(f"{change.action} needs something to send")
    return change.desired.submission


def known_id(change: Change) -> str:
    """The id; a row that needs one and has none is a bug."""
    if change.id is None:
        raise AssertionError(f"{change.action} needs an id")
    return change.id


def done(change: Change, result: Result, receipt: Receipt | None = None) -> Outcome:
    """As it was meant to be."""
    return Outcome(
        name=change.name,
        id=change.id if receipt is None or receipt.id is None else receipt.id,
        result=result,
        reason=change.verdict.reason.value,
        request_uuid=None if receipt is None else receipt.request_uuid,
    )


def left(change: Change, reason: str) -> Outcome:
    """Not even begun."""
    return Outcome(name=change.name, id=change.id, result=Result.SKIPPED, reason=reason)


def skipped(change: Change, observed: Observed, now: Verdict) -> Outcome:
    """The service says something else than it did when the plan was made."""
    status = observed.status
    said = "not found" if status is ReviewStatus.NOT_FOUND else status.value
    return replace(
        left(change, now.reason.value),
        detail=f"the service says {said} now; {change.action} is no longer right",
        refused=now.action is Action.BLOCKED,
    )


def unasked(change: Change, error: ReconcilerError) -> Outcome:
    """The query before the write failed: nothing was sent, whatever became of the query."""
    return replace(failed(change, error), result=Result.FAILED)


def failed(change: Change, error: ReconcilerError) -> Outcome:
    """Failed, or unknown where no answer came."""
    return Outcome(
        name=change.name,
        id=change.id,
        result=Result.UNKNOWN if is_unsure(error) else Result.FAILED,
        reason=change.verdict.reason.value,
        request_uuid=uuid_of(error),
        detail=error.summary,
    )


def is_unsure(error: ReconcilerError) -> bool:
    """Whether the service may have done it all the same."""
    return isinstance(error, ServiceError) and error.accepted is None


def uuid_of(error: ReconcilerError) -> str | None:
    """The service's own name for the request, where it came to one."""
    return error.request_uuid if isinstance(error, ServiceError) else None
