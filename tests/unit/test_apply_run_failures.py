"""Walking a plan past failures: what stops it, and what is said where nothing could be recorded."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from reconciler.errors import HopelessError, NoAnswerError, RejectedRequestError, StateError
from reconciler.model import ReviewStatus
from reconciler.plan.outcomes import Outcome, Result
from tests.unit.apply_world import WAIT, World, results
from tests.unit.engine import carry_out, plan_for
from tests.unit.fakes import Point, failing


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
