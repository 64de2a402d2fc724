"""`reconciler plan`: what apply would do and why. It cannot write."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.finish import finish
from reconciler.cli.options import Endpoint, Format, Only, Output, Profile, Project, Root
from reconciler.errors import EXIT_CHANGES, EXIT_DONE, worst

if TYPE_CHECKING:
    from reconciler.cli.planning import Planned
    from reconciler.cli.workspace import Workspace
    from reconciler.load import Repository


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
    project: Project = None,
    endpoint: Endpoint = None,
    profile: Profile = None,
) -> None:
    """Show what apply would do and why. Reads only: nothing is sent, nothing is written."""
    from reconciler.cli.planning import exit_code
    from reconciler.cli.workspace import apply_command, open_workspace, read_repository
    from reconciler.plan.changes import QUIET
    from reconciler.settings.values import Flags

    flags = Flags(project=project, endpoint=endpoint, profile=profile)
    workspace = open_workspace(root, flags)
    repository = read_repository(workspace)
    planned = _planned(workspace, repository, offline=offline, only=only or [])
    command = apply_command(root, flags, only or [])
    _show(repository, planned, output=output, verbose=verbose, out=out, command=command)
    pending = any(change.action not in QUIET for change in planned.plan.changes)
    changes = EXIT_CHANGES if detailed_exitcode and pending else EXIT_DONE
    finish(worst([exit_code(planned.plan), changes]))


def _planned(
    workspace: Workspace, repository: Repository, *, offline: bool, only: list[str]
) -> Planned:
    from reconciler.cli.interrupt import stop_on_signals
    from reconciler.cli.planning import make_plan
    from reconciler.cli.workspace import read_only_service

    with stop_on_signals() as stop:
        if offline:
            return make_plan(workspace, repository, None, only=only, stop=stop)
        with read_only_service(workspace, stop) as service:
            return make_plan(workspace, repository, service, only=only, stop=stop)


def _show(
    repository: Repository,
    planned: Planned,
    *,
    output: Format,
    verbose: bool,
    out: Path | None,
    command: str,
) -> None:
    import sys

    from reconciler.cli.console import painter, say
    from reconciler.cli.workspace import save, warnings_by_name
    from reconciler.render.dump import dumps
    from reconciler.render.plan_json import plan_document
    from reconciler.render.plan_text import plan_text

    document = dumps(plan_document(planned.plan, planned.header))
    if out is not None:
        save(out, document)
    if output is Format.JSON:
        say(document)
        return
    say(
        plan_text(
            planned.plan,
            planned.header,
            painter=painter(sys.stdout),
            verbose=verbose,
            warnings=warnings_by_name(repository.problems),
            command=command,
        )
    )
