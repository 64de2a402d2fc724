"""`reconciler state`: look at the record of what was submitted, and mend it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.finish import finish
from reconciler.cli.options import Format, Output, Root
from reconciler.cli.state_move import mv, pull, push, rm
from reconciler.errors import EXIT_DONE, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from reconciler.cli.state_store import Store
    from reconciler.model import Recorded

state = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Look at the record of what was submitted, and mend it.",
)

Name = Annotated[str, typer.Argument(metavar="NAME", help="A signature's name, or one of its ids.")]


@state.command("list")
def list_(*, root: Root = Path(), output: Output = Format.TEXT) -> None:
    """List every record. Reads only."""
    from reconciler.render.records_text import records_text

    found = _store(root).load().values()
    _say_records(found, output, lambda records, painter: records_text(records, painter=painter))


@state.command()
def show(name: Name, *, root: Root = Path(), output: Output = Format.TEXT) -> None:
    """Show all that is recorded about one signature. Reads only."""
    from reconciler.render.records_text import record_text

    found = chosen(_store(root).load().values(), name)
    _say_records(
        found,
        output,
        lambda records, painter: "\n".join(record_text(each, painter=painter) for each in records),
    )


@state.command()
def log(name: Name, *, root: Root = Path(), output: Output = Format.TEXT) -> None:
    """Tell what was submitted when, by which commit and run, and what the reviewer answered."""
    import sys

    from reconciler.cli.console import painter, say
    from reconciler.render.dump import dumps
    from reconciler.render.records_json import trail_document
    from reconciler.render.records_text import trail_text
    from reconciler.state.trail import of

    events = of(name, _store(root).versions())
    if not events:
        raise _unknown(name)
    if output is Format.JSON:
        say(dumps(trail_document(name, events)))
    else:
        say(trail_text(events, painter=painter(sys.stdout)))
    finish(EXIT_DONE)


@state.command()
def unlock(
    id: Annotated[
        str, typer.Argument(metavar="ID", help="The lock's id, as the refusal names it.")
    ],
    *,
    root: Root = Path(),
) -> None:
    """Free a lock whose run is dead. Whoever holds it stops after what it is doing."""
    from reconciler.cli.console import note

    _store(root).unlock(id)
    note(f"The lock {id} is free.")
    finish(EXIT_DONE)


for command in (rm, mv, pull, push):
    state.command()(command)
