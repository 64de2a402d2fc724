"""SIGKILL at every point where an apply of fifty signatures touches disk, git or network.

A sample of the points runs with the other tests. With CRASH=all (`make crash`) it is all of them.
"""

from __future__ import annotations

import os
import signal

import pytest

from tests.crash.arena import COUNT, FILE, GIT, PARALLELISM, Arena
from tests.crash.conftest import MakeArena

EVERYTHING = os.environ.get("CRASH") == "all"
SLICES = 16 if EVERYTHING else 6
_totals: dict[str, int] = {}


def total(enter: MakeArena, state: str) -> int:
    """How many touches an undisturbed apply makes."""
    if state not in _totals:
        arena = enter(state)
        life = arena.live("apply", "--yes")
        assert life.code == 0, life.err
        assert life.touches is not None
        check_end(arena, arena.accepted())
        _totals[state] = life.touches
    return _totals[state]


def points(touches: int, part: int, parts: int) -> list[int]:
    """This part's share of all points, or the one in the middle of it."""
    if EVERYTHING:
        return list(range(1 + part, touches + 1, parts))
    return [1 + (2 * part + 1) * touches // (2 * parts)]


@pytest.mark.parametrize("part", range(SLICES))
@pytest.mark.parametrize("state", [FILE, GIT], ids=["file", "git"])
def test_a_killed_apply_forgets_nothing_and_the_next_one_converges(
    enter: MakeArena, state: str, part: int
) -> None:
    for point in points(total(enter, state), part, SLICES):
        arena = enter(state)
        life = arena.live("apply", "--yes", at=point, act=("kill", "kill_all")[point % 2])
        if life.code == 0:
            continue  # threads took another turn this time, and it ended before that touch
        assert life.code == -signal.SIGKILL, (point, life.err)
        check_death(arena, point)


def check_death(arena: Arena, point: int) -> None:
    """The state is readable, holds all but what was in flight, and the next run does the rest."""
    recorded = set(arena.records())
    before = arena.accepted()
    forgotten = set(before) - recorded
    assert len(forgotten) <= PARALLELISM, (point, forgotten)
    assert recorded <= set(before), (point, "recorded, but never accepted")

    again = arena.live("apply", "--yes")
    assert again.code == 0, (point, again.err)
    after = arena.accepted()
    assert all(after[each] == before[each] for each in recorded), (point, "sent again")
    assert max(after.values()) <= 2, (point, after.most_common(3))
    check_end(arena, after)


def check_end(arena: Arena, accepted: object) -> None:
    """All is recorded, nothing is left to do, and nothing lies around."""
    assert len(arena.records()) == COUNT
    planned = arena.live("plan", "--detailed-exitcode")
    assert planned.code == 0, planned.out
    assert arena.accepted() == accepted
    left = list((arena.root / ".reconciler").rglob(".tmp-*"))
    assert left == []
    if arena.state == GIT:
        assert arena.refs() == ["refs/reconciler/state"]
        assert all(not path.read_bytes() for path in arena.root.glob(".reconciler/journal/*.jsonl"))
