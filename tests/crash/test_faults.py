"""A disk that is full or broken, a folder that cannot be written, clocks that jump."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from reconciler.model import ReviewStatus
from tests.crash.arena import FILE, GIT, PARALLELISM, Arena
from tests.crash.conftest import MakeArena
from tests.crash.test_kill import EVERYTHING, check_end, points

STATES = pytest.mark.parametrize("state", [FILE, GIT], ids=["file", "git"])
PARTS = 16 if EVERYTHING else 4
FAULTS = (("full", False), ("broken", False), ("full", True), ("broken", True))
"""What happens to the disk, and whether it lasts."""
_totals: dict[str, int] = {}


def writes(enter: MakeArena, state: str) -> int:
    """How many touches of the disk an undisturbed apply makes."""
    if state not in _totals:
        life = enter(state).live("apply", "--yes", at=-1, act="full")
        assert life.touches is not None, life.err
        _totals[state] = life.touches
    return _totals[state]


@STATES
@pytest.mark.parametrize("part", range(PARTS))
def test_a_disk_that_fails_costs_no_outcome_without_a_word(
    enter: MakeArena, state: str, part: int
) -> None:
    for point in points(writes(enter, state), part, PARTS):
        act, lasting = FAULTS[(point if EVERYTHING else part) % len(FAULTS)]
        arena = enter(state)
        life = arena.live("apply", "--yes", at=point, act=act, lasting=lasting)
        assert life.code in {0, 1}, (point, life.code, life.err)
        assert "Traceback" not in life.err
        check_fault(arena, life.out + life.err, failed=life.code == 1)


def check_fault(arena: Arena, said: str, *, failed: bool) -> None:
    """What was sent is recorded or said not to be; nobody goes on sending; then all is mended."""
    recorded, accepted = set(arena.records()), set(arena.accepted())
    lost = accepted - recorded
    assert len(lost) <= PARALLELISM
    for each in lost:
        assert any("NOT RECORDED" in line for line in said.splitlines() if f"{each} " in line), said
    if lost:
        assert failed
    before = arena.accepted()
    again = arena.live("apply", "--yes")
    assert again.code == 0, again.err
    after = arena.accepted()
    assert all(after[each] == before[each] for each in recorded)
    assert max(after.values()) <= 2
    check_end(arena, after)


@pytest.mark.parametrize("place", ["file:/proc/reconciler/state", "file:/dev/null/state"])
def test_a_folder_that_cannot_be_written_is_told_before_anything_is_sent(
    enter: MakeArena, place: str
) -> None:
    arena = enter(place)
    life = arena.live("apply", "--yes")
    assert life.code == 1
    assert f"{place.removeprefix('file:')}: cannot be written" in life.err
    assert not arena.accepted()


@STATES
def test_a_clock_that_jumps_back_by_years_changes_nothing(
    enter: MakeArena, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    arena = enter(state)
    for year in (2031, 2001):
        time = datetime(year, 1, 1, tzinfo=UTC).isoformat()
        for number in range(3):
            path = arena.root / "signatures" / f"s0{number}.yaml"
            text = path.read_text("utf-8").partition("scene:")[0]
            path.write_text(f"{text}scene: as of {year}\n", encoding="utf-8")
        life = arena.live("apply", "--yes", CRASH_CLOCK=time)
        assert life.code == 0, life.err
        status = arena.live("status", CRASH_CLOCK=time)
        assert status.code == 0, status.err
        check_end(arena, arena.accepted())
        seen = {arena.records()[f"SIG{n}"].submission.scene for n in range(3)}
        assert seen == {f"as of {year}"}
        arena.sandbox.review("SIG0", ReviewStatus.REJECTED, "no")
    assert arena.accepted()["SIG0"] == 2
    told = arena.live("state", "log", "s00")
    assert told.out.count("submitted") == 2
