"""Convergence, idempotence, and that a failure never loses a record: for any world."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from copy import deepcopy

from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.apply.recover import recover
from reconciler.errors import (
    HopelessError,
    InterruptError,
    NoAnswerError,
    RejectedRequestError,
    StateError,
)
from reconciler.model import ReviewStatus
from reconciler.plan.changes import Plan
from reconciler.plan.outcomes import Outcome, Result
from tests.unit.engine import CONTEXT, PATIENCE, carry_out, pending, plan_for
from tests.unit.fakes import Crash, FakeService, FakeStore, Numbered, Point, peace
from tests.unit.worlds import World, statuses, worlds

NEXT: Mapping[ReviewStatus, frozenset[ReviewStatus]] = {
    ReviewStatus.PENDING: frozenset(
        {ReviewStatus.REVIEWING, ReviewStatus.APPROVED, ReviewStatus.REJECTED}
    ),
    ReviewStatus.REVIEWING: frozenset({ReviewStatus.APPROVED, ReviewStatus.REJECTED}),
    ReviewStatus.APPROVED: frozenset({ReviewStatus.DISABLED}),
    ReviewStatus.REJECTED: frozenset(),
    ReviewStatus.DISABLED: frozenset(),
}

Fault = Callable[[Point], BaseException | None]

SERVICE_POINTS = frozenset({Point.ASK, Point.SEND, Point.ANSWER})
BEFORE_THE_SERVICE = frozenset({Point.ASK, Point.SEND})
STATE_POINTS = frozenset({Point.KEEP, Point.KEPT})


def at(points: frozenset[Point], make: Callable[[], BaseException]) -> Fault:
    """A fault that can only come up at these points; elsewhere nothing happens."""
    return lambda point: make() if point in points else None


FAULTS: Mapping[str, Fault] = {
    "refused": at(BEFORE_THE_SERVICE, lambda: RejectedRequestError("refused", code=18003)),
    "unsent": at(BEFORE_THE_SERVICE, lambda: NoAnswerError("not sent", accepted=False)),
    "unanswered": at(SERVICE_POINTS, lambda: NoAnswerError("no answer", accepted=None)),
    "hopeless": at(BEFORE_THE_SERVICE, lambda: HopelessError("no permission")),
    "interrupted": at(BEFORE_THE_SERVICE, lambda: InterruptError("stopped")),
    "state": at(STATE_POINTS, lambda: StateError("disk full")),
    "death": at(frozenset(Point), Crash),
}

scripts = st.dictionaries(
    st.integers(0, 30), st.sampled_from(sorted(FAULTS)).map(FAULTS.__getitem__), max_size=4
)


class Run:
    """A world, its engine, and what the service and the user saw of them."""

    def __init__(self, world: World) -> None:
        self.desired = world.desired
        self.service = FakeService(deepcopy(dict(world.remotes)))
        self.store = FakeStore(world.records)
        self.reported: list[Outcome] = []

    def plan(self) -> Plan:
        return plan_for(self.desired, self.service, self.store)

    def apply(self, *, parallelism: int = 1) -> Plan:
        """Find out about what was left open, plan and apply; the plan that was applied."""
        recover(self.store, self.service, CONTEXT, PATIENCE)
        plan = self.plan()
        carry_out(
            plan,
            self.service,
            self.store,
            parallelism=parallelism,
            report=self.reported.append,
        )
        return plan

    def apply_among_faults(self, faults: Mapping[int, Fault], *, parallelism: int) -> bool:
        """Whether the process lived; afterwards the faults are over."""
        script = Numbered(faults)
        self.service.script = self.store.script = script
        with suppress(Crash, HopelessError, InterruptError):  # dead, or ended while planning
            self.apply(parallelism=parallelism)
        self.service.script = self.store.script = peace
        return not script.dead

    def settle(self) -> None:
        """As often as it takes: a content that is in the way of another's costs a round, and so
        does a tombstone without an id, which finds what has its content one at a time."""
        for _ in range(3):
            self.apply()

    def review(self, decisions: Mapping[str, ReviewStatus]) -> None:
        """Let the reviewer decide, forwards only: what he has decided he does not take back."""
        for key, status in decisions.items():
            remote = self.service.remotes.get(key)
            if remote is not None and status in NEXT[remote.status]:
                remote.status = status

    def forgotten(self) -> set[str]:
        """Ids whose last accepted description the state does not have."""
        last = dict(self.service.submitted)
        return {
            key
            for key, fingerprint in last.items()
            if key in self.service.remotes
            and (
                key not in self.store.records or self.store.records[key].fingerprint != fingerprint
            )
        }

    def pending(self) -> list[tuple[str, str | None, str]]:
        return [(row.name, row.id, row.action.value) for row in pending(self.plan())]


decisions = st.dictionaries(
    st.sampled_from(("SIG1", "SIG2", "SIG3", "SIG4", "SIG5", "SIG8", "SIG9", "NEW0")), statuses
)


@settings(max_examples=250)
@given(world=worlds(), parallelism=st.integers(1, 3))
def test_after_an_apply_the_plan_is_empty(world: World, parallelism: int) -> None:
    run = Run(world)
    plan = run.apply(parallelism=parallelism)
    assert not {Result.FAILED, Result.UNKNOWN} & {
        outcome.result for outcome in run.reported if outcome.reason != "query_failed"
    }
    if plan.errors or any(want.absent and not want.ids for want in world.desired):
        run.settle()
    assert run.pending() == []


@given(world=worlds())
def test_applying_twice_does_no_more_than_applying_once(world: World) -> None:
    run = Run(world)
    run.settle()
    writes, events = list(run.service.writes), list(run.store.events)
    run.apply()
    assert (run.service.writes, run.store.events) == (writes, events)


@given(world=worlds(), before=decisions, between=decisions, after=decisions)
def test_whatever_the_reviewer_does_nothing_is_sent_that_the_manifests_do_not_ask_for(
    world: World,
    before: Mapping[str, ReviewStatus],
    between: Mapping[str, ReviewStatus],
    after: Mapping[str, ReviewStatus],
) -> None:
    """He may act before the run, between plan and write, and at any time afterwards."""
    run = Run(world)
    run.review(before)
    plan = run.plan()
    run.review(between)
    carry_out(plan, run.service, run.store, report=run.reported.append)
    failed = [outcome.reason for outcome in run.reported if outcome.result is Result.FAILED]
    assert set(failed) <= {"query_failed"}  # what he made impossible is skipped, not tried
    run.settle()
    writes = list(run.service.writes)
    run.review(after)
    run.apply()
    further = [name for name, _ in run.service.writes[len(writes) :]]
    assert set(further) <= {"delete"}  # a tombstone had to wait for him
    assert max(Counter(run.service.submitted).values(), default=0) <= 1


@settings(max_examples=250)
@given(world=worlds(), faults=scripts, parallelism=st.integers(1, 3))
def test_a_failure_never_loses_a_record(
    world: World, faults: Mapping[int, Fault], parallelism: int
) -> None:
    run = Run(world)
    lived = run.apply_among_faults(faults, parallelism=parallelism)
    if lived:
        told = {o.id for o in run.reported if o.result is Result.UNKNOWN}
        told |= {o.id for o in run.reported if "NOT RECORDED" in o.detail}
        unknown = {o.name for o in run.reported if o.result is Result.UNKNOWN}
        created = {key for name, keys in run.service.writes if name == "create" for key in keys}
        assert run.forgotten() - created <= told
        assert len(run.forgotten() & created - told) <= len(unknown)
    else:
        in_flight = [keys for _, keys in run.service.writes if run.forgotten() & set(keys)]
        assert len(in_flight) <= parallelism


@settings(max_examples=250)
@given(world=worlds(), faults=scripts, parallelism=st.integers(1, 3))
def test_after_a_failure_the_next_runs_converge_and_send_nothing_more_than_once_more(
    world: World, faults: Mapping[int, Fault], parallelism: int
) -> None:
    run = Run(world)
    run.apply_among_faults(faults, parallelism=parallelism)
    lost = run.forgotten()
    sent = Counter(run.service.submitted)
    run.settle()
    assert run.pending() == []
    assert run.forgotten() == set()
    again = Counter(run.service.submitted) - sent
    for (key, _), count in again.items():
        assert count == 1
        assert key in lost or (key, _) not in sent


@settings(max_examples=200)
@given(world=worlds(), faults=scripts)
def test_no_failure_makes_a_second_signature(world: World, faults: Mapping[int, Fault]) -> None:
    run = Run(world)
    run.apply_among_faults(faults, parallelism=2)
    run.settle()
    made = [key for name, keys in run.service.writes if name == "create" for key in keys]
    wanted = [run.service.remotes[key] for key in made if key in run.service.remotes]
    assert len({(each.project, each.content) for each in wanted}) == len(made)


@settings(max_examples=50)
@given(world=worlds())
def test_a_plan_does_not_depend_on_the_order_of_anything(world: World) -> None:
    run, mirrored = Run(world), Run(world)
    mirrored.desired = tuple(reversed(world.desired))
    mirrored.store = FakeStore(dict(reversed(list(world.records.items()))))
    assert mirrored.plan() == run.plan()


@settings(max_examples=50)
@given(world=worlds())
def test_planning_writes_nothing(world: World) -> None:
    run = Run(world)
    run.plan()
    assert (run.service.writes, run.store.events) == ([], [])
    assert run.service.remotes == dict(world.remotes)


@settings(max_examples=50)
@given(world=worlds())
def test_a_stopped_run_does_nothing_but_what_it_says(world: World) -> None:
    run = Run(world)
    stop = threading.Event()
    stop.set()
    carry_out(run.plan(), run.service, run.store, stop=stop, report=run.reported.append)
    assert run.service.writes == []
    assert {outcome.result for outcome in run.reported} <= {Result.SKIPPED, Result.FAILED}
