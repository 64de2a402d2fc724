"""`reconciler plan`: what apply would do and why. It cannot write."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.finish import finish
from reconciler.cli.options import (
    Ask,
    Endpoint,
    Format,
    NoCache,
    Only,
    Output,
    Profile,
    Project,
    Root,
    Since,
)
from reconciler.errors import EXIT_CHANGES, EXIT_DONE, UsageError, worst
from reconciler.plan.refresh import Refresh

if TYPE_CHECKING:
    from reconciler.cli.planning import Planned
    from reconciler.cli.said import Said
    from reconciler.cli.state_store import Store
    from reconciler.cli.workspace import Workspace
    from reconciler.repository import Repository


def plan(
    *,
    root: Root = Path(),
    output: Output = Format.TEXT,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Also save the plan, for `apply --plan FILE`."),
    ] = None,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit 2 when changes are pending.")
    ] = False,
    offline: Annotated[
        bool, typer.Option("--offline", help="Do not ask the service; needs no credentials.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Show unchanged ones too.")] = False,
    only: Only = None,
    since: Since = None,
    refresh: Ask = None,
    no_cache: NoCache = False,
    project: Project = None,
    endpoint: Endpoint = None,
    profile: Profile = None,
) -> None:
    """Show what apply would do and why. Reads only: nothing is sent, only a cache is kept."""
    from reconciler.cli.caching import open_cache
    from reconciler.cli.console import say
    from reconciler.cli.plan_output import shown
    from reconciler.cli.said import said_before
    from reconciler.cli.state_store import open_store, reading_ahead
    from reconciler.cli.workspace import apply_command, open_workspace, read_repository, tell_notes
    from reconciler.settings.values import Flags

    asking = _refresh(refresh, offline=offline)
    flags = Flags(project=project, endpoint=endpoint, profile=profile)
    workspace = open_workspace(root, flags)
    with open_cache(workspace.root, wanted=not no_cache) as cache:
        store = open_store(workspace, cache=cache)
        asks = not offline and asking is not Refresh.NONE
        # Whoever asks has to read the intents before the records; with `--since` and without the
        # service, the manifests of that commit stand in for them.
        ahead = None if asks or (since and offline) else reading_ahead(store)
        repository = read_repository(workspace, cache, besides=ahead)
        tell_notes(repository)
        make = partial(
            _planned,
            *(workspace, repository, store),
            only=only or [],
            since=since,
            refresh=asking,
            asks=asks,
        )

        def answer() -> Said:
            planned = make()
            header = planned.header
            command = apply_command(
                root, flags, only or [], since=header.since, partly=header.partly
            )
            text = shown(repository, planned, output, verbose=verbose, out=out, command=command)
            return _said(planned, text)

        if asks or since or only or verbose or out or output is not Format.TEXT:
            said = answer()
        else:
            about = partial(_circumstances, workspace, apply_command(root, flags, []))
            said = said_before(answer, about, cache=cache, repository=repository, store=store)
    say(said.text)
    changes = EXIT_CHANGES if detailed_exitcode and said.pending else EXIT_DONE
    finish(worst([said.code, changes]))


def _refresh(given: Refresh | None, *, offline: bool) -> Refresh:
    if offline and given not in (None, Refresh.NONE):
        raise UsageError(
            f"--offline asks nobody, and --refresh {given} asks the service", "Give one of them."
        )
    return given if given is not None and not offline else Refresh.ALL


def _planned(
    workspace: Workspace,
    repository: Repository,
    store: Store,
    *,
    only: list[str],
    since: str | None,
    refresh: Refresh,
    asks: bool,
) -> Planned:
    from reconciler.cli.interrupt import stop_on_signals
    from reconciler.cli.planning import make_plan
    from reconciler.cli.workspace import read_only_service

    with stop_on_signals() as stop:
        plan = partial(
            make_plan,
            workspace,
            repository,
            store=store,
            only=only,
            since=since,
            refresh=refresh,
            stop=stop,
        )
        if not asks:
            return plan(None)
        with read_only_service(workspace, stop) as service:
            return plan(service)


def _said(planned: Planned, text: str) -> Said:
    from reconciler.cli.planning import exit_code
    from reconciler.cli.said import Said
    from reconciler.plan.changes import QUIET

    pending = any(change.action not in QUIET for change in planned.plan.changes)
    return Said(text=text, code=exit_code(planned.plan), pending=pending)


def _circumstances(workspace: Workspace, command: str) -> list[object]:
    """What the text of a plan that asks nobody says, or depends on, besides all files."""
    import sys

    from reconciler.cli.console import painter
    from reconciler.git.head import head

    colour = painter(sys.stdout).colour
    return [command, colour, head(workspace.root), repr(workspace.settings)]
