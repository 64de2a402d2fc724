"""Manifests that two processes read are those that one would read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from reconciler import manifests_ahead
from reconciler.cache.files import Statuses
from reconciler.discover import Sources, discover, read_all
from reconciler.manifests import Manifest, parse, simple
from reconciler.manifests_ahead import read_from_the_end, reading
from reconciler.meanwhile import Send
from reconciler.problems import Problem

COUNT = 11
PLAIN = "id: SIG{number}\ncontent: 商店{number:02}\ncertificate:\n  file: a.png\n"
FLOW = "{{id: SIG{number}, content: 商店{number:02}}}\n"
"""What only the other reader of YAML understands."""


class Copy:
    """A copy of the process that has done its work at once, here, and is heard bit by bit."""

    pieces = 1
    """So many calls until all of it is heard."""
    begun = 0
    ended = 0

    def __init__(self, work: Callable[[Send], None]) -> None:
        type(self).begun += 1
        parts: list[bytes] = []
        work(parts.append)
        self._told = b"".join(parts)
        self._size = -(-len(self._told) // self.pieces) if self.pieces else 0

    def sent(self) -> bytes:
        found, self._told = self._told[: self._size], self._told[self._size :]
        return found

    def end(self) -> None:
        type(self).ended += 1


@pytest.fixture(autouse=True)
def a_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifests_ahead, "_MANY", 1)
    monkeypatch.setattr(manifests_ahead, "_BATCH", 2)
    monkeypatch.setattr(manifests_ahead, "is_possible", lambda: True)
    monkeypatch.setattr(manifests_ahead, "Meanwhile", Copy)
    monkeypatch.setattr(Copy, "begun", 0)
    monkeypatch.setattr(Copy, "ended", 0)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "signatures"
    folder.mkdir()
    for number in range(COUNT):
        text = (FLOW if number % 4 == 3 else PLAIN).format(number=number)
        (folder / f"{number:02}.yaml").write_text(text, encoding="utf-8")
    old = (folder / "00.yaml").stat().st_mtime_ns - 60_000_000_000
    for number in range(0, COUNT, 3):
        os.utime(folder / f"{number:02}.yaml", ns=(old, old))
    return tmp_path


def all_read(root: Path, *, is_busy: bool = False) -> tuple[Sources, Statuses]:
    statuses = Statuses()
    with reading(is_busy=is_busy) as read:
        sources = read(root, discover(root), statuses)
        said = [*parsed(sources)]
        assert (Copy.ended > 0) == (Copy.begun > 0), "it has nothing more to do"
    assert said == [simple(raw) if isinstance(raw, bytes) else None for raw in sources.raws]
    return sources, statuses


def parsed(sources: Sources) -> Iterator[object]:
    """What the manifests say, asked for as `load` does."""
    for number, raw in enumerate(sources.raws):
        yield None if isinstance(raw, Problem) else sources.said(number, raw) or simple(raw)


@pytest.mark.parametrize("pieces", [0, 1, 2, 3, 5, 8, 13, 1000])
def test_wherever_two_meet_all_is_read_once_and_in_order(
    root: Path, pieces: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Copy, "pieces", pieces)
    alone = Statuses()
    expected = read_all(root, discover(root), alone)
    sources, statuses = all_read(root)
    assert (sources.raws, sources.discovery) == (expected.raws, expected.discovery)
    assert statuses.each == alone.each
    assert [*statuses.settled()] == [*alone.settled()]
    assert Copy.begun == 1


def test_what_the_copy_has_parsed_is_not_parsed_again(root: Path) -> None:
    with reading(is_busy=False) as read:
        sources = read(root, discover(root), Statuses())
        said = [
            raw if isinstance(raw, Problem) else sources.said(number, raw)
            for number, raw in enumerate(sources.raws)
        ]
    plain = [number for number in range(COUNT) if number % 4 != 3]
    assert [number for number, each in enumerate(said) if each is not None] == plain
    raw = sources.raws[2]
    assert isinstance(raw, bytes)
    manifest = parse(raw, name="02", path="signatures/02.yaml", said={"id": "SIG2"})
    assert isinstance(manifest, Manifest)
    assert manifest.data == {"id": "SIG2"}
    assert manifest.line("content") == 2


def test_what_the_copy_has_parsed_of_other_bytes_does_not_count(root: Path) -> None:
    with reading(is_busy=False) as read:
        sources = read(root, discover(root), Statuses())
        assert sources.said(0, b"id: OTHER\n") is None
        assert sources.said(0, b"") is None


@pytest.mark.parametrize("pieces", [1, 3])
def test_a_manifest_that_only_one_of_them_cannot_read(
    root: Path, pieces: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy leaves it, and all before it, to whoever listens."""
    monkeypatch.setattr(Copy, "pieces", pieces)
    (root / "signatures" / "05.yaml").unlink()
    (root / "signatures" / "05.yaml").symlink_to("nowhere")
    with reading(is_busy=False) as read:
        raws = read(root, discover(root), Statuses()).raws
    assert [number for number, raw in enumerate(raws) if isinstance(raw, Problem)] == [5]
    assert raws == read_all(root).raws


@pytest.mark.parametrize(("name", "value"), [("_MANY", COUNT + 1), ("is_possible", lambda: False)])
def test_a_small_repository_and_a_busy_machine_have_no_copy(
    root: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: object
) -> None:
    monkeypatch.setattr(manifests_ahead, name, value)
    all_read(root)
    assert Copy.begun == 0


def test_there_is_no_second_copy(root: Path) -> None:
    all_read(root, is_busy=True)
    assert Copy.begun == 0


def test_the_copy_ends_though_nobody_asks_what_it_has_parsed(root: Path) -> None:
    with reading(is_busy=False) as read:
        read(root, discover(root), Statuses())
        assert Copy.ended == 0
    assert Copy.ended == 1


def test_the_copy_takes_its_statuses_for_as_old_as_those_of_its_caller(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would believe one that is too new to be believed."""
    statuses = Statuses()
    later = (root / "signatures" / "00.yaml").stat().st_ctime_ns + 60_000_000_000
    monkeypatch.setattr("time.time_ns", lambda: later)
    told: list[bytes] = []
    read_from_the_end(str(root), discover(root).manifests, statuses, told.append)
    assert len(told) == -(-COUNT // 2)
    with reading(is_busy=False) as read:
        read(root, discover(root), statuses)
    assert [*statuses.settled()] == []
    assert statuses.digest() == ""
