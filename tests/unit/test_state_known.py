"""Records that are known again are those that would be read; whatever changed, they are read."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler import regular
from reconciler.cache.store import Cache
from reconciler.errors import StateError
from reconciler.model import Recorded
from reconciler.state import batches, known, records
from reconciler.state.around import Around
from reconciler.state.file import FileState
from reconciler.state.known import KnownRecords
from reconciler.state.layout import path_of
from reconciler.state.packed import packed, unpacked
from tests.unit.builders import recorded
from tests.unit.git_world import World, git
from tests.unit.test_state_records import records as any_record

LONG = 60_000_000_000
"""Nanoseconds after which a file's status is believed."""
ONE, TWO = recorded("SIG1", name="one"), recorded("SIG2", name="two")
LATER = replace(ONE, at="2026-11-21T00:00:00Z")


@pytest.fixture(autouse=True)
def few_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known, "_MANY", 1)


@given(st.lists(any_record, max_size=5))
def test_records_come_back_as_they_were(given_: list[Recorded]) -> None:
    expected = {each.id: each for each in given_}
    assert unpacked(packed(expected.values())) == expected
    assert list(unpacked(packed(expected.values()))) == list(expected)


class Folder:
    """A `file:` state whose files age at once, looked at with a cache and without."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.folder = self.root / "state"
        self.clock = 0

    def write(self) -> FileState:
        return FileState(self.folder, shown="state")

    def read(self, *, cached: bool = True, after: int = LONG) -> Any:
        """The records, or what is said of the damaged ones."""
        self.clock += after
        now = time.time_ns() + self.clock
        folder = self.root / "cache" if cached else None
        with mock.patch("time.time_ns", return_value=now), Cache(folder) as cache:
            state = FileState(self.folder, shown="state", around=Around(known=KnownRecords(cache)))
            try:
                return dict(state.load())
            except StateError as error:
                return error.summary


def test_records_that_vanish_while_they_are_read_and_come_back_are_read_again(
    tmp_path: Path,
) -> None:
    world = Folder(tmp_path)
    for each in (ONE, TWO):
        world.write().put(each)
    both = world.read(cached=False)
    with mock.patch.object(FileState, "_read", side_effect=[ONE, None]):
        assert world.read() == {ONE.id: ONE}
    assert world.read() == both


@pytest.mark.parametrize("is_new", [True, False], ids=["no cache yet", "a cache"])
def test_a_record_that_changes_once_it_is_read_is_read_again(tmp_path: Path, is_new: bool) -> None:
    world = Folder(tmp_path)
    world.write().put(ONE)
    world.write().put(TWO)
    if not is_new:
        world.read()
        world.write().put(replace(TWO, at="2026-11-21T00:00:01Z"))
    two = world.read(cached=False)[TWO.id]

    def read(path: str, **how: Any) -> bytes:
        data = regular.read_regular(path, **how)
        if path.endswith(f"/{ONE.id}.json"):
            world.write().put(LATER)
        return data

    with mock.patch("reconciler.state.file.read_regular", read):
        assert world.read() == {ONE.id: ONE, TWO.id: two}
    assert world.read() == {ONE.id: LATER, TWO.id: two}


Step = Callable[[Folder], None]


def put(record: Recorded) -> Step:
    return lambda world: world.write().put(record)


def remove(id: str) -> Step:
    return lambda world: world.write().remove(id)


def flip(id: str, at: int) -> Step:
    """One bit of a file, which keeps its size, its inode and its time of writing."""

    def step(world: Folder) -> None:
        path = world.folder / f"{id}.json"
        if path.exists():
            before, data = path.stat(), bytearray(path.read_bytes())
            data[at] ^= 1
            path.write_bytes(data)
            os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))

    return step


def damage_cache(world: Folder) -> None:
    path = world.root / "cache" / "verdicts.sqlite"
    if path.exists():
        data = bytearray(path.read_bytes())
        for at in range(5000, len(data), 97):
            data[at] ^= 255
        path.write_bytes(data)


STEPS: st.SearchStrategy[Step] = st.one_of(
    st.builds(put, st.sampled_from([ONE, TWO, LATER])),
    st.builds(remove, st.sampled_from(["SIG1", "SIG2"])),
    st.builds(flip, st.sampled_from(["SIG1", "SIG2"]), st.integers(30, 200)),
    st.just(damage_cache),
)


@given(st.lists(STEPS, max_size=8))
@settings(max_examples=60, deadline=None)
def test_a_folder_is_read_the_same_with_any_cache(steps: list[Step]) -> None:
    with tempfile.TemporaryDirectory() as name:
        world = Folder(Path(name))
        for step in steps:
            step(world)
            without = world.read(cached=False)
            assert world.read() == without
            assert world.read() == without


class TestAFolder:
    def test_is_known_again_without_reading_a_file(self, tmp_path: Path) -> None:
        world = Folder(tmp_path)
        put(ONE)(world)
        world.read()
        with mock.patch.object(records, "decode", side_effect=AssertionError("read")):
            assert world.read() == {"SIG1": ONE}

    def test_is_read_while_a_file_of_it_is_too_new_to_show_every_change(
        self, tmp_path: Path
    ) -> None:
        world = Folder(tmp_path)
        put(ONE)(world)
        assert world.read(after=0) == {"SIG1": ONE}
        with (
            mock.patch.object(records, "decode", side_effect=AssertionError("read")),
            pytest.raises(AssertionError, match="read"),
        ):
            world.read()

    def test_of_a_few_records_leaves_no_cache(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(known, "_MANY", 2)
        world = Folder(tmp_path)
        put(ONE)(world)
        world.read()
        assert not (world.root / "cache").exists()

    def test_is_not_believed_to_be_what_another_program_read(self, tmp_path: Path) -> None:
        world = Folder(tmp_path)
        put(ONE)(world)
        world.read()
        with (
            mock.patch.object(known, "program", return_value="another"),
            mock.patch.object(records, "decode", side_effect=AssertionError("read")),
            pytest.raises(AssertionError, match="read"),
        ):
            world.read()

    def test_that_cannot_be_proved_to_be_the_same_has_no_proof(self, tmp_path: Path) -> None:
        world = Folder(tmp_path)
        put(ONE)(world)
        assert not world.write().proof(), "nothing is kept here, so nobody asks"
        with Cache(world.root / "cache") as cache:
            state = FileState(world.folder, shown="state", around=Around(known=KnownRecords(cache)))
            assert not state.proof(), "it was written just now"


class Remote(World):
    """A `git:` state, looked at with a cache that travels from machine to machine."""

    def look(self, machine: str = "here", *, cached: bool = True) -> Mapping[str, Recorded]:
        folder = self.folder.resolve() / "kept" if cached else None
        with Cache(folder) as cache:
            around = replace(self.around(machine), known=KnownRecords(cache))
            return dict(self.state(around=around).load())

    def fetches(self, machine: str) -> bool:
        """Whether a look on that machine brings the records there."""
        self.look(machine)
        packs = (self.folder / "cache" / machine).rglob("objects/*/*")
        return any(path.is_file() for path in packs)


class TestARemote:
    @pytest.fixture
    def world(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Remote:
        monkeypatch.setattr(batches, "SECONDS", 3600.0)
        world = Remote(tmp_path)
        world.state().put(ONE)
        return world

    def test_is_known_by_its_commit_even_where_it_was_never_read(self, world: Remote) -> None:
        assert world.look() == {"SIG1": ONE}
        assert not world.fetches("new")
        assert world.look("new") == {"SIG1": ONE}

    def test_is_read_once_it_has_moved(self, world: Remote) -> None:
        world.look()
        world.state().put(LATER)
        world.state().put(TWO)
        assert world.look("new") == {"SIG1": LATER, "SIG2": TWO} == world.look("x", cached=False)

    def test_that_moved_back_is_what_it_was(self, world: Remote) -> None:
        world.look()
        before = world.refs()["refs/reconciler/state"]
        world.state().put(LATER)
        world.look()
        git("update-ref", "refs/reconciler/state", before, cwd=world.remote)
        assert world.look() == {"SIG1": ONE}

    def test_is_read_with_what_is_on_this_machine_alone(self, world: Remote) -> None:
        world.look()
        state = world.state()

        def run() -> None:
            with state.lock():
                world.away()
                state.put(TWO)

        with pytest.raises(StateError):
            run()
        world.back()
        assert world.look() == {"SIG1": ONE, "SIG2": TWO}
        assert world.look("new", cached=False) == {"SIG1": ONE, "SIG2": TWO}

    def test_that_is_away_is_what_it_was_and_that_is_said(self, world: Remote) -> None:
        world.look()
        world.away()
        assert world.look() == {"SIG1": ONE}
        assert "cannot be reached" in world.warnings[0]

    def test_with_a_damaged_record_is_never_kept(self, world: Remote) -> None:
        work = world.clone("hand")
        git("fetch", "--quiet", "origin", "refs/reconciler/state", cwd=work)
        git("checkout", "--quiet", "FETCH_HEAD", cwd=work)
        (work / path_of("SIG1")).write_text("{}")
        git("commit", "--quiet", "--all", "--message", "by hand", cwd=work)
        git("push", "--quiet", "origin", "HEAD:refs/reconciler/state", cwd=work)
        for _ in range(2):
            with pytest.raises(StateError, match="damaged"):
                world.look()

    def test_has_its_commit_for_a_proof(self, world: Remote) -> None:
        with Cache(world.folder.resolve() / "kept") as cache:
            around = replace(world.around(), known=KnownRecords(cache))
            state = world.state(around=around)
            assert state.proof() == world.refs()["refs/reconciler/state"]
            with mock.patch("reconciler.state.branch.Branch.ask", side_effect=AssertionError):
                state.load()
            assert state.loaded == world.refs()["refs/reconciler/state"]
            world.away()
            assert not world.state(around=around).proof()
        assert not world.state().proof(), "nothing is kept, so nobody asks"
