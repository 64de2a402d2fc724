"""The commands, in the order in which `--help` lists them.

A command's module is loaded once the command is run or explained. To load all of them for each
takes half as long again as the whole start without them.
"""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

_HELP = {"help_option_names": ["-h", "--help"]}

COMMANDS = {
    "validate": "Check every manifest and document.",
    "explain": "Say what a rule asks for, and why.",
    "plan": "Show what apply would do and why.",
    "apply": "Submit what the plan says.",
    "status": "Show where the reviewer stands.",
    "import": "Write manifests for signatures that exist already.",
    "doctor": "Check that everything is in place.",
    "sandbox": "Serve a local USMS service to try everything against.",
    "demo": "Show the whole loop against a local sandbox.",
    "schema": "Print a JSON Schema.",
    "drift": "Show what is not as it should be, for a regular look.",
    "comment": "Post a comment on a pull request, or edit it.",
    "reviewed": "Find the fingerprint that reviewers of a commit saw.",
    "init": "Start a repository of signatures here.",
    "state": "Look at the record of what was submitted, and mend it.",
}
"""Each with its line in the list. Its function, or its own list of commands, has its name and
stands in the module of that name; a word that Python has taken is followed by an underscore.
"""


class _Lazy(TyperCommand):
    """Stands for a command in the list, and gives way to it when its arguments are read."""

    def make_context(self, *args: Any, **extra: Any) -> Any:
        return _load(str(self.name)).make_context(*args, **extra)


class _Commands(TyperGroup):
    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands.update((name, _Lazy(name, help=line)) for name, line in COMMANDS.items())


def _load(name: str) -> Any:
    word = f"{name}_" if iskeyword(name) else name
    found = getattr(import_module(f"reconciler.cli.{word}"), word)
    if isinstance(found, typer.Typer):
        return get_command(found)
    alone = typer.Typer(add_completion=False, rich_markup_mode=None, context_settings=_HELP)
    alone.command(name)(found)
    return get_command(alone)


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=_HELP,
)


def _version(asked: bool) -> None:
    if asked:
        from reconciler import __version__
        from reconciler.cli.console import say
        from reconciler.cli.finish import finish

        say(f"reconciler {__version__}")
        finish(0)


@app.callback()
def options(
    version: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", is_eager=True, callback=_version),
    ] = False,
    debug: Annotated[
        bool, typer.Option("--debug", help="Log requests (no secrets), show where a bug is.")
    ] = False,
) -> None:
    """GitOps for UCloud SMS signatures: check, plan and resubmit what the repository describes."""
