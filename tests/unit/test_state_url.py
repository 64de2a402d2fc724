"""How a state is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.errors import UsageError
from reconciler.state.file import FileState
from reconciler.state.git import GitState
from reconciler.state.open import open_state
from reconciler.state.url import FileUrl, GitUrl, parse

REF = "refs/reconciler/state"


@pytest.mark.parametrize(
    ("url", "directory"),
    [
        ("file:.reconciler/state", ".reconciler/state"),
        ("file:/var/state", "/var/state"),
        ("file:///var/my%20state", "/var/my state"),
        ("file://localhost/var/state", "/var/state"),
        ("file:../状态", "../状态"),
    ],
)
def test_a_file_url_names_a_directory(url: str, directory: str) -> None:
    assert parse(url) == FileUrl(directory=directory)


@pytest.mark.parametrize(
    ("url", "remote", "ref"),
    [
        ("git:", "", REF),
        ("git:upstream", "upstream", REF),
        ("git:https://host.example/x.git", "https://host.example/x.git", REF),
        ("git:git@host.example:x.git", "git@host.example:x.git", REF),
        ("git:../x y.git", "../x y.git", REF),
        ("git:#refs/reconciler/production/state", "", "refs/reconciler/production/state"),
        ("git:upstream#refs/acme/1.0_x", "upstream", "refs/acme/1.0_x"),
    ],
)
def test_a_git_url_names_a_remote_and_a_ref(url: str, remote: str, ref: str) -> None:
    assert parse(url) == GitUrl(remote=remote, ref=ref)


@pytest.mark.parametrize(
    ("ref", "lock"),
    [
        (REF, "refs/reconciler/lock"),
        ("refs/reconciler/production/state", "refs/reconciler/production/lock"),
        ("refs/acme", "refs/acme-lock"),
        ("refs/reconciler/estate", "refs/reconciler/estate-lock"),
    ],
)
def test_every_ref_has_a_lock_of_its_own_beside_it(ref: str, lock: str) -> None:
    assert GitUrl(ref=ref).lock_ref == lock


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("here", "must be a URL"),
        ("s3:x", "unknown backend, s3:"),
        ("file:", "names no directory"),
        ("file: ", "names no directory"),
        ("file:%00", "names no directory"),
        ("file:a%0Ab", "names no directory"),
        ("file://server/x", "names a host"),
        ("file://localhost", "names a host"),
        ("git:--upload-pack=x", "names no remote"),
        ("git:a\nb", "names no remote"),
        ("git:#", "names no ref"),
        ("git:#main", "names no ref"),
        ("git:#refs/a..b", "names no ref"),
        ("git:#refs/a.lock", "names no ref"),
        ("git:#refs/a.lock/b", "names no ref"),
        ("git:#refs/.a", "names no ref"),
        ("git:#refs/a/", "names no ref"),
        ("git:#refs/a b", "names no ref"),
        ("git:#refs/a#refs/b", "names no ref"),
        ("git:#refs/heads/main", "branches and tags are for people"),
        ("git:#refs/tags/v1", "branches and tags are for people"),
        ("git:#refs/remotes/origin/x", "branches and tags are for people"),
    ],
)
def test_any_other_url_is_refused_with_what_to_write(url: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as caught:
        parse(url)
    assert caught.value.advice


def test_a_relative_directory_is_below_the_root(tmp_path: Path) -> None:
    state = open_state("file:some/state", root=tmp_path)
    assert isinstance(state, FileState)
    assert state.shown == "some/state"
    with state.lock():
        assert (tmp_path / "some" / "state").is_dir()


def test_a_git_state_is_shown_without_a_password(tmp_path: Path) -> None:
    state = open_state("git:https://me:pa55@host.example/x.git", root=tmp_path)
    assert isinstance(state, GitState)
    assert state.shown == f"git:https://host.example/x.git#{REF}"
    assert open_state("git:", root=tmp_path).shown == f"git:origin#{REF}"


def test_a_wrong_url_is_named_whole(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"state = 's3:x' names an unknown backend, s3:"):
        open_state("s3:x", root=tmp_path)
