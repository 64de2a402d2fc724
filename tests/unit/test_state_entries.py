"""Which of two outcomes stays, when others were quicker."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model import Observation, Origin, Recorded, ReviewStatus
from reconciler.state.entries import Entry, age, happened, still_ours
from tests.unit.builders import recorded

EARLY, MIDDLE, LATE = (f"2026-11-2{day}T08:00:00+00:00" for day in (0, 1, 2))


def at(time: str, *, seen: str | None = None, origin: Origin = Origin.SUBMITTED) -> Recorded:
    answer = (
        None if seen is None else Observation(status=ReviewStatus.REJECTED, rejection="no", at=seen)
    )
    return replace(recorded(), at=time, observation=answer, origin=origin)


def put(record: Recorded) -> Entry:
    return Entry(id=record.id, name=record.name, record=record, text="", at=MIDDLE, why="x")


REMOVED = Entry(id="SIG1", name="shop", record=None, text=None, at=MIDDLE, why="forgotten")


class TestWhatHappened:
    @pytest.mark.parametrize("origin", list(Origin))
    def test_is_how_the_record_came_to_be(self, origin: Origin) -> None:
        assert happened(at(EARLY, origin=origin)) == origin.value

    def test_is_an_adoption_though_the_status_was_seen_with_it(self) -> None:
        assert happened(at(EARLY, seen=EARLY, origin=Origin.ADOPTED)) == "adopted"

    def test_is_what_the_reviewer_said_since(self) -> None:
        assert happened(at(EARLY, seen=LATE)) == "seen rejected"
        assert happened(at(EARLY, seen=LATE, origin=Origin.ADOPTED)) == "seen rejected"
        assert happened(at(LATE, seen=EARLY)) == "seen rejected"  # a clock went back


class TestAnEntry:
    @pytest.mark.parametrize("entry", [put(at(EARLY)), REMOVED])
    def test_goes_in_over_what_it_was_made_from_whatever_the_clocks_say(self, entry: Entry) -> None:
        assert still_ours(entry, at(LATE, seen=LATE), untouched=True)

    def test_goes_in_over_an_older_record_of_somebody_else(self) -> None:
        assert still_ours(put(at(LATE)), at(EARLY, seen=MIDDLE), untouched=False)
        assert still_ours(put(at(EARLY, seen=LATE)), at(EARLY, seen=MIDDLE), untouched=False)

    @pytest.mark.parametrize("theirs", [at(LATE), at(EARLY, seen=LATE), at(EARLY)])
    def test_yields_to_a_newer_record_and_to_one_as_old(self, theirs: Recorded) -> None:
        assert not still_ours(put(at(EARLY)), theirs, untouched=False)

    def test_brings_back_what_somebody_else_forgot(self) -> None:
        assert still_ours(put(at(EARLY)), None, untouched=False)

    def test_that_forgets_yields_to_a_later_submission(self) -> None:
        assert not still_ours(REMOVED, at(LATE), untouched=False)
        assert still_ours(REMOVED, at(EARLY, seen=LATE), untouched=False)
        assert not still_ours(REMOVED, None, untouched=False)

    @given(
        ours=st.tuples(
            st.sampled_from([EARLY, MIDDLE, LATE]), st.sampled_from([None, EARLY, LATE])
        ),
        theirs=st.tuples(
            st.sampled_from([EARLY, MIDDLE, LATE]), st.sampled_from([None, EARLY, LATE])
        ),
    )
    def test_never_goes_in_over_a_newer_record(
        self, ours: tuple[str, str | None], theirs: tuple[str, str | None]
    ) -> None:
        mine, current = at(ours[0], seen=ours[1]), at(theirs[0], seen=theirs[1])
        if still_ours(put(mine), current, untouched=False):
            assert age(mine) > age(current)
        else:
            assert age(mine) <= age(current)
