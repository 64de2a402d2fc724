"""`reconciler schema`: the JSON Schemas that travel with the package."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from reconciler.cli.finish import finish
from reconciler.cli.options import Root
from reconciler.errors import EXIT_DONE


def schema(
    name: Annotated[
        str, typer.Argument(metavar="[NAME]", help="signature, plan, apply, validate, status, …")
    ] = "signature",
    root: Root = Path(),  # noqa: ARG001 - every command takes it; the schemas are the tool's own
) -> None:
    """Print a JSON Schema: of a manifest, or of a command's JSON output."""
    from reconciler.cli.console import say
    from reconciler.errors import UsageError
    from reconciler.resources import schema_names, schema_path

    if name not in schema_names():
        raise UsageError(f"there is no schema {name}", f"There are: {', '.join(schema_names())}.")
    say(schema_path(f"{name}.schema.json").read_text(encoding="utf-8"))
    finish(EXIT_DONE)
