"""Waiting for reviewers: over when all are approved, lost when one cannot be, gentle meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import EXIT_DONE, EXIT_FAILURE
from reconciler.model import ReviewStatus
from reconciler.plan.board import Health, Row
from reconciler.plan.waiting import Until, is_over, pause, waiting
from reconciler.reviewhours import is_open

OPEN = datetime(2026, 11, 20, 3, tzinfo=UTC)  # Friday, 11:00 in Beijing
SHUT = datetime(2026, 11, 21, 3, tzinfo=UTC)  # Saturday
DAWN = datetime(2026, 11, 23, 0, 59, tzinfo=UTC)  # Monday, a minute before they come


def row(health: Health, name: str = "shop") -> Row:
    return Row(
        name=name,
        id="SIG1",
        content=None,
        status=ReviewStatus.UNKNOWN,
        health=health,
        in_sync=None,
        rejection=None,
        submitted_at=None,
        age_hours=None,
    )


H, P, D, M, S, U = (
    Health.HEALTHY,
    Health.PROGRESSING,
    Health.DEGRADED,
    Health.MISSING,
    Health.SUSPENDED,
    Health.UNKNOWN,
)


@pytest.mark.parametrize(
    ("healths", "approved", "decided"),
    [
        ([], EXIT_DONE, EXIT_DONE),
        ([H, H], EXIT_DONE, EXIT_DONE),
        ([H, S], EXIT_DONE, EXIT_DONE),
        ([S], EXIT_DONE, EXIT_DONE),
        ([H, P], None, None),
        ([H, U], None, None),
        ([P, D], EXIT_FAILURE, None),
        ([P, M], EXIT_FAILURE, None),
        ([U, D], EXIT_FAILURE, None),
        ([H, D], EXIT_FAILURE, EXIT_FAILURE),
        ([H, M, S], EXIT_FAILURE, EXIT_FAILURE),
    ],
)
def test_it_is_over_when_nothing_can_change_the_answer(
    healths: list[Health], approved: int | None, decided: int | None
) -> None:
    rows = [row(health) for health in healths]
    assert is_over(rows, Until.APPROVED) == approved
    assert is_over(rows, Until.DECIDED) == decided


def test_only_those_without_a_decision_are_asked_about_again() -> None:
    rows = [row(P, "b"), row(U, "a"), row(P, "b"), row(H, "c"), row(D, "d"), row(S, "e")]
    assert waiting(rows) == ("a", "b")


@pytest.mark.parametrize(
    ("now", "left", "seconds"),
    [(OPEN, None, 60), (SHUT, None, 600), (DAWN, None, 60), (OPEN, 5.0, 5), (SHUT, 5.0, 5)],
)
def test_a_pause_is_longer_while_nobody_is_at_work(
    now: datetime, left: float | None, seconds: float
) -> None:
    assert pause(now, 60.0, left) == seconds


@pytest.mark.parametrize(
    ("now", "looks", "seconds"),
    [(OPEN, 1, 2), (OPEN, 2, 4), (OPEN, 5, 32), (OPEN, 6, 60), (SHUT, 1, 2), (SHUT, 9999, 600)],
)
def test_the_first_pauses_may_be_short_at_any_hour(
    now: datetime, looks: int, seconds: float
) -> None:
    assert pause(now, 60.0, None, looks=looks) == seconds


@given(st.datetimes(timezones=st.just(UTC), min_value=datetime(2000, 1, 1)), st.floats(0.1, 3600))
def test_no_pause_sleeps_through_the_opening_or_asks_more_often_than_told(
    now: datetime, interval: float
) -> None:
    seconds = pause(now, interval, None)
    assert interval <= seconds <= interval * 10
    assert is_open(now) is False or seconds == interval
