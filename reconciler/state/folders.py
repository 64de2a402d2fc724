"""Where this machine keeps what belongs to a state: the journal, and what was read last."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from reconciler.state import atomic

_OWN = ".reconciler"
_GITIGNORE = "# What reconciler keeps on this machine is not made for commits.\n*\n"


def journals(root: Path) -> Path:
    """Where the journals of the repository at `root` are, whether there is such a folder or not."""
    return root / _OWN / "journal"


def settle(root: Path) -> None:
    """Keep our folder out of commits, and sweep up after processes that were killed.

    For whoever holds the lock on the journals. Raises OSError.
    """
    ignore = root / _OWN / ".gitignore"
    atomic.sweep(ignore.parent)
    atomic.sweep(journals(root))
    if not ignore.exists():
        atomic.write(ignore, _GITIGNORE.encode())


def cache(environ: Mapping[str, str]) -> Path:
    """A folder that may be deleted at any time; not in the repository, where `plan` writes nothing.

    The user's cache as the XDG specification places it; a new temporary one where that cannot be
    written, as in some containers. Raises OSError.
    """
    for place in (environ.get("XDG_CACHE_HOME"), _below(environ.get("HOME"), ".cache")):
        if place and Path(place).is_absolute():
            folder = Path(place) / "reconciler"
            if _is_writable(folder):
                return folder
    return Path(tempfile.mkdtemp(prefix="reconciler-"))


def _below(folder: str | None, name: str) -> str | None:
    return None if not folder else str(Path(folder) / name)


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)
