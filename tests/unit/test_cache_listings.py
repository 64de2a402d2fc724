"""Folders are not listed again while none of them has changed, and only then."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cache.listings import KnownListings
from reconciler.cache.store import Cache
from reconciler.discover import discover

LONG = 60_000_000_000
FOLDERS = ("a", "a/b", "none")


class Tree:
    """Folders that have been still for a while, or not."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = root.resolve()
        self.age = LONG
        self.meanwhile: Callable[[], object] = lambda: None
        (self.root / "a" / "b").mkdir(parents=True)
        (self.root / "a" / "file").touch()
        changed = (self.root / "a").stat().st_ctime_ns
        monkeypatch.setattr("time.time_ns", lambda: changed + self.age)

    def keep(self) -> None:
        with Cache(self.root / "cache") as cache:
            listings = KnownListings(str(self.root), cache)
            seen = [(each, status(self.root / each)) for each in FOLDERS]
            self.meanwhile()
            listings.keep("name", seen, ["a value"])

    def known(self) -> object:
        with Cache(self.root / "cache") as cache:
            return KnownListings(str(self.root), cache).recall("name")


def status(folder: Path) -> os.stat_result | None:
    return folder.stat() if folder.exists() else None


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    return Tree(tmp_path, monkeypatch)


def test_still_folders_hold_what_they_held(tree: Tree) -> None:
    assert tree.known() is None
    tree.keep()
    assert tree.known() == ["a value"]
    (tree.root / "a" / "file").write_bytes(b"other content")
    assert tree.known() == ["a value"], "it is about which files there are, not about their bytes"


@pytest.mark.parametrize(
    "change",
    [
        lambda root: (root / "a" / "b" / "new").touch(),
        lambda root: (root / "a" / "file").unlink(),
        lambda root: (root / "a" / "file").rename(root / "a" / "b" / "file"),
        lambda root: (root / "none").mkdir(),
        lambda root: (root / "a" / "b").rmdir(),
        lambda root: (root / "a").replace(root / "c"),
    ],
    ids=["new", "gone", "moved", "first", "folder", "all"],
)
def test_a_folder_that_changed_is_listed(tree: Tree, change: Callable[[Path], None]) -> None:
    tree.keep()
    change(tree.root)
    assert tree.known() is None


def test_a_folder_that_changed_while_it_was_listed_is_not_kept_by_any_clock(tree: Tree) -> None:
    tree.meanwhile = lambda: (tree.root / "a" / "new").touch()
    tree.keep()
    assert tree.known() is None
    tree.meanwhile = lambda: (tree.root / "none").mkdir()
    tree.keep()
    assert tree.known() is None


def test_a_folder_that_has_just_changed_may_change_again_unseen(tree: Tree) -> None:
    tree.age = 1
    tree.keep()
    assert tree.known() is None


def test_what_another_program_listed_is_listed_again(
    tree: Tree, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may pass over other names, or look for other endings."""
    tree.keep()
    monkeypatch.setattr("reconciler.cache.listings.program", lambda: "another")
    assert tree.known() is None


class TestTheManifests:
    """What decides which there are: the folders that were entered, unless links do so too."""

    @pytest.fixture
    def root(self, tmp_path: Path) -> Path:
        for path in ("signatures/a.yaml", "signatures/deep/b.yaml", "signatures/_no/c.yaml"):
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).touch()
        return tmp_path

    def test_are_decided_by_every_folder_that_was_entered(self, root: Path) -> None:
        assert sorted(folder for folder, _ in discover(root).folders) == [
            "signatures",
            "signatures/deep",
        ]

    @pytest.mark.parametrize("target", ["deep", "a.yaml", "nowhere"])
    def test_are_not_decided_by_folders_alone_where_there_is_a_link(
        self, root: Path, target: str
    ) -> None:
        (root / "signatures" / "link.yaml").symlink_to(target)
        assert discover(root).folders == ()

    def test_are_not_where_the_first_folder_is_a_link(self, root: Path) -> None:
        (root / "signatures").rename(root / "real")
        (root / "signatures").symlink_to("real")
        found = discover(root)
        assert len(found.manifests) == 2
        assert found.folders == ()
