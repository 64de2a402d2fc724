"""Moving records to another state: what it has newer stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import EXIT_REFUSED, RefusedError
from reconciler.model import Recorded
from reconciler.state.entries import age
from reconciler.state.transfer import transfer
from tests.unit.builders import recorded
from tests.unit.test_state_entries import EARLY, LATE, MIDDLE, at

SHOWN = "git:origin#refs/reconciler/state"


def one(record: Recorded, id: str = "SIG1") -> dict[str, Recorded]:
    return {id: replace(record, id=id)}


def test_what_is_missing_or_older_is_written_and_what_is_the_same_is_not() -> None:
    source = one(at(LATE)) | one(at(EARLY), "SIG2") | one(at(EARLY), "SIG3")
    target = one(at(EARLY)) | one(at(EARLY), "SIG3") | one(at(EARLY), "SIG4")
    found = transfer(source, target, shown=SHOWN)
    assert [record.id for record in found.records] == ["SIG1", "SIG2"]
    assert found.same == 1


def test_a_later_look_at_the_same_submission_is_newer() -> None:
    found = transfer(one(at(EARLY, seen=LATE)), one(at(EARLY, seen=MIDDLE)), shown=SHOWN)
    assert len(found.records) == 1


@pytest.mark.parametrize("theirs", [at(LATE), at(EARLY, seen=LATE), replace(at(EARLY), name="x")])
def test_a_newer_record_or_another_one_as_old_is_refused_by_name(theirs: Recorded) -> None:
    with pytest.raises(RefusedError) as caught:
        transfer(one(at(EARLY)), one(theirs), shown=SHOWN)
    assert caught.value.summary == (
        f"{SHOWN} has newer records of shop (SIG1); nothing was written"
    )
    assert "reconciler state rm" in caught.value.advice
    assert caught.value.exit_code == EXIT_REFUSED


def test_a_refusal_stays_readable() -> None:
    ids = [f"SIG{number}" for number in range(8)]
    source = {each: replace(recorded(each), at=EARLY) for each in ids}
    target = {each: replace(recorded(each), at=LATE) for each in ids}
    with pytest.raises(RefusedError, match=r"SIG4\) and 3 more; nothing was written"):
        transfer(source, target, shown=SHOWN)


@given(times=st.lists(st.tuples(st.sampled_from([EARLY, MIDDLE, LATE]), st.booleans()), max_size=6))
def test_nothing_newer_is_ever_overwritten(times: list[tuple[str, bool]]) -> None:
    source = {f"S{n}": replace(recorded(f"S{n}"), at=time) for n, (time, _) in enumerate(times)}
    target = {
        f"S{n}": replace(recorded(f"S{n}"), at=MIDDLE) for n, (_, has) in enumerate(times) if has
    }
    try:
        found = transfer(source, target, shown=SHOWN)
    except RefusedError:
        assert any(age(target[key]) > age(source[key]) for key in target)
        return
    for record in found.records:
        assert record.id not in target or age(record) > age(target[record.id])
    assert {**target, **{record.id: record for record in found.records}} == {**target, **source}
