"""git as a process: it ends, and says in one line why it failed."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import pytest

from reconciler.errors import EXIT_FAILURE
from reconciler.git.head import head
from reconciler.git.process import GitError, Ran, run
from tests.unit.git_world import git


def fake_git(folder: Path, script: str) -> dict[str, str]:
    """An environment whose git is this script."""
    program = folder / "git"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    return {"PATH": f"{folder}:{os.environ['PATH']}"}


def ask(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch, seconds: float = 10) -> Ran:
    environ = fake_git(folder, script)
    monkeypatch.setenv("PATH", environ["PATH"])  # where the program is looked for
    return run(["fetch"], cwd=folder, environment=environ, seconds=seconds)


class TestAFailure:
    def test_is_told_in_gits_own_words_without_hints(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        script = "echo 'fatal: no such thing' >&2; echo 'hint: try harder' >&2; exit 128"
        ran = ask(tmp_path, script, monkeypatch)
        with pytest.raises(GitError) as caught:
            ran.output()
        assert caught.value.summary == "git fetch failed: fatal: no such thing"
        assert caught.value.exit_code == EXIT_FAILURE

    def test_without_words_says_its_status(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert ask(tmp_path, "exit 3", monkeypatch).failure().summary == (
            "git fetch failed: it ended with status 3"
        )

    def test_never_repeats_a_password_in_a_url(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        script = "echo \"fatal: cannot reach 'https://me:pa55@host.example/x.git'\" >&2; exit 128"
        assert ask(tmp_path, script, monkeypatch).complaint == (
            "fatal: cannot reach 'https://host.example/x.git'"
        )

    def test_is_one_when_git_is_not_installed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(GitError, match="cannot be started") as caught:
            run(["fetch"], cwd=tmp_path, environment={"PATH": str(tmp_path)})
        assert "Install git" in caught.value.advice


class TestWhatItPrints:
    def test_is_the_same_however_much_it_is(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", fake_git(tmp_path, "cat; echo why >&2")["PATH"])
        environ = {"PATH": os.environ["PATH"]}
        for text in (b"", b"one line\n", b"a record\n" * 300_000):
            for bulky in (False, True):
                ran = run(["cat-file"], cwd=tmp_path, environment=environ, stdin=text, bulky=bulky)
                assert (ran.status, ran.complaint, ran.out == text) == (0, "why", True)

    def test_may_find_no_room_which_is_said(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full() -> None:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr("tempfile.TemporaryFile", full)
        with pytest.raises(GitError, match=r"git cat-file has no room .*: No space left"):
            run(["cat-file"], cwd=tmp_path, environment={}, bulky=True)


class TestAGitThatHangs:
    def test_is_ended_with_all_its_children(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A child that keeps the pipes open would hold us up for as long as it lives."""
        begin = time.monotonic()
        with pytest.raises(GitError, match=r"git fetch did not end within 0\.2 seconds"):
            ask(tmp_path, "sleep 60 & sleep 60", monkeypatch, seconds=0.2)
        assert time.monotonic() - begin < 30


class TestTheHead:
    def test_is_the_commit_that_is_checked_out(self, tmp_path: Path) -> None:
        git("init", "--quiet", ".", cwd=tmp_path)
        assert head(tmp_path) is None
        git("commit", "--quiet", "--allow-empty", "-m", "one", cwd=tmp_path)
        assert head(tmp_path) == git("rev-parse", "HEAD", cwd=tmp_path).strip()

    def test_is_that_of_the_folder_whatever_the_shell_points_at(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        git("init", "--quiet", "other", cwd=tmp_path)
        git("commit", "--quiet", "--allow-empty", "-m", "one", cwd=tmp_path / "other")
        (tmp_path / "plain").mkdir()
        monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
        assert head(tmp_path / "plain") is None

    def test_is_none_without_git(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        assert head(tmp_path) is None
