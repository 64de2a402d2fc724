"""A lock that was left behind is taken over from the dead alone, or freed by its id."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.errors import InterruptError, KeptError, RefusedError
from reconciler.state import batches
from reconciler.state.file import FileState
from reconciler.state.holder import myself
from tests.unit.git_state import ONE, REF, TWO, held, journal, remembered
from tests.unit.git_world import LOCK_REF, World, git


def leave_lock(world: World, **changes: object) -> str:
    """A lock that was left behind; returns its id."""
    world.state().put(TWO)
    holder = replace(myself(world.around()), **changes)  # type: ignore[arg-type]  # a few fields
    hands = world.clone(f"left-{len(os.listdir(world.folder))}")  # noqa: PTH208 - a new name
    (hands / "holder.json").write_text(holder.as_json())
    git("add", ".", cwd=hands)
    git("commit", "--quiet", "-m", "Hold", cwd=hands)
    git("push", "--quiet", "origin", f"HEAD:{LOCK_REF}", cwd=hands)
    return holder.id


class TestALockLeftBehind:
    def test_by_a_dead_process_of_this_host_is_taken_over_and_that_is_said(
        self, world: World
    ) -> None:
        leave_lock(world, started="1")
        world.state().put(ONE)
        assert len(remembered(world)) == 2
        assert LOCK_REF not in world.refs()
        assert world.warnings == [
            f"taking over the lock of process {os.getpid()} on {os.uname().nodename} since "
            "2026-11-22T09:30:00+00:00, which is dead"
        ]

    def test_elsewhere_is_never_taken_over(self, world: World) -> None:
        id = leave_lock(world, started="1", host="another")  # noqa: A001 - the model's own word
        with pytest.raises(RefusedError) as caught, world.state().lock():
            raise AssertionError("the lock was given out")
        assert "on another since" in caught.value.summary
        assert f"reconciler state unlock {id}" in caught.value.advice

    def test_is_freed_by_its_id(self, world: World) -> None:
        id = leave_lock(world, host="another")  # noqa: A001 - the model's own word
        world.state().unlock(id)
        with world.state().lock():
            assert held(world)["id"] != id

    def test_that_nobody_can_read_is_freed_by_the_commits_name(self, world: World) -> None:
        world.state().put(TWO)
        git("update-ref", LOCK_REF, world.refs()[REF], cwd=world.remote)
        with pytest.raises(RefusedError, match="locked by another process") as caught:
            world.state().lock().__enter__()
        id = caught.value.advice.rpartition(" ")[2]  # noqa: A001 - the model's own word
        assert world.refs()[REF].startswith(id)
        world.state().unlock(id)
        assert LOCK_REF not in world.refs()


class TestUnlocking:
    def test_another_id_is_refused_with_the_right_one(self, world: World) -> None:
        id = leave_lock(world, host="another")  # noqa: A001 - the model's own word
        with pytest.raises(RefusedError) as caught:
            world.state().unlock("nonsense")
        assert id in caught.value.summary
        assert LOCK_REF in world.refs()

    def test_nothing_is_refused(self, world: World) -> None:
        with pytest.raises(RefusedError, match="is not locked"):
            world.state().unlock("abc")

    def test_a_living_run_stops_it_but_loses_nothing(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(batches, "COUNT", 1)
        state = world.state()

        def run() -> None:
            with state.lock():
                world.reader().unlock(held(world)["id"])
                state.put(ONE)
                settled(world)
                state.put(TWO)

        with pytest.raises(KeptError) as caught:
            run()
        assert "was taken away by `reconciler state unlock`" in caught.value.summary
        assert remembered(world) == {"SIG1": ONE, "SIG2": TWO}

    def test_lets_another_run_in_the_same_clone_wait_for_its_journal_no_longer(
        self, world: World
    ) -> None:
        with world.state().lock():
            world.state().unlock(held(world)["id"])
            with world.state().lock():
                assert LOCK_REF in world.refs()


def settled(world: World) -> None:
    """Wait until what was put has been shared."""
    end = time.monotonic() + 60
    while journal(world) and time.monotonic() < end:
        time.sleep(0.01)


class TestTheFileBackendsLock:
    def test_is_freed_by_the_id_that_the_refusal_names(self, tmp_path: Path) -> None:
        state, other = (FileState(tmp_path, shown="state") for _ in range(2))
        with state.lock():
            with pytest.raises(RefusedError) as caught, other.lock():
                raise AssertionError("the lock was given out twice")
            other.unlock(caught.value.advice.rpartition(" ")[2])
            with other.lock():
                other.put(TWO)
            with pytest.raises(KeptError, match="was taken away"):
                state.put(ONE)
        assert state.load() == {"SIG1": ONE, "SIG2": TWO}

    def test_of_another_id_stays(self, tmp_path: Path) -> None:
        state = FileState(tmp_path, shown="state")
        with state.lock():
            with pytest.raises(RefusedError, match="the lock is not abc but"):
                state.unlock("abc")
            state.put(ONE)

    def test_that_nobody_holds_cannot_be_freed(self, tmp_path: Path) -> None:
        state = FileState(tmp_path, shown="state")
        for _ in range(2):
            with pytest.raises(RefusedError, match="the state state is not locked"):
                state.unlock("abc")
            with state.lock():
                pass

    def test_may_be_waited_for(self, tmp_path: Path, world: World) -> None:
        state = FileState(tmp_path, shown="state")
        patient = FileState(tmp_path, shown="state", around=world.around(seconds=3600))
        world.pause.stop = True
        with state.lock(), pytest.raises(InterruptError), patient.lock():
            raise AssertionError("the lock was given out twice")
        assert world.pause.slept == [0.2]
