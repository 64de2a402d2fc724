"""A commit's files, asked about one by one: the same as those of the whole list."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.git import listing
from reconciler.git.listing import Listing
from reconciler.git.process import run
from reconciler.git.snapshot import Snapshot
from tests.unit.git_repository import Repository

PATHS = (
    "signatures/a.yaml",
    "signatures/deep/b.yaml",
    "signatures/none.yaml",
    "signatures/none/none.yaml",
    "signatures/a.yaml/x",
    "signatures/deep",
    "signatures/deep/../../documents/one.png",
    "signatures/linked/one.png",
    "signatures/leading/nowhere.png",
    "signatures/link.yaml",
    "signatures/chain.yaml",
    "signatures/odd\nname.yaml",
    ":(top)star.png",
    "*.png",
    "../outside.png",
    "",
    "documents//./one.png",
)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path / "repository")
    made.write("signatures/a.yaml", b"a")
    made.write("signatures/deep/b.yaml", b"b")
    made.write("signatures/odd\nname.yaml", b"c")
    made.write("documents/one.png", b"1")
    made.write(":(top)star.png", b"2")
    (made.root / "signatures" / "linked").symlink_to("../documents")
    (made.root / "signatures" / "leading").symlink_to("../../elsewhere")
    (made.root / "signatures" / "link.yaml").symlink_to("deep/b.yaml")
    (made.root / "signatures" / "chain.yaml").symlink_to("link.yaml")
    made.commit("all of it")
    return made


@pytest.mark.parametrize("path", PATHS)
def test_one_path_leads_where_it_leads_in_the_whole_list(
    repository: Repository, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = Snapshot(repository.root, "HEAD").resolve([path])
    monkeypatch.setattr(listing, "_MOST", 0)
    assert Snapshot(repository.root, "HEAD").resolve([path]) == alone


def test_all_of_them_lead_where_each_does(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = Snapshot(repository.root, "HEAD").resolve(PATHS)
    assert together["signatures/chain.yaml"] == "signatures/deep/b.yaml"
    assert together["signatures/linked/one.png"] == "documents/one.png"
    assert together[":(top)star.png"] == ":(top)star.png"
    monkeypatch.setattr(listing, "_MOST", 0)
    assert Snapshot(repository.root, "HEAD").resolve(PATHS) == together


@pytest.mark.parametrize("path", ["documents/\0.png", "documents/\ud800.png"])
def test_a_path_that_git_cannot_be_asked_about_leads_nowhere(
    repository: Repository, path: str
) -> None:
    assert Snapshot(repository.root, "HEAD").resolve([path]) == {path: None}


def test_a_name_that_is_not_utf_8_is_found(repository: Repository) -> None:
    odd = os.fsdecode(b"signatures/\xff.yaml")
    repository.write(odd, b"d")
    repository.commit("odd")
    assert Snapshot(repository.root, "HEAD").resolve([odd]) == {odd: odd}


def test_the_files_that_exist_are_not_listed_to_be_found(repository: Repository) -> None:
    asked: list[tuple[str, ...]] = []

    def ls_tree(*words: str) -> bytes:
        asked.append(words)
        environment = {**os.environ, "GIT_LITERAL_PATHSPECS": "1"}
        command = ["ls-tree", *words]
        return run(command, cwd=repository.root, environment=environment).output()

    found = Listing(ls_tree, "HEAD")
    found.look_at({"signatures", "signatures/a.yaml"})
    entry = found.entry("signatures/a.yaml")
    assert entry is not None
    assert entry.mode == "100644"
    assert found.entry("signatures") is None, "a folder is neither a file nor a link"
    assert asked == [("-z", "HEAD", "--", "signatures/a.yaml")]
    assert found.entry("documents/one.png") is not None
    assert asked[1:] == [("-r", "-z", "HEAD")], "what was not asked about"
