"""Walking a plan until somebody interrupts it: stopped in good order."""

from __future__ import annotations

import threading

from reconciler.errors import InterruptError
from reconciler.plan.outcomes import Result
from tests.unit.apply_world import WAIT, World, results
from tests.unit.fakes import Point


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
