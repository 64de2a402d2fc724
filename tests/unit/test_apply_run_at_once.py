"""Walking a plan: many requests at once, yet recorded one by one."""

from __future__ import annotations

import threading

from reconciler.plan.outcomes import Outcome, Result
from tests.unit.apply_world import WAIT, World
from tests.unit.fakes import Point


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
