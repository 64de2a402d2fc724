"""Walk a plan: several jobs at once, each recorded the moment its answer is known.

The worker that got an answer records it before it takes up anything else, so a process killed at
any instant has lost no accepted submission but those in flight. The lock around recording and
reporting keeps both in the order in which answers came.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace
from functools import partial

from reconciler.apply.deleting import AT_ONCE
from reconciler.apply.step import Step, left
from reconciler.apply.steps import Steps
from reconciler.errors import (
    HopelessError,
    InterruptError,
    KeptError,
    ReconcilerError,
    StateError,
)
from reconciler.plan.changes import QUIET, Action, Change, Plan
from reconciler.plan.outcomes import Outcome, Result
from reconciler.ports import StateStore

Report = Callable[[Outcome], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """What was done, in the order in which it was known, and why it ended early, if it did."""

    outcomes: tuple[Outcome, ...]
    stopped_by: ReconcilerError | None
    """A hopeless answer, an unwritable state or an interruption; None when all was tried."""


@dataclass(slots=True, kw_only=True)
class _Run:
    """What the workers share."""

    store: StateStore
    report: Report
    stop: threading.Event
    """The user's: a signal sets it, and a second signal leaves at once."""
    broken: threading.Event = field(default_factory=threading.Event)
    """Ours: going on would do what nobody could record, or what nobody waits for."""
    lock: threading.Lock = field(default_factory=threading.Lock)
    outcomes: list[Outcome] = field(default_factory=list)
    stopped_by: ReconcilerError | None = None
    halted: set[str] = field(default_factory=set)
    """Projects that got a hopeless answer: nothing more is sent for them."""

    def finish(self, step: Step, project: str = "") -> None:
        """Record what was accepted, then say so; never the other way round."""
        with self.lock:
            lost = self._record(step)
            # What was not recorded must be found again, and only its intent tells how.
            open_still = None if lost else self._end_intents(step)
            # First, since a report may fail: nobody may be reading the output any more.
            self._end_early(next(iter(lost.values()), open_still or step.error), project)
            self._note(_unrecorded(outcome, lost) for outcome in step.outcomes)

    def rename(self, changes: Iterable[Change]) -> None:
        """Let the records of moved manifests follow, though nothing else happens to them.

        A manifest without an id finds its record by content or else by name. Were the old name
        kept, moving the file and editing its content later would apply for a second signature.
        """
        pairs = [(each.recorded, each.name) for each in changes if each.action in QUIET]
        moved = [replace(had, name=name) for had, name in pairs if had and had.name != name]
        self.finish(Step(outcomes=(), records=tuple(moved)))

    def may_start(self, job: tuple[Change, ...]) -> bool:
        """Whether nothing has ended this job's part of the run."""
        ended = self.stop.is_set() or self.broken.is_set()
        return not ended and job[0].project not in self.halted

    def leave(self, job: tuple[Change, ...]) -> None:
        """Say of a job that it was not started, and why."""
        with self.lock:
            ours = job[0].project in self.halted or isinstance(self.stopped_by, StateError)
            if not ours:
                self.stopped_by = InterruptError("interrupted; what was done is recorded")
            self._note(left(change, "stopped" if ours else "interrupted") for change in job)

    def note(self, outcomes: Iterable[Outcome]) -> None:
        """Say what needs no recording."""
        with self.lock:
            self._note(outcomes)

    def _note(self, outcomes: Iterable[Outcome]) -> None:
        for outcome in outcomes:
            self.outcomes.append(outcome)
            self.report(outcome)

    def _record(self, step: Step) -> dict[str, StateError]:
        """Try every one, even after a failure; which ids were lost, and why."""
        lost: dict[str, StateError] = {}
        keeping = [(record.id, partial(self.store.put, record)) for record in step.records]
        ends = {each.id: each.result.value for each in step.outcomes}
        keeping += [
            (gone, partial(self.store.remove, gone, why=ends[gone])) for gone in step.forgotten
        ]
        for kept, keep in keeping:
            try:
                keep()
            except StateError as error:
                lost[kept] = error
        return lost

    def _end_intents(self, step: Step) -> StateError | None:
        try:
            for intent in step.ended:
                self.store.end(intent)
        except StateError as error:
            return error
        return None

    def _end_early(self, error: ReconcilerError | None, project: str) -> None:
        if isinstance(error, HopelessError):
            self.halted.add(project)
            self.stopped_by = self.stopped_by or error
        elif isinstance(error, StateError | InterruptError):
            ended = isinstance(self.stopped_by, StateError | InterruptError)
            self.stopped_by = self.stopped_by if ended else error
            if isinstance(error, StateError):
                self.broken.set()


def apply(
    plan: Plan,
    steps: Steps,
    store: StateStore,
    *,
    parallelism: int,
    stop: threading.Event,
    report: Report,
) -> Applied:
    """Do what the plan says and report each outcome as it becomes known, from any thread.

    Setting `stop` (Ctrl-C) lets requests in flight finish and starts no further ones. Every row
    but a no-op gets an outcome.
    """
    run = _Run(store=store, report=report, stop=stop)
    run.note(_undecided(plan))
    run.rename(plan.changes)
    with ThreadPoolExecutor(max_workers=parallelism) as pool:
        try:
            futures = [pool.submit(_work, run, steps, job) for job in _jobs(plan.changes)]
            wait(futures)
        except BaseException:
            # Whatever struck this thread, the workers must not outlive the state's lock by much.
            run.broken.set()
            raise
    for future in futures:
        future.result()  # a bug in a worker is a bug here
    return Applied(outcomes=tuple(run.outcomes), stopped_by=run.stopped_by)


def _work(run: _Run, steps: Steps, job: tuple[Change, ...]) -> None:
    if not run.may_start(job):
        run.leave(job)
        return
    try:
        step = steps.take(job)
    except InterruptError:
        run.leave(job)
    else:
        run.finish(step, job[0].project)


def _jobs(changes: Iterable[Change]) -> list[tuple[Change, ...]]:
    """Rows that go out together: the ids of one manifest to resubmit, a project's deletions in
    batches; all others alone.
    """
    jobs: dict[tuple[object, ...], tuple[Change, ...]] = {}
    deletions: Counter[str] = Counter()
    for change in changes:
        if change.action in QUIET:
            continue
        key: tuple[object, ...] = (change.action, change.name, change.id)
        if change.action is Action.RESUBMIT:
            key = (change.action, change.name)
        if change.action is Action.DELETE:
            key = (change.action, change.project, deletions[change.project] // AT_ONCE)
            deletions[change.project] += 1
        jobs[key] = (*jobs.get(key, ()), change)
    return list(jobs.values())


def _undecided(plan: Plan) -> Iterator[Outcome]:
    """The rows that apply cannot do anything about: blocked ones, and those nobody could read."""
    for change in plan.changes:
        if change.action is Action.BLOCKED:
            yield left(change, change.verdict.reason.value)
    for row in plan.errors:
        yield Outcome(
            name=row.name,
            id=row.id,
            result=Result.FAILED,
            reason="query_failed",
            detail=row.summary,
        )


def _unrecorded(outcome: Outcome, lost: Mapping[str, StateError]) -> Outcome:
    """Done, but not recorded, or not where all can see it: say both."""
    error = lost.get(outcome.id or "")
    if error is None:
        return outcome
    words = "done" if isinstance(error, KeptError) else "done, but NOT RECORDED"
    return replace(outcome, detail=f"{words}: {error.summary}")
