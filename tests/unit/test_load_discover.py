"""Which files are manifests: names, endings, links, and what cannot be looked at."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.discover import Discovery, discover, name_of, read
from reconciler.problems import CLASH, START, UNREADABLE, Problem
from reconciler.yamltext.limits import MAX_BYTES


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    (root / "signatures").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.yaml").touch()
    return root


def put(root: Path, *paths: str) -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text("content: a\n")


def names(discovery: Discovery) -> list[str]:
    return [name_of(path) for path in discovery.manifests]


def only(discovery: Discovery) -> Problem:
    (problem,) = discovery.problems
    assert problem.position == START
    assert problem.detail
    return problem


def test_a_name_is_the_path_below_signatures_without_its_ending(root: Path) -> None:
    put(root, "signatures/b.yml", "signatures/retail/acme.yaml", "signatures/retail/a.b.yaml")
    discovery = discover(root)
    assert discovery == Discovery(
        manifests=(
            "signatures/b.yml",
            "signatures/retail/a.b.yaml",
            "signatures/retail/acme.yaml",
        ),
        problems=(),
        has_folder=True,
    )


def test_parts_that_begin_with_a_dot_or_an_underscore_are_skipped(root: Path) -> None:
    put(root, "signatures/_x.yaml", "signatures/.x.yaml", "signatures/_y/a.yaml")
    put(root, "signatures/.git/a.yaml", "signatures/a/_b/c.yaml", "signatures/a_.yaml")
    assert names(discover(root)) == ["a_"]


def test_other_endings_are_not_manifests(root: Path) -> None:
    put(root, "signatures/README.md", "signatures/a.json", "signatures/yaml", "signatures/a.yaml~")
    put(root, "signatures/a.YAML", "elsewhere/b.yaml")
    assert names(discover(root)) == []


def test_a_folder_may_be_called_like_a_manifest(root: Path) -> None:
    put(root, "signatures/old.yaml/a.yaml")
    assert names(discover(root)) == ["old.yaml/a"]


def test_no_signatures_folder_is_an_empty_repository_that_says_so(tmp_path: Path) -> None:
    assert discover(tmp_path) == Discovery(manifests=(), problems=(), has_folder=False)


def test_an_empty_folder_is_an_empty_repository(root: Path) -> None:
    assert discover(root) == Discovery(manifests=(), problems=(), has_folder=True)


def test_a_file_called_signatures_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "signatures").touch()
    problem = only(discover(tmp_path))
    assert (problem.rule, problem.path, problem.name) == (UNREADABLE, "signatures", None)
    assert problem.summary == "this cannot be read: Not a directory"


def test_both_endings_of_one_name_are_a_clash_that_names_both_files(root: Path) -> None:
    put(root, "signatures/a.yml", "signatures/a.yaml")
    problem = only(discover(root))
    assert (problem.rule, problem.path) == (CLASH, "signatures/a.yml")
    assert "signatures/a.yaml:1:1" in problem.summary
    assert "signatures/a.yml:1:1" in problem.detail


class TestLinks:
    """Links are followed inside the repository, and every folder is entered once."""

    def test_links_inside_are_followed(self, root: Path) -> None:
        put(root, "shared/a.yaml", "signatures/_hidden/b.yaml")
        (root / "signatures" / "folder").symlink_to("../shared")
        (root / "signatures" / "file.yaml").symlink_to("_hidden/b.yaml")
        assert names(discover(root)) == ["file", "folder/a"]

    @pytest.mark.parametrize("link", ["file.yaml", "folder"])
    def test_links_out_are_problems(self, root: Path, link: str) -> None:
        target = "../../outside" + ("/a.yaml" if link.endswith(".yaml") else "")
        (root / "signatures" / link).symlink_to(target)
        problem = only(discover(root))
        assert (problem.rule, problem.path) == (UNREADABLE, f"signatures/{link}")
        assert problem.summary == "this link leads out of the repository"

    def test_a_signatures_folder_that_is_a_link_out_is_a_problem(self, tmp_path: Path) -> None:
        (tmp_path / "root").mkdir()
        (tmp_path / "out").mkdir()
        (tmp_path / "root" / "signatures").symlink_to("../out")
        assert "leads out" in only(discover(tmp_path / "root")).summary

    def test_a_signatures_folder_that_is_a_broken_link_is_a_problem(self, tmp_path: Path) -> None:
        (tmp_path / "signatures").symlink_to("nowhere")
        assert only(discover(tmp_path)).summary == "this link leads nowhere"

    @pytest.mark.parametrize("target", [".", "..", "../signatures"])
    def test_a_loop_is_a_problem_and_ends(self, root: Path, target: str) -> None:
        put(root, "signatures/a.yaml")
        (root / "signatures" / "loop").symlink_to(target)
        discovery = discover(root)
        loop = [problem.path for problem in discovery.problems]
        assert loop == ["signatures/loop" + ("/signatures" if target == ".." else "")]
        assert names(discovery) == ["a"]

    def test_many_links_between_folders_are_no_more_work_than_folders(self, root: Path) -> None:
        """Followed blindly, these would be a million million ways."""
        for level in range(40):
            folder = root / "signatures" / f"d{level}"
            folder.mkdir()
            (folder / "x").symlink_to(f"../d{level + 1}")
            (folder / "y").symlink_to(f"../d{level + 1}")
        (root / "signatures" / "d40").mkdir()
        assert len(discover(root).problems) == 80

    @pytest.mark.parametrize("names_by_order", [("a", "z"), ("z", "a")])
    def test_of_a_folder_and_its_link_the_link_is_the_problem(
        self, root: Path, names_by_order: tuple[str, str]
    ) -> None:
        real, link = names_by_order
        put(root, f"signatures/{real}/one.yaml")
        (root / "signatures" / link).symlink_to(real)
        discovery = discover(root)
        assert only(discovery).path == f"signatures/{link}"
        assert names(discovery) == [f"{real}/one"]

    def test_a_link_to_itself_is_a_problem(self, root: Path) -> None:
        (root / "signatures" / "a.yaml").symlink_to("a.yaml")
        problem = only(discover(root))
        assert "symbolic link" in problem.summary

    def test_a_broken_link_is_a_problem_when_it_is_read(self, root: Path) -> None:
        (root / "signatures" / "a.yaml").symlink_to("nowhere.yaml")
        (found,) = discover(root).manifests
        problem = read(root, found)
        assert isinstance(problem, Problem)
        assert (problem.rule, problem.name, problem.path) == (UNREADABLE, "a", found)
        assert problem.summary == "this link leads nowhere"


def test_a_name_that_is_not_unicode_is_a_problem_that_can_be_printed(root: Path) -> None:
    (root / "signatures" / os.fsdecode(b"\xff.yaml")).touch()
    (root / "signatures" / os.fsdecode(b"\xfe.txt")).touch()
    (root / "signatures" / "签名.yaml").touch()
    discovery = discover(root)
    assert only(discovery).path == r"signatures/\udcff.yaml"
    assert names(discovery) == ["签名"]


def test_a_folder_that_cannot_be_listed_is_a_problem(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(root, "signatures/a.yaml", "signatures/b/c.yaml")
    real = os.scandir

    def refuse(path: str) -> object:
        if path.endswith("/b"):
            raise PermissionError(13, "no")
        return real(path)

    monkeypatch.setattr(os, "scandir", refuse)
    discovery = discover(root)
    assert only(discovery).summary == "this cannot be read: Permission denied"
    assert only(discovery).path == "signatures/b"
    assert names(discovery) == ["a"]


def test_a_manifest_is_read_whole(root: Path) -> None:
    raw = bytes(range(256)) * 1000
    (root / "signatures" / "a.yaml").write_bytes(raw)
    (found,) = discover(root).manifests
    assert read(root, found) == raw


def test_of_a_manifest_that_is_too_large_one_byte_too_many_is_read(root: Path) -> None:
    file = root / "signatures" / "a.yaml"
    file.touch()
    os.truncate(file, 100 * MAX_BYTES)
    raw = read(root, "signatures/a.yaml")
    assert isinstance(raw, bytes)
    assert len(raw) == MAX_BYTES + 1


def test_a_pipe_is_a_problem_and_nobody_waits_for_its_writer(root: Path) -> None:
    os.mkfifo(root / "signatures" / "a.yaml")
    (found,) = discover(root).manifests
    problem = read(root, found)
    assert isinstance(problem, Problem)
    assert problem.summary == "this is not a regular file"


@pytest.mark.parametrize(("errno", "words"), [(13, "Permission denied"), (None, "no reason")])
def test_what_the_system_refuses_is_told(
    root: Path, monkeypatch: pytest.MonkeyPatch, errno: int | None, words: str
) -> None:
    def refuse(*_: object) -> int:
        raise OSError(errno, "no") if errno else OSError("no")

    monkeypatch.setattr(os, "open", refuse)
    problem = read(root, "signatures/a.yaml")
    assert isinstance(problem, Problem)
    assert words in problem.summary
