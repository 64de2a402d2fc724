"""Applying for a signature: noted before, found after, and never done twice."""

from __future__ import annotations

import pytest

from reconciler.apply.intents import Patience, stand_in
from reconciler.apply.step import Step
from reconciler.apply.steps import Steps
from reconciler.errors import (
    HopelessError,
    InterruptError,
    NoAnswerError,
    RejectedRequestError,
    ServiceError,
    StateError,
)
from reconciler.model import Origin, ReviewStatus
from reconciler.plan.build import change
from reconciler.plan.outcomes import Result
from reconciler.plan.pairing import Target
from reconciler.ports import Receipt
from tests.unit.builders import NOT_FOUND, PROJECT, desired
from tests.unit.engine import CONTEXT
from tests.unit.fakes import FakeService, FakeStore, Point, Remote, failing

CONTENT = "甲乙丙丁"
JOB = (change(Target(desired=desired(ids=()), id=None, recorded=None), NOT_FOUND),)
INTENT = stand_in(endpoint=CONTEXT.endpoint, project=PROJECT, content=CONTENT)
LOST = NoAnswerError("cut off", accepted=None, request_uuid="uuid-lost")


class Desk:
    """A service and a state, and what was waited for between two looks."""

    def __init__(self, *, stops_after: int | None = None) -> None:
        self.service, self.store = FakeService(), FakeStore()
        self.waited: list[float] = []
        self.stops_after = stops_after

    def pause(self, seconds: float) -> bool:
        self.waited.append(seconds)
        return self.stops_after == len(self.waited)

    def take(self) -> Step:
        patience = Patience(pause=self.pause)
        return Steps(self.service, CONTEXT, self.store, patience).take(JOB)


def results(step: Step) -> list[tuple[str | None, Result]]:
    return [(each.id, each.result) for each in step.outcomes]


def arriving(desk: Desk, *, at_look: int, error: ServiceError = LOST) -> None:
    """The request's answer is lost, and what it made shows up only at that look."""
    looks = 0

    def script(point: Point, about: str) -> BaseException | None:
        nonlocal looks
        if point is Point.SEND:
            return error
        if point is Point.ASK:
            looks += 1
            if looks == at_look + 1:  # the first look was before the request
                remote = Remote(project=PROJECT, content=CONTENT, status=ReviewStatus.PENDING)
                desk.service.remotes["LATE"] = remote
        return None

    desk.service.script = script


class TestAnApplication:
    def test_is_noted_before_the_request_and_recorded_after_it(self) -> None:
        desk = Desk()
        step = desk.take()
        (record,) = step.records
        assert results(step) == [("NEW0", Result.CREATED)]
        assert (record.id, record.origin, record.request_uuid) == ("NEW0", Origin.CREATED, "uuid-1")
        assert desk.store.events == [f"begin {CONTENT}"]
        assert step.ended == (INTENT,)
        assert desk.store.begun[INTENT].submission == record.submission
        assert desk.service.asked == [CONTENT]

    def test_that_cannot_be_noted_is_not_sent(self) -> None:
        desk = Desk()
        desk.store.script = failing({(Point.KEEP, "intent"): StateError("disk full")})
        step = desk.take()
        assert results(step) == [(None, Result.FAILED)]
        assert isinstance(step.error, StateError)
        assert desk.service.writes == []

    def test_that_was_refused_has_failed_and_leaves_no_intent(self) -> None:
        desk = Desk()
        error = RejectedRequestError("parameter invalid", code=18003)
        desk.service.script = failing({(Point.SEND, CONTENT): error})
        step = desk.take()
        assert results(step) == [(None, Result.FAILED)]
        assert (step.ended, step.records, step.error) == ((INTENT,), (), error)

    def test_that_was_interrupted_before_it_was_sent_leaves_no_intent(self) -> None:
        desk = Desk()
        desk.service.script = failing({(Point.SEND, CONTENT): InterruptError("stopped")})
        with pytest.raises(InterruptError):
            desk.take()
        assert desk.store.begun == {}

    def test_is_not_made_while_an_earlier_one_has_no_known_end(self) -> None:
        """Whoever could not be asked about it must not be asked for a second one."""
        desk = Desk()
        desk.take()
        desk.service.remotes.clear()
        step = desk.take()
        assert results(step) == [(None, Result.UNKNOWN)]
        assert "earlier application" in step.outcomes[0].detail
        assert len(desk.service.writes) == 1

    def test_is_answered_with_an_id_or_the_service_breaks_its_word(self) -> None:
        desk = Desk()

        class Nameless(FakeService):
            def create(self, **_: object) -> Receipt:
                return Receipt(request_uuid=None)

        desk.service = Nameless()
        with pytest.raises(AssertionError, match="has an id"):
            desk.take()


class TestWithoutAnAnswer:
    @pytest.mark.parametrize("look", [1, 2, 3, 4])
    def test_it_is_looked_for_with_growing_pauses_until_it_is_there(self, look: int) -> None:
        desk = Desk()
        arriving(desk, at_look=look)
        step = desk.take()
        (record,) = step.records
        assert results(step) == [("LATE", Result.CREATED)]
        assert (record.id, record.origin) == ("LATE", Origin.CREATED)
        assert record.request_uuid == "uuid-lost"
        assert desk.waited == [1.0, 2.0, 4.0][: look - 1]
        assert step.ended == (INTENT,)

    def test_and_without_a_trace_it_has_failed_but_the_next_run_looks_again(self) -> None:
        desk = Desk()
        desk.service.script = failing({(Point.SEND, CONTENT): LOST})
        step = desk.take()
        assert results(step) == [(None, Result.FAILED)]
        assert step.outcomes[0].detail == "cut off; the service does not have it"
        assert (step.ended, desk.waited) == ((), [1.0, 2.0, 4.0])
        assert INTENT in desk.store.begun

    def test_and_without_an_answer_to_the_looks_either_nobody_knows(self) -> None:
        desk = Desk()

        def script(point: Point, about: str) -> BaseException | None:
            if point is Point.SEND:
                return LOST
            sent = INTENT in desk.store.begun
            return NoAnswerError("no route") if sent and point is Point.ASK else None

        desk.service.script = script
        step = desk.take()
        assert results(step) == [(None, Result.UNKNOWN)]
        assert (step.error, step.ended) == (LOST, ())

    def test_a_hopeless_look_says_so_upwards(self) -> None:
        desk = Desk()
        hopeless = HopelessError("no permission")

        def script(point: Point, about: str) -> BaseException | None:
            if point is Point.SEND:
                return LOST
            return hopeless if INTENT in desk.store.begun and point is Point.ASK else None

        desk.service.script = script
        step = desk.take()
        assert (results(step), step.error) == ([(None, Result.UNKNOWN)], hopeless)

    def test_an_interruption_ends_the_looking_and_leaves_the_intent(self) -> None:
        desk = Desk(stops_after=1)
        desk.service.script = failing({(Point.SEND, CONTENT): LOST})
        step = desk.take()
        assert results(step) == [(None, Result.UNKNOWN)]
        assert isinstance(step.error, InterruptError)
        assert (step.ended, desk.waited) == ((), [1.0])


def test_the_real_patience_waits_as_long_as_it_says() -> None:
    assert Patience(pauses=(0.0,)).pause(0.0) is False
