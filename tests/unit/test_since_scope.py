"""What a branch touches, in real repositories of git."""

from __future__ import annotations

import hashlib
import os
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.cache import coding
from reconciler.cache.packed import Wanted
from reconciler.errors import UsageError
from reconciler.git.process import GitError
from reconciler.load import load
from reconciler.plan.pairing import Target
from reconciler.since.scope import Scope, scope_of
from tests.unit.builders import recorded
from tests.unit.git_repository import PNG, Repository
from tests.unit.git_world import git

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {size}\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Two manifests with a document each, committed on main."""
    made = Repository(tmp_path / "repository")
    made.manifest("one", id="SIG1", file="../documents/one.png")
    made.manifest("two", id="SIG2", file="../documents/two.png")
    made.write("documents/one.png", PNG + b"one")
    made.write("documents/two.png", PNG + b"two")
    made.commit("first")
    return made


def scope(repository: Repository, rev: str = "main") -> Scope:
    """What is found, which is the same where the manifests are known from a cache."""
    loaded = load(repository.root, default_project="org-tests")
    assert not loaded.problems
    kept = replace(loaded, kept=Wanted([coding.desired_text(loaded.desired)]))
    found, again = (
        scope_of(repository.root, rev, repository=each, default_project="org-tests")
        for each in (loaded, kept)
    )
    assert found == again
    return found


def touched(repository: Repository, rev: str = "main") -> set[str]:
    return {path.removeprefix("signatures/") for path in scope(repository, rev).paths}


def test_nothing_is_touched_where_nothing_changed(repository: Repository) -> None:
    found = scope(repository)
    assert (found.paths, found.earlier) == (frozenset(), ())
    assert found.commit == repository.git("rev-parse", "HEAD").strip()


def test_an_edited_manifest_is_touched_committed_or_not(repository: Repository) -> None:
    repository.git("switch", "--quiet", "-c", "branch")
    repository.manifest("one", id="SIG1", file="../documents/one.png", scene="new")
    assert touched(repository) == {"one.yaml"}
    repository.commit("second")
    assert touched(repository) == {"one.yaml"}


def test_what_happened_on_the_other_branch_meanwhile_is_not_ours(repository: Repository) -> None:
    repository.git("switch", "--quiet", "-c", "branch")
    repository.manifest("one", id="SIG1", file="../documents/one.png", scene="ours")
    repository.commit("ours")
    repository.git("switch", "--quiet", "main")
    repository.manifest("two", id="SIG2", file="../documents/two.png", scene="theirs")
    repository.commit("theirs")
    repository.git("switch", "--quiet", "branch")
    assert touched(repository) == {"one.yaml"}


def test_a_new_file_that_is_not_committed_is_touched(repository: Repository) -> None:
    repository.manifest("three", id="SIG3", file="../documents/one.png")
    assert touched(repository) == {"three.yaml"}


def test_a_changed_document_touches_every_manifest_that_names_it(repository: Repository) -> None:
    repository.manifest("three", id="SIG3", file="../documents/one.png")
    repository.commit("third")
    repository.write("documents/one.png", PNG + b"new")
    assert touched(repository) == {"one.yaml", "three.yaml"}


def test_the_earlier_document_is_hashed_from_its_commit(repository: Repository) -> None:
    repository.write("documents/one.png", PNG + b"new")
    (was,) = scope(repository).earlier
    assert was.submission is not None
    assert was.submission.certificate.sha256 == hashlib.sha256(PNG + b"one").hexdigest()


def test_a_document_that_git_lfs_keeps_is_known_by_its_pointer(repository: Repository) -> None:
    digest = hashlib.sha256(PNG + b"large").hexdigest()
    pointer = POINTER.format(digest=digest, size=len(PNG) + 5)
    repository.write("documents/one.png", pointer.encode())
    repository.commit("pointer")
    repository.write("documents/one.png", PNG + b"large")
    (was,) = scope(repository).earlier
    assert was.submission is not None
    assert was.submission.certificate.sha256 == digest


def test_a_link_to_a_document_is_followed_then_and_now(repository: Repository) -> None:
    link = repository.root / "documents" / "current.png"
    link.symlink_to("one.png")
    repository.manifest("three", id="SIG3", file="../documents/current.png")
    repository.commit("link")
    link.unlink()
    link.symlink_to("two.png")
    found = scope(repository)
    assert found.paths == {"signatures/three.yaml"}
    assert found.earlier[0].submission is not None
    certificate = found.earlier[0].submission.certificate
    assert certificate.sha256 == hashlib.sha256(PNG + b"one").hexdigest()


def test_a_link_to_a_folder_of_manifests_is_followed(repository: Repository) -> None:
    repository.write("elsewhere/four.yaml", repository.text(id="SIG4", file="../documents/one.png"))
    (repository.root / "signatures" / "linked").symlink_to("../elsewhere")
    repository.commit("linked")
    changed = repository.text(id="SIG4", file="../documents/one.png", scene="new")
    repository.write("elsewhere/four.yaml", changed)
    found = scope(repository)
    assert found.paths == {"signatures/linked/four.yaml"}
    assert [was.name for was in found.earlier] == ["linked/four"]


def test_a_link_to_one_manifest_is_followed(repository: Repository) -> None:
    repository.write("elsewhere/four.yaml", repository.text(id="SIG4", file="../documents/one.png"))
    (repository.root / "signatures" / "four.yaml").symlink_to("../elsewhere/four.yaml")
    repository.commit("linked")
    changed = repository.text(id="SIG4", file="../documents/one.png", scene="new")
    repository.write("elsewhere/four.yaml", changed)
    assert touched(repository) == {"four.yaml"}


def test_links_that_lead_nowhere_or_in_circles_leave_no_earlier_manifest(
    repository: Repository,
) -> None:
    documents = repository.root / "documents"
    (documents / "a.png").symlink_to("b.png")
    (documents / "b.png").symlink_to("a.png")
    (documents / "c.png").symlink_to("absent.png")
    (documents / "d.png").symlink_to("/etc/hostname")
    (documents / "e.png").symlink_to("../../outside.png")
    repository.write("signatures/circle.yaml", repository.text(id="S3", file="../documents/a.png"))
    for name, known, file in (("two", "S4", "c"), ("three", "S5", "d"), ("four", "S6", "e")):
        repository.manifest(name, id=known, file=f"../documents/{file}.png")
    repository.commit("broken")
    for name, known in (("circle", "S3"), ("two", "S4"), ("three", "S5"), ("four", "S6")):
        repository.manifest(name, id=known, file="../documents/one.png")
    found = scope(repository)
    assert len(found.paths) == 4
    assert found.earlier == ()


def test_a_manifest_that_was_wrong_has_no_earlier_wish(repository: Repository) -> None:
    repository.write("signatures/three.yaml", b"content: [")
    repository.write("signatures/four.yaml", b"content: 7\n")
    repository.commit("broken")
    for name, known in (("three", "SIG3"), ("four", "SIG4")):
        repository.manifest(name, id=known, file="../documents/one.png")
    found = scope(repository)
    assert len(found.paths) == 2
    assert found.earlier == ()


def test_urls_and_tombstones_need_no_file(repository: Repository) -> None:
    url = b"id: SIG3\ncontent: \xe7\x94\xb2\xe4\xb9\x99\ntype: company\npurpose: self-use\n"
    url += b"certificate:\n  url: https://example.com/licence.png\n"
    repository.write("signatures/three.yaml", url)
    repository.write("signatures/four.yaml", b"id: SIG4\nabsent: true\n")
    repository.commit("more")
    repository.write("signatures/three.yaml", url + b"scene: new\n")
    repository.write("signatures/four.yaml", b"id: [SIG4, SIG5]\nabsent: true\n")
    found = {was.name: was.submission for was in scope(repository).earlier}
    assert found["four"] is None
    assert found["three"] is not None
    assert found["three"].certificate.url == "https://example.com/licence.png"


@pytest.mark.parametrize("file", ["文" * 45_000, "a/" * 30_000 + "x.png", "a/" * 2000 + "x.png"])
def test_what_a_tombstone_calls_its_document_may_be_no_path(
    repository: Repository, file: str
) -> None:
    text = f"id: SIG4\nabsent: true\ncertificate:\n  file: {file}\n".encode()
    repository.write("signatures/four.yaml", text)
    repository.commit("a tombstone")
    repository.write("signatures/four.yaml", text + b"# seen\n")
    assert touched(repository) == {"four.yaml"}
    (repository.root / "signatures" / "one.yaml").unlink()
    assert touched(repository) == {"four.yaml"}
    assert {was.name for was in scope(repository).earlier} == {"four", "one"}


def test_a_removed_manifest_is_known_as_it_was(repository: Repository) -> None:
    (repository.root / "signatures" / "two.yaml").unlink()
    found = scope(repository)
    assert found.paths == frozenset()
    assert [was.ids for was in found.earlier] == [("SIG2",)]


def test_a_record_belongs_to_the_branch_where_its_manifest_was_removed(
    repository: Repository,
) -> None:
    repository.manifest("three", id=None, file="../documents/one.png", content="子丑寅卯")
    repository.commit("third")
    (repository.root / "signatures" / "two.yaml").unlink()
    (repository.root / "signatures" / "three.yaml").unlink()
    found = scope(repository)

    def covers(id: str, name: str) -> bool:
        record = recorded(id, name=name)
        return found.covers(Target(desired=None, id=id, recorded=record))

    wanted = load(repository.root, default_project="org-tests").desired
    assert [found.covers(Target(desired=d, id=d.ids[0], recorded=None)) for d in wanted] == [False]

    assert covers("SIG2", "two")
    assert covers("SIG-created", "three")
    assert not covers("SIG1", "one")


def test_files_that_only_look_like_manifests_are_none(repository: Repository) -> None:
    for path in ("signatures/_drafts/a.yaml", "signatures/.b.yaml", "other/c.yaml", "d.yaml"):
        repository.write(path, b"x: 1\n")
    repository.commit("no manifests")
    for path in ("signatures/_drafts/a.yaml", "signatures/.b.yaml", "other/c.yaml", "d.yaml"):
        (repository.root / path).unlink()
    assert scope(repository).earlier == ()


def test_a_repository_in_a_folder_of_a_larger_one_sees_its_own_files_alone(
    tmp_path: Path,
) -> None:
    outer = Repository(tmp_path / "outer")
    inner = Repository(tmp_path / "outer" / "sms", of=outer)
    inner.manifest("one", id="SIG1", file="../documents/one.png")
    inner.write("documents/one.png", PNG)
    outer.commit("first")
    outer.write("signatures/one.yaml", b"of somebody else")
    assert touched(inner) == set()
    inner.manifest("one", id="SIG1", file="../documents/one.png", scene="new")
    found = scope(inner)
    assert found.paths == {"signatures/one.yaml"}
    assert [was.name for was in found.earlier] == ["one"]


def test_names_that_need_quoting_are_found(repository: Repository) -> None:
    repository.manifest("中文 and\nmore", id="SIG3", file="../documents/one.png")
    repository.commit("third")
    repository.manifest("中文 and\nmore", id="SIG3", file="../documents/one.png", scene="new")
    assert touched(repository) == {"中文 and\nmore.yaml"}


def test_large_documents_are_read_in_turn_and_too_large_ones_not_at_all(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reconciler.git.snapshot._BATCH", 100)
    repository.write("documents/two.png", PNG + b"x" * (4 * 1024 * 1024))
    repository.commit("too large")
    for name in ("one", "two"):
        repository.write(f"documents/{name}.png", PNG + b"new")
    assert [was.name for was in scope(repository).earlier] == ["one"]


def test_several_documents_come_in_several_batches(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reconciler.git.snapshot._BATCH", 1)
    for name in ("one", "two"):
        repository.write(f"documents/{name}.png", PNG + b"new")
    assert [was.name for was in scope(repository).earlier] == ["one", "two"]


def test_an_unknown_commit_is_a_mistake_of_the_command_line(repository: Repository) -> None:
    for rev in ("nowhere", "--all", "main:signatures", ""):
        with pytest.raises(UsageError, match="no such commit") as raised:
            scope(repository, rev)
        assert "fetch-depth" in raised.value.advice


def test_histories_without_a_common_commit_are_told_apart(repository: Repository) -> None:
    repository.git("switch", "--quiet", "--orphan", "other")
    repository.manifest("one", id="SIG1", file="../documents/one.png")
    repository.write("documents/one.png", PNG)
    repository.commit("another beginning")
    with pytest.raises(GitError, match="no commit in common"):
        scope(repository)


def test_outside_of_git_that_is_said(tmp_path: Path) -> None:
    (tmp_path / "signatures").mkdir()
    with pytest.raises(GitError, match="not a git repository"):
        scope_of(
            tmp_path, "main", repository=load(tmp_path, default_project=""), default_project=""
        )


def test_git_s_own_variables_have_no_say(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    git("init", "--quiet", str(tmp_path / "other"), cwd=tmp_path)
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "index"))
    repository.manifest("one", id="SIG1", file="../documents/one.png", scene="new")
    assert touched(repository) == {"one.yaml"}


def test_nothing_of_the_repository_is_written(repository: Repository) -> None:
    index = repository.root / ".git" / "index"
    os.utime(repository.root / "documents" / "one.png", (1, 1))
    before = index.read_bytes()
    scope(repository)
    assert index.read_bytes() == before


def test_a_file_that_was_only_touched_has_not_changed(repository: Repository) -> None:
    os.utime(repository.root / "documents" / "one.png", (1, 1))
    assert touched(repository) == set()


def test_without_an_index_everything_that_is_there_is_new(repository: Repository) -> None:
    (repository.root / ".git" / "index").unlink()
    assert touched(repository) == {"one.yaml", "two.yaml"}
