"""The lock in the remote: one run has it at a time, and the others are refused or wait."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reconciler.errors import EXIT_REFUSED, InterruptError, RefusedError
from reconciler.state.around import Around
from tests.unit.git_state import ONE, held, remembered
from tests.unit.git_world import GITHUB, LOCK_REF, PAGE, World


class TestTwoAtOnce:
    def test_the_second_is_refused_and_told_who_holds_it(self, world: World) -> None:
        other = world.clone("other")
        with world.state(around=world.around(variables=GITHUB)).lock():
            with pytest.raises(RefusedError) as caught, other_lock(world, other):
                raise AssertionError("the lock was given out twice")
            holder = held(world)
        assert caught.value.exit_code == EXIT_REFUSED
        assert f"process {os.getpid()} on " in caught.value.summary
        assert "since 2026-11-22T09:30:00+00:00" in caught.value.summary
        assert PAGE in caught.value.summary
        assert f"reconciler state unlock {holder['id']}" in caught.value.advice
        with other_lock(world, other):
            assert LOCK_REF in world.refs()
        assert LOCK_REF not in world.refs()

    def test_in_one_clone_are_refused_without_asking_the_remote(self, world: World) -> None:
        with world.state().lock():
            refs = world.refs()
            with pytest.raises(RefusedError), world.state().lock():
                raise AssertionError("the lock was given out twice")
            assert world.refs() == refs

    def test_readers_are_not_held_up(self, world: World) -> None:
        world.state().put(ONE)
        with world.state().lock():
            assert remembered(world) == {"SIG1": ONE}
            assert world.state().load() == {"SIG1": ONE}

    def test_the_second_may_wait(self, world: World) -> None:
        other = world.clone("other")
        with world.state().lock():
            waiting = world.around("another", seconds=3600)
            world.pause.stop = True
            with pytest.raises(InterruptError), other_lock(world, other, waiting):
                raise AssertionError("the lock was given out twice")
        assert world.pause.slept == [2.0]
        assert world.warnings[0].startswith("waiting: the state git:origin#")

    def test_one_that_waited_gets_it_once_it_is_free(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = world.clone("other")
        first = world.state().lock()
        first.__enter__()

        def pause(_self: object, _seconds: float) -> bool:
            first.__exit__(None, None, None)
            return False

        monkeypatch.setattr(type(world.pause), "__call__", pause)
        with other_lock(world, other, world.around("another", seconds=3600)):
            assert LOCK_REF in world.refs()

    def test_never_both_get_it(self, world: World) -> None:
        """Eight at the same time, each in a clone of its own: one wins."""
        got: list[int] = []
        done = threading.Barrier(8)

        def run(number: int, root: Path) -> None:
            try:
                with other_lock(world, root, world.around(f"machine {number}")):
                    got.append(number)
                    done.wait(60)
            except RefusedError:
                done.wait(60)

        roots = [world.clone(f"clone{number}") for number in range(8)]
        threads = [threading.Thread(target=run, args=each) for each in enumerate(roots)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(got) == 1
        assert world.refs() == {}


@contextmanager
def other_lock(world: World, root: Path, around: Around | None = None) -> Iterator[None]:
    with world.state(root, around=around or world.around("another")).lock():
        yield


class TestALockThatIsReleasedAtThatMoment:
    def test_is_taken(self, world: World) -> None:
        """The push finds another run's lock, and the look that follows finds none any more."""
        done = world.folder / "done"
        world.hook("pre-receive", f"[ -e {done} ] || {{ touch {done}; exit 1; }}")
        world.state().put(ONE)
        assert done.exists()
        assert remembered(world) == {"SIG1": ONE}
