"""One job of a plan, from the last look at the service to what has to be recorded.

Nothing here knows about threads, progress or order; nothing here writes to the state either: a
step returns what must be recorded, so that the caller can do that at the right moment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from reconciler.errors import HopelessError, InterruptError, ReconcilerError, ServiceError
from reconciler.model import (
    Desired,
    Observation,
    Observed,
    Origin,
    Recorded,
    ReviewStatus,
    Submission,
)
from reconciler.plan.build import verdict
from reconciler.plan.changes import Action, Change, Verdict
from reconciler.plan.outcomes import Outcome, Result
from reconciler.plan.pairing import Target
from reconciler.ports import Receipt, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What every record says about the run that made it."""

    endpoint: str
    head: str | None
    tool_version: str
    clock: Callable[[], datetime]
    """The time now, in UTC."""

    def now(self) -> str:
        """ISO 8601, UTC, to the second."""
        return self.clock().isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a job came to: outcomes, and what the state must learn before anybody is told."""

    outcomes: tuple[Outcome, ...]
    records: tuple[Recorded, ...] = ()
    forgotten: tuple[str, ...] = ()
    error: ReconcilerError | None = None
    """What the service refused with; a hopeless one ends the run."""


class Steps:
    """Takes jobs with one service; safe to use from several threads at once."""

    def __init__(self, service: Service, context: Context) -> None:
        self._service = service
        self._context = context

    def take(self, job: Sequence[Change]) -> Step:
        """Do one job. Raises `InterruptError` when it was stopped before anything was sent."""
        action = job[0].action
        if action is Action.ADOPT:
            return self._adopt(job[0])
        if action is Action.FORGET:
            return self._forget(job[0])
        try:
            return self._write(action, job)
        except HopelessError as error:
            return Step(outcomes=tuple(_unasked(each, error) for each in job), error=error)

    def _adopt(self, change: Change) -> Step:
        seen = Observation(status=change.status, rejection=change.rejection, at=self._context.now())
        record = self._recorded(change, Origin.ADOPTED, None, observation=seen)
        return Step(outcomes=(_outcome(change, Result.ADOPTED),), records=(record,))

    def _forget(self, change: Change) -> Step:
        return Step(outcomes=(_outcome(change, Result.FORGOTTEN),), forgotten=(_known_id(change),))

    def _write(self, action: Action, job: Sequence[Change]) -> Step:
        """Look at each again, then send for those about which the plan is still right."""
        looked = [(change, self._look(change)) for change in job]
        still = [change for change, aside in looked if aside is None]
        aside = tuple(outcome for _, outcome in looked if outcome is not None)
        if not still:
            return Step(outcomes=aside)
        done = self._send(action, still)
        return replace(done, outcomes=(*aside, *done.outcomes))

    def _look(self, change: Change) -> Outcome | None:
        """Ask and decide again; None where the plan is still right, else why nothing is sent."""
        try:
            observed = self._ask(change)
        except (HopelessError, InterruptError):
            raise
        except ReconcilerError as error:
            return _unasked(change, error)
        target = Target(desired=change.desired, id=change.id, recorded=change.recorded)
        now = verdict(target, observed)
        return None if now.action is change.action else _skipped(change, observed, now)

    def _ask(self, change: Change) -> Observed:
        if change.id is not None:
            return self._service.find(project=change.project, id=change.id)
        content = _submission(change).content
        return self._service.find_content(project=change.project, content=content)

    def _send(self, action: Action, job: Sequence[Change]) -> Step:
        write = {
            Action.RESUBMIT: self._resubmit,
            Action.CREATE: self._create,
            Action.DELETE: self._delete,
        }[action]
        try:
            return write(job)
        except InterruptError:
            raise
        except ReconcilerError as error:
            return Step(outcomes=tuple(_failed(each, error) for each in job), error=error)

    def _resubmit(self, job: Sequence[Change]) -> Step:
        ids = tuple(_known_id(change) for change in job)
        receipt = self._service.resubmit(
            project=job[0].project, ids=ids, submission=_submission(job[0])
        )
        return Step(
            outcomes=tuple(_outcome(each, Result.SUBMITTED, receipt) for each in job),
            records=tuple(self._recorded(each, Origin.SUBMITTED, receipt) for each in job),
        )

    def _create(self, job: Sequence[Change]) -> Step:
        change = job[0]
        receipt = self._service.create(project=change.project, submission=_submission(change))
        return Step(
            outcomes=(_outcome(change, Result.CREATED, receipt),),
            records=(self._recorded(change, Origin.CREATED, receipt),),
        )

    def _delete(self, job: Sequence[Change]) -> Step:
        ids = tuple(_known_id(change) for change in job)
        receipt = self._service.delete(project=job[0].project, ids=ids)
        return Step(
            outcomes=tuple(_outcome(each, Result.DELETED, receipt) for each in job),
            forgotten=ids,
        )

    def _recorded(
        self,
        change: Change,
        origin: Origin,
        receipt: Receipt | None,
        *,
        observation: Observation | None = None,
    ) -> Recorded:
        return Recorded(
            id=_id_of(change, receipt),
            name=change.name,
            project=change.project,
            endpoint=self._context.endpoint,
            submission=_submission(change),
            origin=origin,
            at=self._context.now(),
            request_uuid=None if receipt is None else receipt.request_uuid,
            head=self._context.head,
            tool_version=self._context.tool_version,
            observation=observation,
        )


def _desired(change: Change) -> Desired:
    if change.desired is None:
        raise AssertionError(f"{change.action} needs a manifest")
    return change.desired


def _submission(change: Change) -> Submission:
    submission = _desired(change).submission
    if submission is None:
        raise AssertionError(f"{change.action} needs something to send")
    return submission


def _id_of(change: Change, receipt: Receipt | None) -> str:
    if receipt is not None and receipt.id is not None:
        return receipt.id
    return _known_id(change)


def _known_id(change: Change) -> str:
    if change.id is None:
        raise AssertionError(f"{change.action} needs an id")
    return change.id


def _outcome(change: Change, result: Result, receipt: Receipt | None = None) -> Outcome:
    return Outcome(
        name=change.name,
        id=change.id if receipt is None or receipt.id is None else receipt.id,
        result=result,
        reason=change.verdict.reason.value,
        request_uuid=None if receipt is None else receipt.request_uuid,
    )


def _skipped(change: Change, observed: Observed, now: Verdict) -> Outcome:
    status = observed.status
    said = "not found" if status is ReviewStatus.NOT_FOUND else status.value
    return Outcome(
        name=change.name,
        id=change.id,
        result=Result.SKIPPED,
        reason=now.reason.value,
        detail=f"the service says {said} now; {change.action} is no longer right",
    )


def _unasked(change: Change, error: ReconcilerError) -> Outcome:
    """The query before the write failed: nothing was sent, whatever became of the query."""
    return replace(_failed(change, error), result=Result.FAILED)


def _failed(change: Change, error: ReconcilerError) -> Outcome:
    unsure = isinstance(error, ServiceError) and error.accepted is None
    return Outcome(
        name=change.name,
        id=change.id,
        result=Result.UNKNOWN if unsure else Result.FAILED,
        reason=change.verdict.reason.value,
        request_uuid=error.request_uuid if isinstance(error, ServiceError) else None,
        detail=error.summary,
    )
