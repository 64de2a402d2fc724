"""From the setting `state` to a backend."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.errors import UsageError
from reconciler.state.around import Around
from reconciler.state.file import FileState
from reconciler.state.file_trail import FileTrail
from reconciler.state.url import GitUrl, parse

if TYPE_CHECKING:  # twenty modules, for those alone who keep their state in git
    from reconciler.state.git import GitState


def open_state(url: str, *, root: Path, around: Around | None = None) -> FileState | GitState:
    """The backend that `url` names, for the repository at `root`.

    Raises `UsageError` for a URL that names none. Nothing is read or written yet.
    """
    try:
        found = parse(url)
    except UsageError as error:
        raise UsageError(f"state = {url!r} {error.summary}", error.advice) from None
    surroundings = around or Around()
    if isinstance(found, GitUrl):
        from reconciler.state.git import GitState

        return GitState(found, root=root, around=surroundings)
    folder, shown = root / found.directory, found.directory
    trail = FileTrail(folder / "log", shown=f"{shown}/log", around=surroundings)
    return FileState(folder, shown=shown, around=surroundings, trail=trail)
