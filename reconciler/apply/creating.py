"""Applying for a new signature: the one write that must never be done twice."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reconciler.apply.context import Context
from reconciler.apply.intents import Patience, fulfilled, look_for, stand_in
from reconciler.apply.step import Step, done, failed, is_unsure, submission, uuid_of
from reconciler.errors import HopelessError, InterruptError, ReconcilerError, ServiceError
from reconciler.model import Origin, Recorded
from reconciler.plan.changes import Change
from reconciler.plan.outcomes import Outcome, Result
from reconciler.ports import IntentStore, Receipt, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Creating:
    """The caller has just asked by content, and there was none."""

    service: Service
    context: Context
    intents: IntentStore
    patience: Patience

    def create(self, change: Change) -> Step:
        """Note the intent, send, and find out what became of it.

        Raises `StateError` where the intent cannot be noted (then nothing was sent) and
        `InterruptError` when stopped before anything can have been accepted.
        """
        intent = self._intent(change)
        if intent.id in self.intents.intents():
            return Step(outcomes=(_undecided(change),))
        self.intents.begin(intent)
        try:
            receipt = self.service.create(project=change.project, submission=intent.submission)
        except InterruptError:
            self.intents.end(intent.id)
            raise
        except ReconcilerError as error:
            if is_unsure(error):
                return self._settle(change, intent, error)
            return Step(outcomes=(failed(change, error),), ended=(intent.id,), error=error)
        return _created(change, intent, receipt)

    def _settle(self, change: Change, intent: Recorded, error: ReconcilerError) -> Step:
        """No answer came: look for the content until it is known whether there is one now.

        Only what was found ends the intent. The next run looks once more for what was not, since
        a request may reach the service later than anybody waits.
        """
        try:
            seen = look_for([intent], self.service, self.patience)[intent.id]
        except InterruptError as stopped:
            return Step(outcomes=(failed(change, error),), error=stopped)
        if isinstance(seen, ServiceError):
            weighs = seen if isinstance(seen, HopelessError) else error
            return Step(outcomes=(failed(change, error),), error=weighs)
        if seen.id is None:
            return Step(outcomes=(_never_came(change, error),), error=error)
        return _created(change, intent, Receipt(request_uuid=uuid_of(error), id=seen.id))

    def _intent(self, change: Change) -> Recorded:
        place = self.context.endpoint_of(change.project)
        content = submission(change).content
        unnamed = stand_in(endpoint=place, project=change.project, content=content)
        return self.context.record(change, unnamed, Origin.CREATED)


def _created(change: Change, intent: Recorded, receipt: Receipt) -> Step:
    if receipt.id is None:
        raise AssertionError("a receipt of an application has an id")
    record = replace(fulfilled(intent, receipt.id), request_uuid=receipt.request_uuid)
    return Step(
        outcomes=(done(change, Result.CREATED, receipt),), records=(record,), ended=(intent.id,)
    )


def _never_came(change: Change, error: ReconcilerError) -> Outcome:
    """Asked for again and again, the service does not have it."""
    detail = f"{error.summary}; the service does not have it"
    return replace(failed(change, error), result=Result.FAILED, detail=detail)


def _undecided(change: Change) -> Outcome:
    """An earlier application for it has no known end: a further one might be a second one."""
    return replace(
        done(change, Result.UNKNOWN),
        detail="an earlier application was never answered, and could not be looked for; "
        "run apply again",
    )
