"""The directory of records: nothing half-written, nothing silently lost."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import StateError
from reconciler.model import Recorded
from reconciler.ports import StateStore
from reconciler.state import atomic
from reconciler.state.file import FileState
from reconciler.state.records import encode
from tests.unit.builders import recorded
from tests.unit.fakes import Crash

OLD, NEW = recorded("SIG1", content="甲乙丙丁"), recorded("SIG1", content="子丑寅卯")

ODD_IDS = (
    "SIG20190XXX2C1844",
    "sig 1",
    "a/b",
    "a%2Fb",
    "..",
    ".",
    ".hidden",
    ".tmp-1-SIG1",
    ".lock",
    "../../outside",
    "SIG1.json",
    "签名",
    "%",
    "a\nb",
    "a\\b",
    "~",
    "*",
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "state"


@pytest.fixture
def state(folder: Path) -> FileState:
    return FileState(folder, shown=".reconciler/state")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def damaged(store: StateStore) -> StateError:
    with pytest.raises(StateError) as caught:
        store.load()
    return caught.value


class TestRecords:
    def test_come_back_by_id(self, state: FileState) -> None:
        records = [recorded(f"SIG{n}", name=f"n{n}") for n in range(3)]
        for record in records:
            state.put(record)
        assert state.load() == {record.id: record for record in records}

    def test_are_none_while_there_is_no_directory(self, state: FileState, folder: Path) -> None:
        assert state.load() == {}
        state.remove("SIG1")
        assert not folder.parent.exists()  # reading and forgetting make nothing

    def test_are_replaced_by_id(self, state: FileState) -> None:
        state.put(OLD)
        state.put(NEW)
        assert state.load() == {"SIG1": NEW}

    def test_are_forgotten_once_and_again(self, state: FileState) -> None:
        state.put(OLD)
        state.put(recorded("SIG2"))
        for _ in range(2):
            state.remove("SIG1")
            assert list(state.load()) == ["SIG2"]

    def test_are_one_file_an_id_with_a_name_that_stays_in_the_folder(
        self, state: FileState, folder: Path
    ) -> None:
        records = {odd: recorded(odd) for odd in ODD_IDS}
        for record in records.values():
            state.put(record)
        assert state.load() == records
        assert len({name.casefold() for name in names(folder)}) == len(ODD_IDS)
        assert not [name for name in names(folder) if name.startswith(".")]
        assert list(folder.parent.iterdir()) == [folder]
        for each in ODD_IDS:
            state.remove(each)
        assert list(folder.iterdir()) == []

    def test_survive_being_swept_whatever_their_ids(self, state: FileState) -> None:
        for each in ODD_IDS:
            state.put(recorded(each))
        with state.lock():
            assert set(state.load()) == set(ODD_IDS)

    def test_are_named_plainly_where_the_id_is_plain(self, state: FileState, folder: Path) -> None:
        state.put(recorded("SIG20190XXX2C1844"))
        assert names(folder) == ["SIG20190XXX2C1844.json"]

    def test_are_loaded_in_the_same_order_however_they_were_written(self, folder: Path) -> None:
        first, second = FileState(folder / "1", shown="1"), FileState(folder / "2", shown="2")
        for each in ("SIG2", "SIG1", "SIG3"):
            first.put(recorded(each))
        for each in ("SIG3", "SIG2", "SIG1"):
            second.put(recorded(each))
        assert list(first.load()) == list(second.load()) == ["SIG1", "SIG2", "SIG3"]

    def test_ignore_what_else_lies_there(self, state: FileState, folder: Path) -> None:
        state.put(OLD)
        (folder / "README.md").write_text("mine")
        (folder / "._SIG1.json").write_bytes(b"\0\0")  # as macOS leaves beside a file
        (folder / ".tmp-77-SIG1.json").write_text(encode(NEW)[:40])
        assert state.load() == {"SIG1": OLD}


@given(ids=st.lists(st.text(min_size=1, max_size=15), unique=True, max_size=8))
def test_two_ids_never_share_a_file(
    ids: list[str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("state")
    state = FileState(folder, shown="state")
    for each in ids:
        state.put(recorded(each))
    assert set(state.load()) == set(ids)
    assert len(names(folder)) == len(ids)


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


def raising(code: int) -> Callable[..., object]:
    def fail(*_: object, **__: object) -> object:
        raise OSError(code, os.strerror(code))

    return fail


Patch = Callable[[pytest.MonkeyPatch, int], None]


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


# Where a write can fail before the rename has happened.
WRITES: Mapping[str, Patch] = {
    "open": lambda patch, code: patch.setattr(Path, "open", raising(code)),
    "sync": lambda patch, code: patch.setattr(os, "fsync", raising(code)),
    "rename": lambda patch, code: patch.setattr(os, "replace", raising(code)),
}


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


def test_a_file_state_is_a_state_store(state: FileState) -> None:
    store: StateStore = state
    record: Recorded = OLD
    store.put(record)
    assert store.load() == {"SIG1": OLD}
