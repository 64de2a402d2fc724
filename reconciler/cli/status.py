"""`reconciler status`: the review status of everything managed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reconciler.cli.finish import finish
from reconciler.cli.options import Endpoint, Format, Only, Output, Profile, Project, Root
from reconciler.errors import EXIT_DONE, EXIT_FAILURE, RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconciler.cli.planning import Planned
    from reconciler.cli.workspace import Workspace
    from reconciler.model import Recorded
    from reconciler.plan.board import Row


def status(
    *,
    root: Root = Path(),
    output: Output = Format.TEXT,
    only: Only = None,
    project: Project = None,
    endpoint: Endpoint = None,
    profile: Profile = None,
) -> None:
    """Show where the reviewer stands; what was seen is kept in the state."""
    from reconciler.cli.workspace import now, open_workspace
    from reconciler.plan.board import board, observations
    from reconciler.settings.values import Flags

    workspace = open_workspace(root, Flags(project=project, endpoint=endpoint, profile=profile))
    planned = _look(workspace, only or [])
    time = now()
    rows = board(planned.plan, time)
    _remember(workspace, observations(planned.plan, time))
    _show(rows, output)
    finish(EXIT_FAILURE if planned.plan.errors else EXIT_DONE)


def _look(workspace: Workspace, only: list[str]) -> Planned:
    from reconciler.cli.interrupt import stop_on_signals
    from reconciler.cli.planning import make_plan
    from reconciler.cli.workspace import read_only_service, read_repository

    repository = read_repository(workspace)
    with stop_on_signals() as stop, read_only_service(workspace, stop) as service:
        return make_plan(workspace, repository, service, only=only, stop=stop)


def _remember(workspace: Workspace, records: Iterable[Recorded]) -> None:
    """Keep what was seen; an apply that holds the lock is not waited for, since it writes too."""
    from reconciler.cli.console import warn
    from reconciler.cli.state_store import open_store

    fresh = tuple(records)
    if not fresh:
        return
    store = open_store(workspace)
    try:
        with store.lock():
            for record in fresh:
                store.put(record)
    except RefusedError as error:
        warn(f"what was seen is not recorded: {error.summary}")


def _show(rows: tuple[Row, ...], output: Format) -> None:
    import sys

    from reconciler.cli.console import painter, say

    if output is Format.JSON:
        from reconciler.render.dump import dumps
        from reconciler.render.status_json import status_document

        say(dumps(status_document(rows)))
    else:
        from reconciler.render.status_text import status_text

        say(status_text(rows, painter=painter(sys.stdout)))
