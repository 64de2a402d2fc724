"""The commands, in the order in which `--help` lists them."""

from __future__ import annotations

from typing import Annotated

import typer

from reconciler.cli.apply import apply
from reconciler.cli.comment import comment
from reconciler.cli.demo import demo
from reconciler.cli.drift import drift
from reconciler.cli.init import init
from reconciler.cli.plan import plan
from reconciler.cli.reviewed import reviewed
from reconciler.cli.sandbox import sandbox
from reconciler.cli.schema import schema
from reconciler.cli.status import status
from reconciler.cli.validate import validate

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    validate,
    plan,
    apply,
    status,
    sandbox,
    demo,
    schema,
    drift,
    comment,
    reviewed,
    init,
):
    app.command()(command)


@app.callback()
def options(
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
    debug: Annotated[  # noqa: ARG001 - `main` takes it out before Typer sees it, to allow it anywhere
        bool, typer.Option("--debug", help="Log requests (no secrets), show where a bug is.")
    ] = False,
) -> None:
    """GitOps for UCloud SMS signatures: check, plan and resubmit what the repository describes."""
    if version:
        from reconciler import __version__
        from reconciler.cli.console import say
        from reconciler.cli.finish import finish

        say(f"reconciler {__version__}")
        finish(0)
