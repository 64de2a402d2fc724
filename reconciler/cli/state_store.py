"""The state that the settings name, opened for a command."""

from __future__ import annotations

import os
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

from reconciler.cache.store import NO_CACHE, Cache
from reconciler.cli.console import warn
from reconciler.cli.workspace import Workspace, now
from reconciler.errors import UsageError
from reconciler.state.around import Around, Patience
from reconciler.state.known import KnownRecords
from reconciler.state.open import open_state

if TYPE_CHECKING:
    from reconciler.state.file import FileState
    from reconciler.state.git import GitState
    from reconciler.two_processes import Besides

    Store = FileState | GitState


def open_store(
    workspace: Workspace,
    *,
    url: str | None = None,
    seconds: float = 0,
    stop: Event | None = None,
    cache: Cache = NO_CACHE,
) -> Store:
    """The state of the workspace, or the one at `url`; what a person should know goes to stderr.

    Whoever only looks gives a `cache`, from which records come that have been read before.
    Somebody else's lock is waited for as many seconds, unless `stop` is set meanwhile. Raises
    `UsageError` for a URL that names no backend.
    """
    patience = (
        Patience(seconds=seconds) if stop is None else Patience(seconds=seconds, pause=stop.wait)
    )
    around = Around(
        environ=os.environ,
        clock=now,
        warn=warn,
        patience=patience,
        known=KnownRecords(cache),
        unlock_options=_options(workspace.root, url),
    )
    return open_state(url or workspace.settings.state, root=workspace.root, around=around)


def reading_ahead(store: Store) -> Besides | None:
    """How the `store` is read before anybody asks; None where that could have something to say."""
    from reconciler.state.file import FileState

    return store.read_ahead if isinstance(store, FileState) else None


def _options(root: Path, url: str | None) -> tuple[str, ...]:
    place = () if root == Path.cwd() else ("--root", str(root))
    return place if url is None else (*place, "--state", url)


def lock_seconds(text: str | None) -> float:
    """What `--lock-timeout` means. Raises `UsageError`."""
    from reconciler.settings.durations import seconds

    if text is None:
        return 0.0
    found = seconds(text, what="--lock-timeout")
    if found < 0:
        raise UsageError("--lock-timeout must be 0 or more")
    return found
