"""`reconciler validate`: manifests, documents and rules; no network, nothing written unasked."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reconciler.cli.options import NoCache, Root
from reconciler.render.problems.kinds import ProblemFormat


def validate(
    *,
    root: Root = Path(),
    printed: Annotated[
        ProblemFormat | None,
        typer.Option(
            "--format", help="What to print; text unless an --output goes to stdout, that is `-`."
        ),
    ] = None,
    output: Annotated[
        list[str] | None,
        typer.Option(
            "--output", metavar="FORMAT=FILE", help="Also write this format there; repeatable."
        ),
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings are errors.")] = False,
    no_cache: NoCache = False,
) -> None:
    """Check every manifest and document; exit 3 where one is wrong."""
    from reconciler.cli.validating import check_repository

    check_repository(root, printed, output or [], strict=strict, cached=not no_cache)
