"""`reconciler status`: the review status of everything managed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.finish import finish
from reconciler.cli.format import Format
from reconciler.cli.notifying import Notify, tell_status
from reconciler.cli.options import Endpoint, Only, Output, Profile, Project, Root
from reconciler.errors import EXIT_DONE, EXIT_FAILURE, EXIT_INTERRUPTED, UsageError
from reconciler.plan.waiting import Until

if TYPE_CHECKING:
    from threading import Event

    from reconciler.cli.watch import Watched
    from reconciler.cli.workspace import Workspace
    from reconciler.plan.board import Row

_INTERVAL = 60.0
"""Seconds between two looks, unless somebody says otherwise."""


def status(
    *,
    root: Root = Path(),
    output: Output = Format.TEXT,
    wait: Annotated[
        bool, typer.Option("--wait", help="Look again until the reviewers have decided.")
    ] = False,
    timeout: Annotated[
        str | None,
        typer.Option("--timeout", metavar="DURATION", help="Give up then: 90s, 30m, 2h, 2d."),
    ] = None,
    until: Annotated[
        Until | None,
        typer.Option("--until", help="What to wait for; approved, unless said otherwise."),
    ] = None,
    interval: Annotated[
        str | None,
        typer.Option(
            "--interval",
            metavar="DURATION",
            help="Between two looks; default: 60s, after a few sooner ones. Outside review hours "
            "up to ten times as long.",
        ),
    ] = None,
    notify: Notify = None,
    only: Only = None,
    project: Project = None,
    endpoint: Endpoint = None,
    profile: Profile = None,
) -> None:
    """Show where the reviewer stands; what was seen is kept in the state.

    With --wait: exits 0 when all are approved, 1 when one was rejected or disabled or is missing,
    4 at the time limit.
    """
    from reconciler.cli.interrupt import stop_on_signals
    from reconciler.cli.workspace import open_workspace
    from reconciler.settings.values import Flags

    patience = _patience(wait=wait, timeout=timeout, until=until, interval=interval)
    workspace = open_workspace(root, Flags(project=project, endpoint=endpoint, profile=profile))
    with stop_on_signals() as stop:
        watched = _watched(workspace, only or [], patience, stop)
    _show(watched.rows, output)
    tell_status(notify, watched.rows)
    finish(watched.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Patience:
    """How `--wait` waits; times in seconds."""

    until: Until
    interval: float
    limit: float | None
    eager: bool


def _patience(
    *, wait: bool, timeout: str | None, until: Until | None, interval: str | None
) -> _Patience | None:
    from reconciler.settings.durations import seconds

    given = {"--timeout": timeout, "--until": until, "--interval": interval}
    if not wait:
        for name, value in given.items():
            if value is not None:
                raise UsageError(f"{name} is about waiting", "Add --wait.")
        return None
    every = _INTERVAL if interval is None else seconds(interval, what="--interval")
    if every <= 0:
        raise UsageError("--interval must be more than 0", "Such as 60s.")
    limit = None if timeout is None else seconds(timeout, what="--timeout")
    return _Patience(
        until=until or Until.APPROVED, interval=every, limit=limit, eager=interval is None
    )


def _watched(
    workspace: Workspace, only: list[str], patience: _Patience | None, stop: Event
) -> Watched:
    from reconciler.cli.board import look
    from reconciler.cli.console import note, warn
    from reconciler.cli.watch import Watch, Watched
    from reconciler.cli.workspace import now, read_repository
    from reconciler.render.escape import terminal

    repository = read_repository(workspace)
    if patience is None:
        seen = look(workspace, repository, only, stop)
        for failure in seen.unread:
            warn(f"{failure.name}: {failure.summary}")
        return Watched(rows=seen.rows, code=EXIT_DONE if seen.complete else EXIT_FAILURE)
    watch = Watch(
        look=lambda patterns: look(workspace, repository, patterns, stop),
        tell=lambda text: note(terminal(text)),
        clock=now,
        sleep=stop.wait,
        until=patience.until,
        interval=patience.interval,
        limit=patience.limit,
        eager=patience.eager,
    )
    watched = watch.run(only)
    if watched.code == EXIT_INTERRUPTED:
        note("Interrupted; the same command goes on waiting.")
    return watched


def _show(rows: tuple[Row, ...], output: Format) -> None:
    import sys

    from reconciler.cli.console import painter, say

    if output is Format.JSON:
        from reconciler.render.dump import dumps
        from reconciler.render.status_json import status_document

        say(dumps(status_document(rows)))
    elif output is Format.MARKDOWN:
        from reconciler.render.status_markdown import status_markdown

        say(status_markdown(rows))
    else:
        from reconciler.render.status_text import status_text

        say(status_text(rows, painter=painter(sys.stdout)))
