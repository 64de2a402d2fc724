"""What differs between the work tree and the commit from which a branch grew."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from reconciler.errors import UsageError
from reconciler.git.environment import scrubbed
from reconciler.git.process import GitError, Ran, run

_SHALLOW = (
    "A shallow clone does not have it: fetch the history (`git fetch --unshallow`, or "
    "`fetch-depth: 0` where a pipeline checks out)."
)
_NONE: Mapping[str, str] = {}


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
    with _own_index(root) as index:
        listed = _ask(root, "diff", *options, "--relative", commit, "--", own=index)
        untracked = _ask(root, "ls-files", "--others", "--exclude-standard", "-z", own=index)
    return frozenset(_paths(listed.output()) + _paths(untracked.output()))


@contextmanager
def _own_index(root: Path) -> Iterator[Mapping[str, str]]:
    """A copy of the index: `git diff` notes in it which files it found to be the same.

    Without that it would take a file that was only touched for one that changed.
    """
    place = os.fsdecode(_ask(root, "rev-parse", "--git-path", "index").output()).removesuffix("\n")
    with TemporaryDirectory(prefix="reconciler-") as folder:
        copy = Path(folder) / "index"
        with suppress(FileNotFoundError):  # nothing was ever added
            # With its times: from them git knows which files it has to look into.
            shutil.copy2(root / place, copy)
        yield {"GIT_INDEX_FILE": str(copy)}


def _paths(listing: bytes) -> list[str]:
    return [os.fsdecode(path) for path in listing.split(b"\0") if path]


def _ask(root: Path, command: str, *rest: str, own: Mapping[str, str] = _NONE) -> Ran:
    return run([command, *rest], cwd=root, environment={**scrubbed(os.environ), **own})
