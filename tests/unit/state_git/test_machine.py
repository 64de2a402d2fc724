"""The machine of a run: its repository is left as it is, and a disk that fails is named."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from reconciler.errors import KeptError, StateError
from reconciler.git.mirror import Mirror
from reconciler.git.process import GitError
from tests.unit.git_state import ONE, TWO, remembered
from tests.unit.git_world import World, git, snapshot
from tests.unit.state_folder import raising


class TestTheUsersRepository:
    def test_is_left_as_it_is_but_for_our_own_ignored_folder(self, world: World) -> None:
        git("commit", "--quiet", "--allow-empty", "-m", "one", cwd=world.work)
        (world.work / "staged").write_text("x")
        git("add", "staged", cwd=world.work)
        before = snapshot(world.work / ".git")
        state = world.state()
        state.put(ONE)
        state.load()
        list(state.versions())
        assert snapshot(world.work / ".git") == before
        assert git("status", "--porcelain", cwd=world.work) == "A  staged\n"

    def test_is_not_written_to_by_reading(self, world: World) -> None:
        before = snapshot(world.work)
        world.state().load()
        assert snapshot(world.work) == before

    def test_may_be_pointed_elsewhere_by_the_shell(self, world: World, tmp_path: Path) -> None:
        git("init", "--quiet", "elsewhere", cwd=tmp_path)
        bent = world.around(
            variables={"GIT_DIR": str(tmp_path / "elsewhere" / ".git"), "GIT_INDEX_FILE": "/x"}
        )
        world.state(around=bent).put(ONE)
        assert remembered(world) == {"SIG1": ONE}


class TestAMachineThatCannotWrite:
    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
    def test_an_outcome_says_so_and_keeps_the_others(
        self, world: World, code: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        state = world.state()
        with state.lock():
            state.put(ONE)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(os, "fsync", raising(code))
                with pytest.raises(StateError, match=os.strerror(code)) as caught:
                    state.put(TWO)
        assert not isinstance(caught.value, KeptError)
        assert remembered(world) == {"SIG1": ONE}

    def test_its_folder_is_told_before_anything_is_sent(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Path, "mkdir", raising(errno.EROFS))
        with pytest.raises(StateError, match="Read-only file system"), world.state().lock():
            raise AssertionError("the lock was given out")
        assert world.refs() == {}

    def test_git_says_so_and_nobody_is_sent_to_look_at_the_network(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fetch(*_: object, **__: object) -> str:
            raise GitError("git fetch failed: unable to write: No space left on device")

        world.state().put(ONE)
        monkeypatch.setattr(Mirror, "fetch", fetch)
        with pytest.raises(StateError, match="No space left") as caught:
            world.state(around=world.around("another")).load()
        assert caught.value.advice.startswith("Free some space")

    def test_its_cache_reads_all_the_same(self, world: World, tmp_path: Path) -> None:
        world.state().put(ONE)
        nowhere = world.around(variables={"HOME": "/dev/null", "XDG_CACHE_HOME": "/dev/null/cache"})
        assert world.state(around=nowhere).load() == {"SIG1": ONE}
