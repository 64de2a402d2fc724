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
    from collections.abc import Mapping

    from reconciler.cli.planning import Planned
    from reconciler.cli.workspace import Workspace
    from reconciler.problems import Problem
    from reconciler.repository import Repository


_MARKERS = 512
"""Characters of a comment that `reconciler comment` may need for itself."""


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
    from reconciler.cli.planning import exit_code
    from reconciler.cli.workspace import apply_command, open_workspace, read_repository, tell_notes
    from reconciler.plan.changes import QUIET
    from reconciler.settings.values import Flags

    asking = _refresh(refresh, offline=offline)
    flags = Flags(project=project, endpoint=endpoint, profile=profile)
    workspace = open_workspace(root, flags)
    repository = read_repository(workspace, cached=not no_cache)
    tell_notes(repository)
    planned = _planned(
        workspace, repository, offline=offline, only=only or [], since=since, refresh=asking
    )
    command = apply_command(
        root, flags, only or [], since=planned.header.since, partly=planned.header.partly
    )
    _show(repository, planned, output=output, verbose=verbose, out=out, command=command)
    pending = any(change.action not in QUIET for change in planned.plan.changes)
    changes = EXIT_CHANGES if detailed_exitcode and pending else EXIT_DONE
    finish(worst([exit_code(planned.plan), changes]))


def _refresh(given: Refresh | None, *, offline: bool) -> Refresh:
    if offline and given not in (None, Refresh.NONE):
        raise UsageError(
            f"--offline asks nobody, and --refresh {given} asks the service", "Give one of them."
        )
    return given if given is not None and not offline else Refresh.ALL


def _planned(
    workspace: Workspace,
    repository: Repository,
    *,
    offline: bool,
    only: list[str],
    since: str | None,
    refresh: Refresh,
) -> Planned:
    from reconciler.cli.interrupt import stop_on_signals
    from reconciler.cli.planning import make_plan
    from reconciler.cli.workspace import read_only_service

    with stop_on_signals() as stop:
        plan = partial(
            make_plan, workspace, repository, only=only, since=since, refresh=refresh, stop=stop
        )
        if offline or refresh is Refresh.NONE:
            return plan(None)
        with read_only_service(workspace, stop) as service:
            return plan(service)


def _show(
    repository: Repository,
    planned: Planned,
    *,
    output: Format,
    verbose: bool,
    out: Path | None,
    command: str,
) -> None:
    from reconciler.cli.console import say
    from reconciler.cli.workspace import save

    if out is not None or output is Format.JSON:
        document = _json(repository, planned)
    if out is not None:
        save(out, document)
    if output is Format.JSON:
        say(document)
    elif output is Format.MARKDOWN:
        say(_markdown(repository, planned, command, out))
    else:
        say(_text(repository, planned, verbose=verbose, command=command))


def _json(repository: Repository, planned: Planned) -> str:
    from reconciler.render.dump import dumps
    from reconciler.render.plan_json import plan_document

    return dumps(
        plan_document(
            planned.plan,
            planned.header,
            warnings=_warnings(repository, planned),
            elsewhere=planned.elsewhere,
        )
    )


def _text(repository: Repository, planned: Planned, *, verbose: bool, command: str) -> str:
    """What the branch does not touch comes first: the last line sums up the plan."""
    import sys

    from reconciler.cli.console import painter
    from reconciler.render.elsewhere_text import elsewhere_text
    from reconciler.render.plan_text import plan_text

    paint = painter(sys.stdout)
    apart = elsewhere_text(planned.elsewhere, painter=paint)
    own = plan_text(
        planned.plan,
        planned.header,
        painter=paint,
        verbose=verbose,
        warnings=_warnings(repository, planned),
        command=command,
    )
    return f"{apart}\n{own}" if apart else own


def _markdown(repository: Repository, planned: Planned, command: str, out: Path | None) -> str:
    import os

    from reconciler.render.markdown.fit import LIMIT
    from reconciler.render.plan_markdown import plan_markdown
    from reconciler.state.holder import run_url

    return plan_markdown(
        planned.plan,
        planned.header,
        warnings=_warnings(repository, planned),
        limit=LIMIT - _MARKERS,
        artifact=run_url(os.environ) or (None if out is None else str(out)),
        elsewhere=planned.elsewhere,
        command=command,
    )


def _warnings(repository: Repository, planned: Planned) -> Mapping[str, tuple[Problem, ...]]:
    """Those of the signatures that the plan is about."""
    from reconciler.cli.workspace import warnings_by_name

    found = warnings_by_name(repository.problems)
    if planned.header.since is None:
        return found
    names = {change.name for change in planned.plan.changes}
    return {name: warnings for name, warnings in found.items() if name in names}
