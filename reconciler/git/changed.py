"""What differs between the work tree and the commit from which a branch grew."""

from __future__ import annotations

import os
from pathlib import Path

from reconciler.errors import UsageError
from reconciler.git.environment import scrubbed
from reconciler.git.process import GitError, Ran, run

_SHALLOW = (
    "A shallow clone does not have it: fetch the history (`git fetch --unshallow`, or "
    "`fetch-depth: 0` where a pipeline checks out)."
)


def merge_base(root: Path, rev: str) -> str:
    """The commit from which the checked out one and `rev` grew.

    Raises `UsageError` where there is no commit `rev`, and `GitError` where there is no git
    repository, nothing is checked out, or the two have no commit in common here.
    """
    _ask(root, "rev-parse", "--git-dir").output()
    commit = _ask(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
    if commit.status != 0:
        raise UsageError(f"--since {rev}: there is no such commit here", _SHALLOW)
    base = _ask(root, "merge-base", commit.out.decode().strip(), "HEAD")
    if base.status != 0:
        raise GitError(f"--since {rev}: it has no commit in common with what is here", _SHALLOW)
    return base.out.decode().strip()


def changed_since(root: Path, commit: str) -> frozenset[str]:
    """The files that differ between `commit` and the work tree, those not committed included.

    Paths are relative to `root`, with forward slashes; what git ignores is left out. A file that
    moved is two: the old path and the new one. Raises `GitError`.
    """
    options = ["--name-only", "-z", "--no-renames", "--no-ext-diff", "--ignore-submodules=none"]
    listed = _ask(root, "diff", *options, "--relative", commit, "--").output()
    untracked = _ask(root, "ls-files", "--others", "--exclude-standard", "-z").output()
    return frozenset(_paths(listed) + _paths(untracked))


def _paths(listing: bytes) -> list[str]:
    return [os.fsdecode(path) for path in listing.split(b"\0") if path]


def _ask(root: Path, command: str, *rest: str) -> Ran:
    return run([command, *rest], cwd=root, environment=scrubbed(os.environ))
