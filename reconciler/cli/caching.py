"""Where a command keeps what it found out, and whether that can be believed."""

from __future__ import annotations

import os
from pathlib import Path

from reconciler.cache.store import FILE, Cache
from reconciler.git.environment import scrubbed
from reconciler.git.process import GitError, run

FOLDER = ".reconciler/cache"


def open_cache(root: Path, *, wanted: bool) -> Cache:
    """The cache of the repository at `root`, itself a real path; one that forgets if not `wanted`.

    A cache that is committed is not believed: whoever wrote the branch wrote it too, and could
    have a manifest called valid, or another one shown, than the one that stands there.
    """
    folder = root / FOLDER
    return Cache(folder if wanted and not _is_committed(root, folder) else None)


def _is_committed(root: Path, folder: Path) -> bool:
    if not (folder / FILE).exists():
        return False
    try:
        listed = run(["ls-files", "-z", "--", FOLDER], cwd=root, environment=scrubbed(os.environ))
    except GitError:
        return False  # no git: nothing is committed
    return bool(listed.out)
