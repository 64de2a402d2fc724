"""`reconciler plan`: what apply would do and why. It cannot write."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reconciler.cli.format import Format
from reconciler.cli.options import (
    Ask,
    Endpoint,
    NoCache,
    Only,
    Output,
    Profile,
    Project,
    Root,
    Since,
)


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
    from reconciler.cli.show_plan import Asked, show_plan
    from reconciler.settings.values import Flags

    show_plan(
        Asked(
            root=root,
            output=output,
            out=out,
            detailed_exitcode=detailed_exitcode,
            offline=offline,
            verbose=verbose,
            only=tuple(only or ()),
            since=since,
            refresh=refresh,
            cached=not no_cache,
            flags=Flags(project=project, endpoint=endpoint, profile=profile),
        )
    )
