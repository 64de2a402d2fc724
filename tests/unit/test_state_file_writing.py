"""Writing to the directory: durable when it returns, nothing half-written when it fails."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest

from reconciler.errors import StateError
from reconciler.state import atomic
from reconciler.state.file import FileState
from tests.unit.builders import recorded
from tests.unit.fakes import Crash
from tests.unit.state_folder import NEW, OLD, names, raising

Patch = Callable[[pytest.MonkeyPatch, int], None]

# Where a write can fail before the rename has happened.
WRITES: Mapping[str, Patch] = {
    "open": lambda patch, code: patch.setattr(Path, "open", raising(code)),
    "sync": lambda patch, code: patch.setattr(os, "fsync", raising(code)),
    "rename": lambda patch, code: patch.setattr(os, "replace", raising(code)),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "state"


@pytest.fixture
def state(folder: Path) -> FileState:
    return FileState(folder, shown=".reconciler/state")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES, errno.EROFS])
@pytest.mark.parametrize("fail", WRITES.values(), ids=WRITES)
class TestAFailedWrite:
    def test_leaves_the_old_record_and_no_litter(
        self, state: FileState, folder: Path, fail: Patch, code: int
    ) -> None:
        state.put(OLD)
        with pytest.MonkeyPatch.context() as patch:
            fail(patch, code)
            with pytest.raises(StateError) as caught:
                state.put(NEW)
        assert caught.value.summary == (
            f".reconciler/state/SIG1.json: cannot be written: {os.strerror(code)}"
        )
        assert "run apply again" in caught.value.advice
        assert state.load() == {"SIG1": OLD}
        assert names(folder) == ["SIG1.json"]

    def test_leaves_nothing_where_there_was_no_record(
        self, state: FileState, folder: Path, fail: Patch, code: int
    ) -> None:
        state.put(recorded("SIG2"))
        with pytest.MonkeyPatch.context() as patch:
            fail(patch, code)
            with pytest.raises(StateError):
                state.put(NEW)
        assert list(state.load()) == ["SIG2"]

    def test_tells_its_own_failure_though_the_litter_cannot_be_removed_either(
        self, state: FileState, folder: Path, fail: Patch, code: int
    ) -> None:
        state.put(OLD)
        with pytest.MonkeyPatch.context() as patch:
            fail(patch, code)
            patch.setattr(os, "unlink", raising(errno.EBUSY))
            with pytest.raises(StateError) as caught:
                state.put(NEW)
        assert os.strerror(code) in caught.value.summary
        assert state.load() == {"SIG1": OLD}


class TestAWrite:
    def test_to_a_full_disk_leaves_the_old_record(self, state: FileState, folder: Path) -> None:
        """The real thing: the temporary file is made to be the device that is always full."""
        state.put(OLD)
        (folder / f"{atomic.TEMPORARY}{os.getpid()}-SIG1.json").symlink_to("/dev/full")
        with pytest.raises(StateError) as caught:
            state.put(NEW)
        assert os.strerror(errno.ENOSPC) in caught.value.summary
        assert state.load() == {"SIG1": OLD}
        assert names(folder) == ["SIG1.json"]

    def test_whose_folder_cannot_be_synced_is_not_called_durable(
        self, state: FileState, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        state.put(OLD)
        monkeypatch.setattr(atomic, "sync_folder", raising(errno.EIO))
        with pytest.raises(StateError):
            state.put(NEW)
        assert state.load() == {"SIG1": NEW}  # whole, though perhaps not for good

    def test_with_an_id_too_long_for_a_file_name_has_a_short_one(self, state: FileState) -> None:
        long, other = recorded("签" * 100), recorded("签" * 99)
        state.put(long)
        state.put(other)
        assert state.load() == {long.id: long, other.id: other}
        state.remove(long.id, why="forgotten")
        assert state.load() == {other.id: other}

    def test_into_a_directory_that_cannot_be_made_says_so(
        self, state: FileState, folder: Path
    ) -> None:
        folder.parent.mkdir(parents=True)
        folder.write_text("not a folder")
        for act in (partial(state.put, OLD), state.lock().__enter__):
            with pytest.raises(StateError) as caught:
                act()
            assert caught.value.summary.startswith(".reconciler/state")
        assert folder.read_text() == "not a folder"

    def test_makes_its_folders_durable_from_the_top(
        self, state: FileState, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        synced: list[Path] = []
        monkeypatch.setattr(atomic, "sync_folder", synced.append)
        state.put(OLD)
        assert synced == [folder.parent.parent, folder.parent, folder]

    def test_syncs_the_file_before_the_rename_and_the_folder_after(
        self, state: FileState, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        state.put(OLD)
        done: list[str] = []
        sync, rename = os.fsync, os.replace

        def fsync(descriptor: int) -> None:
            done.append("sync")
            sync(descriptor)

        def replace_file(source: Path, target: Path) -> None:
            done.append("rename")
            rename(source, target)

        monkeypatch.setattr(os, "fsync", fsync)
        monkeypatch.setattr(os, "replace", replace_file)
        state.put(NEW)
        assert done == ["sync", "rename", "sync"]


class TestAProcessThatDies:
    """`Crash` is no Exception: nothing tidies up after it, as after a SIGKILL."""

    def deaths(self) -> Iterator[tuple[str, Callable[..., object]]]:
        def die(*_: object, **__: object) -> object:
            raise Crash

        yield "fsync", die
        yield "replace", die

    def test_while_writing_leaves_the_old_record_and_litter_that_the_next_lock_sweeps(
        self, state: FileState, folder: Path
    ) -> None:
        state.put(OLD)
        for name, die in self.deaths():
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(os, name, die)
                with pytest.raises(Crash):
                    state.put(NEW)
            assert len([each for each in names(folder) if each.startswith(".tmp-")]) == 1
            assert state.load() == {"SIG1": OLD}
            with state.lock():
                assert names(folder) == [".gitignore", ".lock", "SIG1.json"]

    def test_after_the_rename_leaves_the_new_record(
        self, state: FileState, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        state.put(OLD)

        def die(_: Path) -> None:
            raise Crash

        monkeypatch.setattr(atomic, "sync_folder", die)
        with pytest.raises(Crash):
            state.put(NEW)
        assert state.load() == {"SIG1": NEW}


class TestForgetting:
    def test_is_durable_when_it_returns(
        self, state: FileState, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        state.put(OLD)
        synced: list[Path] = []
        monkeypatch.setattr(atomic, "sync_folder", synced.append)
        state.remove("SIG1")
        assert synced == [folder]

    @pytest.mark.parametrize("code", [errno.EIO, errno.EACCES])
    def test_that_fails_says_so_and_keeps_the_record(self, state: FileState, code: int) -> None:
        state.put(OLD)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "unlink", raising(code))
            with pytest.raises(StateError) as caught:
                state.remove("SIG1")
        assert caught.value.summary == (
            f".reconciler/state/SIG1.json: cannot be written: {os.strerror(code)}"
        )
        assert state.load() == {"SIG1": OLD}
