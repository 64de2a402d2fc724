"""The locked directory: kept out of commits, and swept of temporary files alone."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.errors import StateError
from reconciler.state.file import FileState
from tests.unit.state_folder import OLD, names, raising


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "state"


@pytest.fixture
def state(folder: Path) -> FileState:
    return FileState(folder, shown=".reconciler/state")


class TestTheLockedDirectory:
    def test_is_kept_out_of_commits(self, state: FileState, folder: Path) -> None:
        with state.lock():
            assert (folder / ".gitignore").read_text().splitlines()[-1] == "*"

    def test_keeps_a_gitignore_that_somebody_wrote(self, state: FileState, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / ".gitignore").write_text("# we commit ours\n")
        with state.lock():
            assert (folder / ".gitignore").read_text() == "# we commit ours\n"

    def test_is_not_swept_of_anything_but_temporary_files(
        self, state: FileState, folder: Path
    ) -> None:
        state.put(OLD)
        (folder / "notes.tmp").write_text("mine")
        (folder / ".tmp-1-SIG1.json").write_text("half")
        with state.lock():
            assert names(folder) == [".gitignore", ".lock", "SIG1.json", "notes.tmp"]

    def test_that_cannot_be_swept_is_refused_before_anything_is_sent(
        self, state: FileState, folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        state.put(OLD)
        (folder / ".tmp-1-SIG1.json").write_text("half")
        monkeypatch.setattr(os, "unlink", raising(errno.EROFS))
        with pytest.raises(StateError) as caught, state.lock():
            raise AssertionError("the lock was given out")
        assert caught.value.summary == (
            f".reconciler/state: cannot be written: {os.strerror(errno.EROFS)}"
        )

    def test_passes_on_what_goes_wrong_inside_and_is_free_again(self, state: FileState) -> None:
        with pytest.raises(OSError, match="not ours"), state.lock():
            raise OSError("not ours")
        with state.lock():
            state.put(replace(OLD, name="moved"))
        assert state.load()["SIG1"].name == "moved"
