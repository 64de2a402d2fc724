"""Reading the directory: whatever is damaged or out of reach is named, and never overwritten."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from reconciler.state.file import FileState
from reconciler.state.records import encode
from tests.unit.builders import recorded
from tests.unit.state_folder import OLD, damaged, raising


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "state"


@pytest.fixture
def state(folder: Path) -> FileState:
    return FileState(folder, shown=".reconciler/state")


class TestADamagedRecord:
    def test_is_an_error_that_names_the_file(self, state: FileState, folder: Path) -> None:
        state.put(OLD)
        (folder / "SIG1.json").write_text(encode(OLD)[:100], encoding="utf-8")
        error = damaged(state)
        assert error.summary.startswith(".reconciler/state/SIG1.json: ")
        assert "Restore" in error.advice

    def test_does_not_hide_another_one(self, state: FileState, folder: Path) -> None:
        for each in ("SIG1", "SIG2", "SIG3"):
            state.put(recorded(each))
        (folder / "SIG3.json").write_bytes(b"")
        (folder / "SIG1.json").write_bytes(b"\xff\xfe")
        first, second = damaged(state).summary.splitlines()
        assert first.startswith(".reconciler/state/SIG1.json: ")
        assert second.startswith(".reconciler/state/SIG3.json: ")

    def test_is_one_that_is_not_utf_8(self, state: FileState, folder: Path) -> None:
        state.put(OLD)
        (folder / "SIG1.json").write_bytes(encode(OLD).encode("gb18030"))
        assert ".reconciler/state/SIG1.json: the record is damaged" in damaged(state).summary

    def test_is_one_that_belongs_to_another_id(self, state: FileState, folder: Path) -> None:
        """A copied or renamed file would stand in for a signature that was never submitted."""
        state.put(OLD)
        (folder / "SIG1.json").rename(folder / "SIG2.json")
        assert damaged(state).summary == (
            ".reconciler/state/SIG2.json: the record is damaged: it belongs to the id SIG1"
        )

    def test_is_a_folder_or_a_dead_link_with_a_records_name(
        self, state: FileState, folder: Path
    ) -> None:
        (folder / "SIG1.json").mkdir(parents=True)
        (folder / "SIG2.json").symlink_to("nowhere")
        summary = damaged(state).summary
        assert "state/SIG1.json: cannot be read" in summary
        assert "state/SIG2.json: cannot be read" in summary

    def test_is_never_overwritten_by_reading_or_locking(
        self, state: FileState, folder: Path
    ) -> None:
        state.put(OLD)
        (folder / "SIG1.json").write_bytes(b"half a rec")
        damaged(state)
        with state.lock():
            damaged(state)
        assert (folder / "SIG1.json").read_bytes() == b"half a rec"

    def test_of_a_newer_version_is_refused_and_kept(self, state: FileState, folder: Path) -> None:
        state.put(OLD)
        newer = encode(OLD).replace('"format_version": "1.1"', '"format_version": "2.0"')
        (folder / "SIG1.json").write_text(newer, encoding="utf-8")
        error = damaged(state)
        assert "state/SIG1.json: format 2.0" in error.summary
        assert "reconciler 0.1.0" in error.advice
        assert (folder / "SIG1.json").read_text(encoding="utf-8") == newer

    def test_cut_off_at_any_byte_is_found(self, state: FileState, folder: Path) -> None:
        state.put(OLD)
        path = folder / "SIG1.json"
        whole = path.read_bytes()
        for length in range(0, len(whole) - 2, 7):
            path.write_bytes(whole[:length])
            assert damaged(state).summary.startswith(".reconciler/state/SIG1.json: ")


class TestAReader:
    def test_does_not_mind_a_record_that_is_forgotten_meanwhile(
        self, state: FileState, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Readers take no lock: a name may be listed and gone a moment later."""
        state.put(OLD)
        listed = ["SIG0.json", "SIG1.json"]
        monkeypatch.setattr(os, "listdir", lambda _: listed)
        assert state.load() == {"SIG1": OLD}

    @pytest.mark.parametrize("code", [errno.EACCES, errno.EIO])
    def test_that_may_not_read_a_record_says_so(
        self, state: FileState, monkeypatch: pytest.MonkeyPatch, code: int
    ) -> None:
        state.put(OLD)
        monkeypatch.setattr("reconciler.state.file.read_regular", raising(code))
        error = damaged(state)
        assert error.summary == (
            f".reconciler/state/SIG1.json: cannot be read: {os.strerror(code)}"
        )

    def test_that_may_not_list_the_directory_says_so(
        self, state: FileState, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(os, "listdir", raising(errno.EACCES))
        assert damaged(state).summary.startswith(".reconciler/state: cannot be read")

    def test_is_not_served_nothing_where_the_directory_is_a_file(
        self, state: FileState, folder: Path
    ) -> None:
        folder.parent.mkdir(parents=True)
        folder.write_text("not a folder")
        assert damaged(state).summary.startswith(".reconciler/state: cannot be read")


class TestReadingAhead:
    def test_gives_what_the_next_reader_asks_for(
        self, state: FileState, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        state.put(OLD)
        proof = state.proof()
        assert state.load() == {OLD.id: OLD}
        state.read_ahead()
        with monkeypatch.context() as patched:
            patched.delattr(os, "listdir")  # nobody should look there again
            assert state.proof() == proof
            assert state.load() == {OLD.id: OLD}

    def test_is_for_one_reader(self, state: FileState) -> None:
        state.read_ahead()
        state.put(OLD)
        assert state.load() == {}
        assert state.load() == {OLD.id: OLD}

    def test_leaves_an_error_to_the_next_reader(self, state: FileState, folder: Path) -> None:
        folder.mkdir(parents=True)
        (folder / "SIG1.json").write_text("{}", encoding="utf-8")
        state.read_ahead()
        assert "SIG1.json" in damaged(state).summary
