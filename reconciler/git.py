"""What git knows about the repository, asked through its plumbing commands."""

from __future__ import annotations

import subprocess
from pathlib import Path

_SECONDS = 10


def head(root: Path) -> str | None:
    """The commit that is checked out, or None where there is no git or no commit."""
    command = ["git", "-C", str(root), "rev-parse", "--verify", "--quiet", "HEAD"]
    try:
        answer = subprocess.run(  # noqa: S603 - a fixed command; `root` is one argument of it
            command, capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() or None
