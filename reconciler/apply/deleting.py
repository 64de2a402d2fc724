"""Deleting signatures for good, several in one request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reconciler.apply.step import Step, done, failed, joined, known_id, left
from reconciler.errors import (
    HopelessError,
    InterruptError,
    ReconcilerError,
    RejectedRequestError,
    ServiceError,
)
from reconciler.model import ReviewStatus
from reconciler.plan.changes import Change
from reconciler.plan.outcomes import Result
from reconciler.ports import Service

AT_ONCE = 100
"""Ids in one request. The reference names no limit; this keeps a request's size ordinary."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleting:
    """The caller has just looked at each of them."""

    service: Service

    def delete(self, job: Sequence[Change]) -> Step:
        """All in one request; where that is refused, each by itself.

        Raises the `ReconcilerError` of a request that failed otherwise.
        """
        ids = tuple(map(known_id, job))
        try:
            receipt = self.service.delete(project=job[0].project, ids=ids)
        except RejectedRequestError as error:
            return self._each(job, error)
        outcomes = tuple(done(each, Result.DELETED, receipt) for each in job)
        return Step(outcomes=outcomes, forgotten=ids)

    def _each(self, job: Sequence[Change], error: RejectedRequestError) -> Step:
        """One that is refused must not keep the others."""
        parts: list[Step] = []
        for number, change in enumerate(job):
            try:
                parts.append(self._one(change, error, alone=len(job) == 1))
            except (InterruptError, HopelessError) as ended:
                why = "interrupted" if isinstance(ended, InterruptError) else "stopped"
                rest = tuple(left(each, why) for each in job[number:])
                parts.append(Step(outcomes=rest, error=ended))
                break
        return joined(parts)

    def _one(self, change: Change, error: RejectedRequestError, *, alone: bool) -> Step:
        if self._is_gone(change):
            outcome = done(change, Result.DELETED)
            return Step(outcomes=(outcome,), forgotten=(known_id(change),))
        if alone:
            return Step(outcomes=(failed(change, error),), error=error)
        try:
            return self.delete([change])
        except (InterruptError, HopelessError):
            raise
        except ReconcilerError as refused:
            return Step(outcomes=(failed(change, refused),), error=refused)

    def _is_gone(self, change: Change) -> bool:
        """The first try may have been accepted and its answer lost, so that the second was refused
        for a signature that no longer exists.
        """
        try:
            seen = self.service.find(project=change.project, id=known_id(change))
        except HopelessError:
            raise
        except ServiceError:
            return False
        return seen.status is ReviewStatus.NOT_FOUND
