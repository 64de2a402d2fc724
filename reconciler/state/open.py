"""From the setting `state` to a backend."""

from __future__ import annotations

from pathlib import Path

from reconciler.errors import UsageError
from reconciler.ports import StateStore
from reconciler.state.file import FileState

_FILE = "file:"


def open_state(url: str, *, root: Path) -> StateStore:
    """The backend that `url` names. Raises `UsageError` for a scheme that there is not."""
    if not url.startswith(_FILE):
        raise UsageError(
            f"state = {url!r}: only file: is known",
            'Write state = "file:.reconciler/state".',
        )
    shown = url.removeprefix(_FILE)
    return FileState(root / shown, shown=shown)
