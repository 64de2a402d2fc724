"""A remote that is away or refuses costs no outcome: they are kept here, and shared later."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from reconciler.errors import KeptError, StateError
from reconciler.state import batches
from reconciler.state.journal import Journal
from tests.unit.git_state import LATER, ONE, REF, TWO, dead_lock, journal, kept_here, remembered
from tests.unit.git_world import World, git


class TestARemoteThatGoesAway:
    def test_costs_no_outcome_and_says_where_they_are(self, world: World) -> None:
        with kept_here(world, ONE, TWO) as error:
            (path,) = journal(world)
            assert error.summary.startswith(
                f"2 outcomes are recorded on this machine only, in {path.relative_to(world.work)}: "
            )
            assert "does not appear to be a git repository" in error.summary
            assert "the lock on git:origin" in error.summary
            assert "reconciler state unlock " in error.advice
            assert world.pause.slept == [0.5, 2.0]

    def test_is_caught_up_with_by_the_next_run_before_anything_else(self, world: World) -> None:
        with kept_here(world, ONE, TWO):
            pass
        dead_lock(world)
        with world.state().lock():
            assert remembered(world) == {"SIG1": ONE, "SIG2": TWO}
        assert journal(world) == []

    def test_is_read_around(self, world: World) -> None:
        """A reader on this machine sees what is kept here, with the remote and without."""
        world.state().put(TWO)
        with kept_here(world, ONE):
            assert world.state().load() == {"SIG1": ONE, "SIG2": TWO}
            assert world.warnings[-1].startswith(f"git:origin#{REF} cannot be reached")
        assert world.state().load() == {"SIG1": ONE, "SIG2": TWO}
        assert remembered(world) == {"SIG2": TWO}

    def test_before_the_first_reading_is_an_error(self, world: World) -> None:
        world.away()
        with pytest.raises(StateError, match=r"git:origin#.*: git ls-remote failed") as caught:
            world.state().load()
        assert "network" in caught.value.advice

    def test_before_the_lock_is_an_error_and_nothing_was_begun(self, world: World) -> None:
        world.away()
        with pytest.raises(StateError, match="git push failed"), world.state().lock():
            raise AssertionError("the lock was given out")
        assert journal(world) == []

    def test_stops_a_run_that_goes_on(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(batches, "COUNT", 1)
        state = world.state()

        def run() -> None:
            with state.lock():
                world.away()
                state.put(ONE)
                for thread in threading.enumerate():
                    if thread.name == "state-batches":
                        thread.join(60)
                state.put(TWO)

        with pytest.raises(KeptError, match="recorded on this machine only"):
            run()
        world.back()
        assert world.state().load() == {"SIG1": ONE, "SIG2": TWO}

    def test_that_comes_back_in_time_is_not_worth_a_word(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def pause(_self: object, _seconds: float) -> bool:
            world.back()
            return False

        monkeypatch.setattr(type(world.pause), "__call__", pause)
        state = world.state()
        with state.lock():
            world.away()
            state.put(ONE)
        assert remembered(world) == {"SIG1": ONE}
        assert world.refs().keys() == {REF}

    def test_does_not_hide_what_went_wrong_before(self, world: World) -> None:
        state = world.state()

        def run() -> None:
            with state.lock():
                state.put(ONE)
                world.away()
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            run()
        assert "1 outcome is recorded on this machine only" in world.warnings[-1]


class TestARemoteThatRefuses:
    def test_the_lock_is_told_with_its_words(self, world: World) -> None:
        world.hook("pre-receive", "echo 'read only' >&2; exit 1")
        with pytest.raises(StateError, match="the remote refuses the lock") as caught:
            world.state().lock().__enter__()
        assert "read only" in caught.value.summary
        assert "allowed to push" in caught.value.advice
        assert world.refs() == {}

    def test_the_records_is_told_with_its_words_and_keeps_them_here(self, world: World) -> None:
        script = f'while read o n ref; do [ "$ref" != {REF} ] || exit 1; done; exit 0'
        hook = world.hook("pre-receive", f"echo 'not today' >&2; {script}")
        state = world.state()
        with pytest.raises(KeptError, match="the remote refuses to record anything") as caught:
            state.put(ONE)
        assert "not today" in caught.value.summary
        assert world.refs() == {}  # the lock was released all the same
        with pytest.raises(StateError, match="not today"), state.lock():
            raise AssertionError("with something unshared, nothing more is sent")
        hook.unlink()
        with state.lock():
            assert remembered(world) == {"SIG1": ONE}


class TestWhatAnEarlierRunKept:
    def test_does_not_overwrite_what_is_newer(self, world: World) -> None:
        world.state().put(ONE)
        with kept_here(world, replace(ONE, at="2026-11-20T09:00:00Z")):
            pass
        dead_lock(world)
        world.state(world.clone("other"), around=world.around("another")).put(LATER)
        with world.state().lock():
            pass
        assert remembered(world) == {"SIG1": LATER}
        assert "has a newer record" in world.warnings[-1]
        assert journal(world) == []

    def test_is_dropped_where_it_stands_there_already(self, world: World) -> None:
        """Killed between the push and the note that it is done."""
        state = world.state()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Journal, "settle", lambda *_, **__: None)
            state.put(ONE)
        assert journal(world)
        with world.state().lock():
            pass
        assert journal(world) == []
        assert len(world.messages()) == 1

    def test_stays_when_the_remote_was_replaced_by_an_empty_one(self, world: World) -> None:
        with kept_here(world, ONE):
            pass
        dead_lock(world)
        git("update-ref", "-d", REF, cwd=world.remote)
        with world.state().lock():
            assert remembered(world) == {"SIG1": ONE}

    def test_goes_in_though_the_clock_went_back(self, world: World) -> None:
        world.state().put(LATER)
        before = replace(ONE, at="2001-01-01T00:00:00+00:00")
        with kept_here(world, before):
            pass
        dead_lock(world)
        with world.state().lock():
            pass
        assert remembered(world) == {"SIG1": before}
