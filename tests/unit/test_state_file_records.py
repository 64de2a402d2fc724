"""The directory of records: one file an id, whatever the id, and nothing silently lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model import Recorded
from reconciler.ports import StateStore
from reconciler.state.file import FileState
from reconciler.state.records import encode
from tests.unit.builders import recorded
from tests.unit.state_folder import NEW, OLD, names

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


def test_a_file_state_is_a_state_store(state: FileState) -> None:
    store: StateStore = state
    record: Recorded = OLD
    store.put(record)
    assert store.load() == {"SIG1": OLD}
