"""Walking a plan: at once, yet recorded one by one; past failures; and stopped in good order."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from reconciler.apply.run import Applied
from reconciler.errors import (
    HopelessError,
    InterruptError,
    NoAnswerError,
    RejectedRequestError,
    StateError,
)
from reconciler.model import Desired, Recorded, ReviewStatus
from reconciler.plan.changes import Failure
from reconciler.plan.outcomes import Outcome, Result
from tests.unit.builders import PROJECT, desired, recorded
from tests.unit.engine import carry_out, pending, plan_for
from tests.unit.fakes import FakeService, FakeStore, Point, Remote, Script, failing, peace

WAIT = 10.0
"""Seconds before a test gives up on a thread; none waits that long unless it fails."""


class World:
    """`count` signatures `SIG0`…, recorded and pending, whose manifests were all edited."""

    def __init__(self, count: int, *, ids: Mapping[str, tuple[str, ...]] | None = None) -> None:
        named = ids or {f"n{n}": (f"SIG{n}",) for n in range(count)}
        self.desired = [
            desired(name, ids=own, content=f"第{name}号店") for name, own in named.items()
        ]
        records: dict[str, Recorded] = {}
        remotes: dict[str, Remote] = {}
        for name, own in named.items():
            for each in own:
                records[each] = recorded(each, name=name)
                remotes[each] = Remote(
                    project=PROJECT, content="甲乙丙丁", status=ReviewStatus.PENDING
                )
        self.service, self.store = FakeService(remotes), FakeStore(records)
        self.reported: list[Outcome] = []
        self.stop = threading.Event()

    def apply(
        self,
        *,
        service: Script = peace,
        store: Script = peace,
        parallelism: int = 1,
        report: Callable[[Outcome], None] = lambda _: None,
    ) -> Applied:
        plan = plan_for(self.desired, self.service, self.store)
        self.service.script, self.store.script = service, store

        def reporting(outcome: Outcome) -> None:
            self.reported.append(outcome)
            report(outcome)

        return carry_out(
            plan,
            self.service,
            self.store,
            parallelism=parallelism,
            stop=self.stop,
            report=reporting,
        )

    def changed(self) -> list[str]:
        """The ids whose record is that of the manifest now."""
        wanted = {each: want.content for want in self.desired for each in want.ids}
        return [
            key for key, had in self.store.records.items() if had.submission.content == wanted[key]
        ]


def results(applied: Applied) -> list[tuple[str | None, Result, str]]:
    return [(each.id, each.result, each.reason) for each in applied.outcomes]


class TestRecording:
    def test_comes_before_reporting_for_every_one(self) -> None:
        world = World(5)

        def check(outcome: Outcome) -> None:
            assert outcome.id in world.changed()
            world.store.events.append(f"report {outcome.id}")

        applied = world.apply(report=check, parallelism=3)
        assert len(applied.outcomes) == 5
        events = world.store.events
        for put, report in zip(events[::2], events[1::2], strict=True):
            assert put.replace("put", "report") == report

    def test_of_a_list_of_ids_comes_before_any_of_them_is_reported(self) -> None:
        world = World(0, ids={"list": ("SIG1", "SIG2", "SIG3")})
        counts: list[int] = []
        world.apply(report=lambda _: counts.append(len(world.changed())))
        assert counts == [3, 3, 3]
        assert world.service.writes == [("resubmit", ("SIG1", "SIG2", "SIG3"))]

    def test_happens_in_the_order_in_which_answers_came(self) -> None:
        world = World(2)
        told = threading.Event()

        def slow_first(point: Point, about: str) -> None:
            if (point, about) == (Point.ANSWER, "SIG0"):
                assert told.wait(WAIT)

        applied = world.apply(service=slow_first, parallelism=2, report=lambda _: told.set())
        assert [outcome.id for outcome in applied.outcomes] == ["SIG1", "SIG0"]
        assert world.store.events == ["put SIG1", "put SIG0"]
        assert applied.outcomes == tuple(world.reported)

    def test_is_never_done_by_two_at_a_time(self) -> None:
        world = World(2)
        both_answered, intruder = threading.Barrier(2), threading.Event()
        first = threading.Lock()

        def answer(point: Point, _about: str) -> None:
            if point is Point.ANSWER:
                both_answered.wait(WAIT)

        def keep(point: Point, _about: str) -> None:
            if point is Point.KEEP and first.acquire(blocking=False):
                assert not intruder.wait(0.1)  # the other one has its answer, and has to wait
            elif point is Point.KEEP:
                intruder.set()

        applied = world.apply(service=answer, store=keep, parallelism=2)
        assert [each.result for each in applied.outcomes] == [Result.SUBMITTED] * 2


class TestParallelism:
    def test_has_that_many_requests_in_flight(self) -> None:
        world = World(4)
        barrier = threading.Barrier(4)

        def meet(point: Point, _about: str) -> None:
            if point is Point.SEND:
                barrier.wait(WAIT)  # breaks unless all four are here at once

        applied = world.apply(service=meet, parallelism=4)
        assert [each.result for each in applied.outcomes] == [Result.SUBMITTED] * 4

    def test_has_no_more_than_that(self) -> None:
        world = World(12)
        lock, inside, most = threading.Lock(), 0, 0

        def count(point: Point, _about: str) -> None:
            nonlocal inside, most
            with lock:
                inside += {Point.SEND: 1, Point.ANSWER: -1}.get(point, 0)
                most = max(most, inside)

        world.apply(service=count, parallelism=3)
        assert 1 <= most <= 3


class TestAFailure:
    def test_leaves_the_others_alone(self) -> None:
        world = World(3)
        error = RejectedRequestError("format", code=18002)
        applied = world.apply(service=failing({(Point.SEND, "SIG1"): error}))
        assert results(applied) == [
            ("SIG0", Result.SUBMITTED, "changed"),
            ("SIG1", Result.FAILED, "changed"),
            ("SIG2", Result.SUBMITTED, "changed"),
        ]
        assert applied.stopped_by is None
        assert world.changed() == ["SIG0", "SIG2"]

    def test_without_an_answer_leaves_the_record_as_it_was(self) -> None:
        world = World(2)
        error = NoAnswerError("cut off", accepted=None)
        applied = world.apply(service=failing({(Point.ANSWER, "SIG0"): error}))
        assert [each.result for each in applied.outcomes] == [Result.UNKNOWN, Result.SUBMITTED]
        assert world.changed() == ["SIG1"]

    @pytest.mark.parametrize("point", [Point.ASK, Point.SEND])
    def test_that_is_hopeless_stops_everything(self, point: Point) -> None:
        world = World(3)
        error = HopelessError("no permission")
        applied = world.apply(service=failing({(point, "SIG1"): error}))
        assert results(applied) == [
            ("SIG0", Result.SUBMITTED, "changed"),
            ("SIG1", Result.FAILED, "changed"),
            ("SIG2", Result.SKIPPED, "stopped"),
        ]
        assert applied.stopped_by is error
        assert world.changed() == ["SIG0"]

    def test_that_is_hopeless_lets_requests_in_flight_finish_and_be_recorded(self) -> None:
        world = World(3)
        told = threading.Event()
        error = HopelessError("no permission")

        def script(point: Point, about: str) -> BaseException | None:
            if (point, about) == (Point.ANSWER, "SIG0"):
                assert told.wait(WAIT)
            return error if (point, about) == (Point.SEND, "SIG1") else None

        def report(outcome: Outcome) -> None:
            if outcome.id == "SIG1":
                told.set()

        applied = world.apply(service=script, parallelism=2, report=report)
        assert ("SIG0", Result.SUBMITTED, "changed") in results(applied)
        assert world.changed() == ["SIG0"]

    def test_keeps_its_first_reason_for_stopping(self) -> None:
        world = World(2)
        both = threading.Barrier(2)
        errors = {"SIG0": HopelessError("first"), "SIG1": HopelessError("second")}

        def script(point: Point, about: str) -> BaseException | None:
            if point is Point.SEND:
                both.wait(WAIT)
                return errors[about]
            return None

        applied = world.apply(service=script, parallelism=2)
        assert applied.stopped_by is errors[applied.outcomes[0].id or ""]

    def test_that_is_a_bug_surfaces_but_only_after_the_others_are_done(self) -> None:
        world = World(3)
        with pytest.raises(ZeroDivisionError):
            world.apply(service=failing({(Point.SEND, "SIG1"): ZeroDivisionError()}))
        assert world.changed() == ["SIG0", "SIG2"]


class TestAStateThatCannotBeWritten:
    full = StateError("state/SIG1.json: cannot be written: No space left on device")

    def test_is_said_of_what_was_accepted_and_stops_everything(self) -> None:
        world = World(3)
        applied = world.apply(store=failing({(Point.KEEP, "SIG1"): self.full}))
        assert results(applied) == [
            ("SIG0", Result.SUBMITTED, "changed"),
            ("SIG1", Result.SUBMITTED, "changed"),
            ("SIG2", Result.SKIPPED, "stopped"),
        ]
        assert applied.outcomes[1].detail == (
            "done, but NOT RECORDED: state/SIG1.json: cannot be written: No space left on device"
        )
        assert applied.stopped_by is self.full
        assert world.changed() == ["SIG0"]
        assert [ids for _, ids in world.service.writes] == [("SIG0",), ("SIG1",)]

    def test_costs_only_those_of_a_list_that_it_concerns(self) -> None:
        """All three were accepted in one request: whatever can be kept is kept."""
        world = World(0, ids={"list": ("SIG1", "SIG2", "SIG3")})
        applied = world.apply(store=failing({(Point.KEEP, "SIG1"): self.full}))
        assert world.changed() == ["SIG2", "SIG3"]
        said = ["NOT RECORDED" in outcome.detail for outcome in applied.outcomes]
        assert said == [True, False, False]

    def test_is_not_said_of_what_was_skipped(self) -> None:
        world = World(0, ids={"list": ("SIG1", "SIG2")})
        plan = plan_for(world.desired, world.service, world.store)
        world.service.remotes["SIG2"].status = ReviewStatus.APPROVED
        world.store.script = failing({(Point.KEEP, "SIG1"): self.full})
        applied = carry_out(plan, world.service, world.store)
        details = {outcome.id: outcome.detail for outcome in applied.outcomes}
        assert "NOT RECORDED" in details["SIG1"]
        assert "approved now" in details["SIG2"]

    def test_that_fails_to_forget_is_said_too(self) -> None:
        world = World(1)
        world.desired = [replace(world.desired[0], absent=True, submission=None)]
        applied = world.apply(store=failing({(Point.KEEP, "SIG0"): self.full}))
        (outcome,) = applied.outcomes
        assert outcome.result is Result.DELETED
        assert outcome.detail.startswith("done, but NOT RECORDED")
        assert "SIG0" in world.store.records

    def test_is_not_taken_for_durable_though_the_record_is_there(self) -> None:
        world = World(1)
        applied = world.apply(store=failing({(Point.KEPT, "SIG0"): self.full}))
        assert "NOT RECORDED" in applied.outcomes[0].detail
        assert applied.stopped_by is self.full


class TestAnInterruption:
    def test_finishes_and_records_what_is_in_flight_and_starts_nothing_new(self) -> None:
        world = World(4)
        both = threading.Barrier(2, action=lambda: world.stop.set())

        def interrupt(point: Point, _about: str) -> None:
            if point is Point.SEND:
                both.wait(WAIT)

        applied = world.apply(service=interrupt, parallelism=2)
        assert sorted(results(applied), key=lambda each: each[0] or "") == [
            ("SIG0", Result.SUBMITTED, "changed"),
            ("SIG1", Result.SUBMITTED, "changed"),
            ("SIG2", Result.SKIPPED, "interrupted"),
            ("SIG3", Result.SKIPPED, "interrupted"),
        ]
        assert isinstance(applied.stopped_by, InterruptError)
        assert world.changed() == ["SIG0", "SIG1"]

    def test_before_the_start_does_nothing(self) -> None:
        world = World(2)
        world.stop.set()
        applied = world.apply()
        assert {each.reason for each in applied.outcomes} == {"interrupted"}
        assert (world.service.writes, world.store.events) == ([], [])

    def test_of_a_request_that_was_not_sent_is_no_failure(self) -> None:
        """The gateway gives up waiting for its turn when it is told to stop."""
        world = World(2)
        error = InterruptError("stopped while waiting")

        def give_up(point: Point, _about: str) -> BaseException | None:
            if point is Point.SEND:
                world.stop.set()
                return error
            return None

        applied = world.apply(service=give_up)
        assert results(applied) == [
            ("SIG0", Result.SKIPPED, "interrupted"),
            ("SIG1", Result.SKIPPED, "interrupted"),
        ]
        assert isinstance(applied.stopped_by, InterruptError)

    def test_that_comes_too_late_interrupts_nothing(self) -> None:
        world = World(1)
        applied = world.apply(report=lambda _: world.stop.set())
        assert applied.stopped_by is None


class TestRows:
    def test_that_are_blocked_are_skipped_with_their_reason(self) -> None:
        world = World(2)
        world.service.remotes["SIG0"].status = ReviewStatus.APPROVED
        assert results(world.apply()) == [
            ("SIG0", Result.SKIPPED, "approved_immutable"),
            ("SIG1", Result.SUBMITTED, "changed"),
        ]

    def test_that_could_not_be_read_have_failed(self) -> None:
        world = World(2)
        plan = plan_for(world.desired[1:], world.service, FakeStore())
        failed = (Failure(name="n0", id="SIG0", summary="no answer"),)
        applied = carry_out(replace(plan, errors=failed), world.service, world.store)
        (first, second) = applied.outcomes
        assert (first.result, first.reason, first.detail) == (
            Result.FAILED,
            "query_failed",
            "no answer",
        )
        assert second.id == "SIG1"

    def test_that_do_nothing_are_not_spoken_of(self) -> None:
        world = World(2)
        world.apply()
        again = world.apply()
        assert (again.outcomes, again.stopped_by) == ((), None)

    def test_of_every_kind_are_done_in_one_run(self) -> None:
        world = World(1)
        world.desired += [
            desired("adopted", ids=("SIG5",), content="已有店"),
            desired("created", ids=(), content="新开店"),
            replace(desired("deleted", ids=("SIG6",), absent=True), submission=None),
        ]
        world.service.remotes |= {
            key: Remote(project=PROJECT, content=content, status=ReviewStatus.APPROVED)
            for key, content in (("SIG5", "已有店"), ("SIG6", "关张店"))
        }
        world.store.records["SIG7"] = recorded("SIG7", name="forgotten")
        applied = world.apply(parallelism=2)
        assert {each.name: each.result for each in applied.outcomes} == {
            "n0": Result.SUBMITTED,
            "adopted": Result.ADOPTED,
            "created": Result.CREATED,
            "deleted": Result.DELETED,
            "forgotten": Result.FORGOTTEN,
        }
        assert sorted(world.store.records) == ["NEW0", "SIG0", "SIG5"]
        assert pending(plan_for(world.desired, world.service, world.store)) == []


class TestAMovedManifest:
    def moved(self) -> tuple[Desired, FakeService, FakeStore]:
        """Applied for from here, so that no manifest says the id; then the file was moved."""
        service = FakeService(
            {"SIG1": Remote(project=PROJECT, content="甲乙丙丁", status=ReviewStatus.PENDING)}
        )
        return desired("new", ids=()), service, FakeStore({"SIG1": recorded(name="old")})

    def test_takes_its_record_along(self) -> None:
        want, service, store = self.moved()
        applied = carry_out(plan_for([want], service, store), service, store)
        assert applied.outcomes == ()
        assert store.records["SIG1"] == recorded(name="new")

    def test_keeps_its_signature_when_its_content_is_edited_later(self) -> None:
        """Or else a second one would be applied for, and the first one forgotten."""
        want, service, store = self.moved()
        carry_out(plan_for([want], service, store), service, store)
        edited = desired("new", ids=(), content="子丑寅卯")
        applied = carry_out(plan_for([edited], service, store), service, store)
        assert results(applied) == [("SIG1", Result.SUBMITTED, "changed")]

    def test_whose_record_cannot_follow_stops_the_run_before_anything_is_sent(self) -> None:
        want, service, store = self.moved()
        store.records["SIG2"] = recorded("SIG2", name="b", content="辰巳午未")
        service.remotes["SIG2"] = Remote(
            project=PROJECT, content="辰巳午未", status=ReviewStatus.PENDING
        )
        edited = desired("b", ids=("SIG2",), content="申酉戌亥")
        plan = plan_for([want, edited], service, store)
        error = StateError("state/SIG1.json: cannot be written")
        store.script = failing({(Point.KEEP, "SIG1"): error})
        applied = carry_out(plan, service, store)
        assert applied.stopped_by is error
        assert results(applied) == [("SIG2", Result.SKIPPED, "stopped")]
        assert service.writes == []

    def test_that_was_not_moved_writes_nothing(self) -> None:
        want, service, store = self.moved()
        store.records["SIG1"] = recorded(name="new")
        carry_out(plan_for([want], service, store), service, store)
        assert store.events == []
