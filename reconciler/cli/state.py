"""`reconciler state`: look at the record of what was submitted, and mend it."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.finish import finish
from reconciler.cli.options import Root
from reconciler.cli.state_move import chosen, mv, pull, push, rm, unknown
from reconciler.errors import EXIT_DONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reconciler.cli.state_store import Store
    from reconciler.model import Recorded


class StateFormat(StrEnum):
    """How these commands print their data."""

    TEXT = "text"
    JSON = "json"


state = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Look at the record of what was submitted, and mend it.",
)

Output = Annotated[
    StateFormat, typer.Option("--format", help="What to print: text, or json for programs.")
]
Name = Annotated[str, typer.Argument(metavar="NAME", help="A signature's name, or one of its ids.")]


@state.command("list")
def list_(*, root: Root = Path(), output: Output = StateFormat.TEXT) -> None:
    """List every record. Reads only."""
    import sys

    from reconciler.cli.console import painter
    from reconciler.render.records_text import records_text

    found = list(_store(root).load().values())
    _say_records(found, output, records_text(found, painter=painter(sys.stdout)))


@state.command()
def show(name: Name, *, root: Root = Path(), output: Output = StateFormat.TEXT) -> None:
    """Show all that is recorded about one signature. Reads only."""
    import sys

    from reconciler.cli.console import painter
    from reconciler.render.records_text import record_text

    found = chosen(_store(root).load().values(), name)
    paint = painter(sys.stdout)
    _say_records(found, output, "\n".join(record_text(each, painter=paint) for each in found))


@state.command()
def log(name: Name, *, root: Root = Path(), output: Output = StateFormat.TEXT) -> None:
    """Tell what was submitted when, by which commit and run, and what the reviewer answered."""
    import sys

    from reconciler.cli.console import painter, say
    from reconciler.render.dump import dumps
    from reconciler.render.records_json import trail_document
    from reconciler.render.records_text import trail_text
    from reconciler.state.trail import of

    events = of(name, _store(root).versions())
    if not events:
        raise unknown(name)
    if output is StateFormat.JSON:
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
    url: Annotated[
        str | None,
        typer.Option("--state", metavar="URL", help="Another state than the repository's own."),
    ] = None,
) -> None:
    """Free a lock whose run is dead. Whoever holds it stops after what it is doing."""
    from reconciler.cli.console import note

    _store(root, url).unlock(id)
    note(f"The lock {id} is free.")
    finish(EXIT_DONE)


for command in (rm, mv, pull, push):
    state.command()(command)


def _store(root: Path, url: str | None = None) -> Store:
    from reconciler.cli.state_store import open_store
    from reconciler.cli.workspace import open_workspace

    return open_store(open_workspace(root), url=url)


def _say_records(records: Sequence[Recorded], output: StateFormat, text: str) -> None:
    from reconciler.cli.console import say
    from reconciler.render.dump import dumps
    from reconciler.render.records_json import records_document

    say(dumps(records_document(records)) if output is StateFormat.JSON else text)
    finish(EXIT_DONE)
