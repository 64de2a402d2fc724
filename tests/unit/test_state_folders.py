"""Where this machine keeps things."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from reconciler.state import folders


def test_our_folder_in_a_repository_is_kept_out_of_commits(tmp_path: Path) -> None:
    folders.journals(tmp_path).mkdir(parents=True)
    folders.settle(tmp_path)
    assert (tmp_path / ".reconciler" / ".gitignore").read_text().splitlines()[-1] == "*"
    (tmp_path / ".reconciler" / ".gitignore").write_text("mine")
    folders.settle(tmp_path)
    assert (tmp_path / ".reconciler" / ".gitignore").read_text() == "mine"


def test_our_folder_is_swept_of_what_killed_processes_left(tmp_path: Path) -> None:
    journals = folders.journals(tmp_path)
    journals.mkdir(parents=True)
    for folder in (journals, journals.parent):
        (folder / ".tmp-7-x").touch()
        (folder / "mine").touch()
    folders.settle(tmp_path)
    assert not list(tmp_path.rglob(".tmp-*"))
    assert len(list(tmp_path.rglob("mine"))) == 2


def test_the_cache_is_the_users_own(tmp_path: Path) -> None:
    assert folders.cache({"XDG_CACHE_HOME": str(tmp_path)}) == tmp_path / "reconciler"
    assert folders.cache({"HOME": str(tmp_path)}) == tmp_path / ".cache" / "reconciler"
    assert (tmp_path / "reconciler").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "environ", [{}, {"HOME": ""}, {"XDG_CACHE_HOME": "relative"}, {"HOME": "/dev/null"}]
)
def test_the_cache_is_a_new_temporary_folder_where_the_users_cannot_be_written(
    environ: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Never one with a name that somebody else could have guessed and filled."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    first, second = folders.cache(environ), folders.cache(environ)
    assert first != second
    assert first.parent == tmp_path
    assert list(first.iterdir()) == []
