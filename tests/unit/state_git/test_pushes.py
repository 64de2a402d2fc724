"""Records are shared in batches by compare-and-swap: no push loses what others wrote."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from reconciler.errors import KeptError
from reconciler.model import Recorded
from reconciler.state import batches
from reconciler.state.branch import Branch
from reconciler.state.git import GitState
from tests.unit.builders import recorded
from tests.unit.git_state import LATER, ONE, REF, TWO, remembered
from tests.unit.git_world import LOCK_REF, World, git


class TestBatches:
    def test_are_shared_by_count_while_the_run_goes_on(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shared = threading.Semaphore(0)
        share = batches.Batches._share_now

        def sharing(self: batches.Batches) -> None:
            share(self)
            shared.release()

        monkeypatch.setattr(batches.Batches, "_share_now", sharing)
        monkeypatch.setattr(batches, "COUNT", 2)
        state = world.state()
        with state.lock():
            for number in range(3):
                state.put(recorded(f"SIG{number}"))
            assert shared.acquire(timeout=30)
            assert len(remembered(world)) >= 2
        assert len(remembered(world)) == 3

    def test_take_records_from_many_threads(self, world: World) -> None:
        state = world.state()
        records = [recorded(f"SIG{number}") for number in range(24)]
        with state.lock():
            threads = [threading.Thread(target=state.put, args=(each,)) for each in records]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert remembered(world) == {each.id: each for each in records}

    def test_rewrite_only_what_they_touch(self, world: World) -> None:
        """Recording one outcome costs the same however many there are."""
        state = world.state()
        with state.lock():
            for number in range(300):
                state.put(recorded(f"SIG{number}"))
        state.put(replace(recorded("SIG7"), name="changed"))
        changed = git("diff-tree", "-r", "-t", f"{REF}~", REF, cwd=world.remote).splitlines()
        assert len(changed) == 2  # the folder, and the record in it


class TestLosingTheRace:
    """Nobody should write without the lock; but the ref is safe even then."""

    def meanwhile(self, world: World, record: Recorded, state: GitState, mine: Recorded) -> None:
        with state.lock():
            state.put(mine)
            other = world.state(world.clone("other"), around=world.around("another"))
            git("update-ref", "-d", LOCK_REF, cwd=world.remote)
            other.put(record)

    def test_keeps_what_the_others_wrote_beside_ours(self, world: World) -> None:
        self.meanwhile(world, TWO, world.state(), ONE)
        assert remembered(world) == {"SIG1": ONE, "SIG2": TWO}

    def test_leaves_a_newer_record_and_says_so(self, world: World) -> None:
        self.meanwhile(world, LATER, world.state(), ONE)
        assert remembered(world) == {"SIG1": LATER}
        assert len(world.warnings) == 1
        assert world.warnings[0].startswith("retail/one (SIG1): `submitted` of 2026-11-22T09:30")

    def test_replaces_an_older_record(self, world: World) -> None:
        self.meanwhile(world, ONE, world.state(), LATER)
        assert remembered(world) == {"SIG1": LATER}
        assert world.warnings == []

    def test_gives_up_at_last_and_keeps_everything(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Branch, "advance", lambda *_: False)
        state = world.state()
        with pytest.raises(KeptError, match="others were quicker 10 times in a row"):
            state.put(ONE)
        assert world.state().load() == {"SIG1": ONE}
        assert remembered(world) == {}


class TestAPushWhoseAnswerIsLost:
    def test_counts_as_done(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """The server records it, and the connection breaks before it can say so."""
        done = world.folder / "done"
        script = f"while read o n r; do [ $r != {REF} ] || [ -e {done} ] || "
        world.hook("post-receive", f"{script}{{ touch {done}; kill -9 $PPID; }}; done")
        state = world.state()
        with state.lock():
            state.put(ONE)
        assert done.exists()
        assert remembered(world) == {"SIG1": ONE}
        assert len(world.messages()) == 1
