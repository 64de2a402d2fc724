"""Review hours: Monday to Friday, 09:00 to 18:00 in Beijing, wherever the clock is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.reviewhours import BEIJING, is_open, next_opening, waited

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def beijing(text: str) -> datetime:
    """Such as `Fri 17:30`, in the week of 2026-11-16."""
    day, clock = text.split()
    number = 16 + ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].index(day)
    return datetime.fromisoformat(f"2026-11-{number}T{clock}:00+08:00")


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ("Mon 09:00", "Mon 18:00", 9),
        ("Mon 10:30", "Mon 11:00", 0.5),
        ("Mon 07:00", "Mon 08:59", 0),
        ("Mon 19:00", "Tue 08:00", 0),
        ("Mon 17:00", "Tue 10:00", 2),
        ("Mon 08:00", "Fri 20:00", 45),
        ("Fri 17:30", "Sun 23:59", 0.5),
        ("Sat 10:00", "Sun 10:00", 0),
        ("Tue 10:00", "Mon 10:00", 0),
    ],
)
def test_only_working_hours_count(since: str, until: str, hours: float) -> None:
    assert waited(beijing(since), beijing(until)) == pytest.approx(hours)


def test_a_weekend_is_not_worked() -> None:
    friday, monday = beijing("Fri 17:00"), beijing("Mon 10:00") + timedelta(days=7)
    assert waited(friday, monday) == pytest.approx(2)


def test_a_long_wait_costs_no_more_than_a_short_one() -> None:
    since = datetime(1990, 1, 1, tzinfo=UTC)
    assert waited(since, since + timedelta(weeks=52 * 30)) == pytest.approx(52 * 30 * 45)


def test_the_zone_of_the_clock_does_not_matter() -> None:
    since, until = beijing("Mon 10:00"), beijing("Wed 15:00")
    elsewhere = timezone(timedelta(hours=-7))
    assert waited(since.astimezone(elsewhere), until.astimezone(UTC)) == waited(since, until)


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(days=60)), st.floats(0, 1))
def test_a_wait_is_the_sum_of_its_parts_and_no_longer_than_the_time(
    since: datetime, length: timedelta, part: float
) -> None:
    middle, until = since + length * part, since + length
    assert waited(since, until) == pytest.approx(
        waited(since, middle) + waited(middle, until), abs=1e-6
    )
    assert 0 <= waited(since, until) <= length.total_seconds() / 3600 + 1e-6


@pytest.mark.parametrize(
    ("at", "open"),
    [
        ("Mon 08:59", False),
        ("Mon 09:00", True),
        ("Fri 17:59", True),
        ("Fri 18:00", False),
        ("Sat 12:00", False),
    ],
)
def test_they_are_at_work_or_not(at: str, open: bool) -> None:
    assert is_open(beijing(at)) is open


@pytest.mark.parametrize(
    ("after", "opens"),
    [("Mon 08:00", "Mon 09:00"), ("Mon 09:00", "Tue 09:00"), ("Thu 20:00", "Fri 09:00")],
)
def test_the_next_opening_is_later(after: str, opens: str) -> None:
    assert next_opening(beijing(after)) == beijing(opens)


def test_the_next_opening_after_friday_is_on_monday() -> None:
    assert next_opening(beijing("Fri 09:00")) == beijing("Mon 09:00") + timedelta(days=7)
    assert next_opening(beijing("Sat 12:00")).tzinfo is BEIJING


@given(MOMENTS)
def test_nobody_works_before_the_next_opening_but_the_rest_of_this_shift(after: datetime) -> None:
    opens = next_opening(after)
    assert is_open(opens)
    assert not is_open(opens - timedelta(minutes=1))
    assert (waited(after, opens) > 0) == is_open(after)
