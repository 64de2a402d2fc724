"""One job of a plan, from the last look at the service to what has to be recorded.

Nothing here knows about threads, progress or order. A step returns what must be recorded, so that
the caller can do that at the right moment; the one exception is the intent to create, which must
be in the state before the request is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from reconciler.apply.context import Context
from reconciler.apply.creating import Creating
from reconciler.apply.deleting import Deleting
from reconciler.apply.intents import Patience
from reconciler.apply.step import (
    Step,
    done,
    failed,
    known_id,
    skipped,
    submission,
    unasked,
)
from reconciler.errors import HopelessError, InterruptError, ReconcilerError
from reconciler.model import Observation, Observed, Origin
from reconciler.plan.build import verdict
from reconciler.plan.changes import Action, Change
from reconciler.plan.outcomes import Outcome, Result
from reconciler.plan.pairing import Target
from reconciler.ports import IntentStore, Service


class Steps:
    """Takes jobs with one service; safe to use from several threads at once."""

    def __init__(
        self,
        service: Service,
        context: Context,
        intents: IntentStore,
        patience: Patience | None = None,
    ) -> None:
        self._service = service
        self._context = context
        self._deleting = Deleting(service=service)
        self._creating = Creating(
            service=service, context=context, intents=intents, patience=patience or Patience()
        )

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
            return Step(outcomes=tuple(unasked(each, error) for each in job), error=error)

    def _adopt(self, change: Change) -> Step:
        seen = Observation(status=change.status, rejection=change.rejection, at=self._context.now())
        record = self._context.record(change, known_id(change), Origin.ADOPTED, observation=seen)
        return Step(outcomes=(done(change, Result.ADOPTED),), records=(record,))

    def _forget(self, change: Change) -> Step:
        return Step(outcomes=(done(change, Result.FORGOTTEN),), forgotten=(known_id(change),))

    def _write(self, action: Action, job: Sequence[Change]) -> Step:
        """Look at each again, then send for those about which the plan is still right."""
        looked = [(change, self._look(change)) for change in job]
        still = [change for change, aside in looked if aside is None]
        aside = tuple(outcome for _, outcome in looked if outcome is not None)
        if not still:
            return Step(outcomes=aside)
        sent = self._send(action, still)
        return replace(sent, outcomes=(*aside, *sent.outcomes))

    def _look(self, change: Change) -> Outcome | None:
        """Ask and decide again; None where the plan is still right, else why nothing is sent."""
        try:
            observed = self._ask(change)
        except (HopelessError, InterruptError):
            raise
        except ReconcilerError as error:
            return unasked(change, error)
        target = Target(desired=change.desired, id=change.id, recorded=change.recorded)
        now = verdict(target, observed)
        return None if now.action is change.action else skipped(change, observed, now)

    def _ask(self, change: Change) -> Observed:
        if change.id is not None:
            return self._service.find(project=change.project, id=change.id)
        content = submission(change).content
        return self._service.find_content(project=change.project, content=content)

    def _send(self, action: Action, job: Sequence[Change]) -> Step:
        try:
            if action is Action.CREATE:
                return self._creating.create(job[0])
            if action is Action.DELETE:
                return self._deleting.delete(job)
            return self._resubmit(job)
        except InterruptError:
            raise
        except ReconcilerError as error:
            return Step(outcomes=tuple(failed(each, error) for each in job), error=error)

    def _resubmit(self, job: Sequence[Change]) -> Step:
        ids = tuple(map(known_id, job))
        receipt = self._service.resubmit(
            project=job[0].project, ids=ids, submission=submission(job[0])
        )
        return Step(
            outcomes=tuple(done(each, Result.SUBMITTED, receipt) for each in job),
            records=tuple(
                self._context.record(each, known_id(each), Origin.SUBMITTED, receipt)
                for each in job
            ),
        )
