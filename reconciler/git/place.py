"""What kind of place a repository is: its branch, and whether it has a remote."""

from __future__ import annotations

import os
import re
from pathlib import Path

from reconciler.git.environment import scrubbed
from reconciler.git.process import GitError, Ran, run

_SECONDS = 10.0
_PLAIN = re.compile(r"[A-Za-z0-9._/-]+")


def branch(root: Path) -> str | None:
    """The remote's default branch, else the one that is checked out; None where there is no git."""
    remote = _asked(root, "symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD")
    local = _asked(root, "symbolic-ref", "--quiet", "--short", "HEAD")
    found = remote.removeprefix("origin/") or local
    return found if _PLAIN.fullmatch(found) else None


def has_remote(root: Path) -> bool:
    """Whether there is a remote `origin`."""
    return bool(_asked(root, "config", "--get", "remote.origin.url"))


def is_top(root: Path) -> bool:
    """Whether it lies below no other folder of its git repository; true where there is no git."""
    return not _asked(root, "rev-parse", "--show-prefix")


def _asked(root: Path, command: str, *rest: str) -> str:
    try:
        ran: Ran = run(
            [command, *rest], cwd=root, environment=scrubbed(os.environ), seconds=_SECONDS
        )
    except GitError:
        return ""
    return ran.out.decode(errors="replace").strip() if ran.status == 0 else ""
