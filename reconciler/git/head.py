"""What is checked out."""

from __future__ import annotations

import os
from pathlib import Path

from reconciler.git.environment import scrubbed
from reconciler.git.process import GitError, run

_SECONDS = 10.0


def head(root: Path) -> str | None:
    """The commit that is checked out, or None where there is no git or no commit."""
    command = ["rev-parse", "--verify", "--quiet", "HEAD"]
    try:
        ran = run(command, cwd=root, environment=scrubbed(os.environ), seconds=_SECONDS)
    except GitError:
        return None
    return ran.out.decode().strip() or None
