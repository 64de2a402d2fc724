"""`reconciler import`: manifests for what exists at the service already."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.finish import finish
from reconciler.cli.options import Endpoint, Profile, Project, Root
from reconciler.errors import EXIT_DONE, EXIT_FAILURE
from reconciler.model import Purpose, SignatureType

if TYPE_CHECKING:
    from reconciler.imported import Imported


class ImportFormat(StrEnum):
    """How the result is printed."""

    TEXT = "text"
    JSON = "json"


def import_(
    ids: Annotated[
        list[str] | None, typer.Argument(metavar="ID…", help="The ids to import.")
    ] = None,
    *,
    root: Root = Path(),
    listed: Annotated[
        list[Path] | None,
        typer.Option("--from", metavar="FILE", help="A list of ids, one a line; repeatable."),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option("--as", metavar="NAME", help="The signature's name; default: its content."),
    ] = None,
    kind: Annotated[
        SignatureType | None, typer.Option("--type", help="What the content names.")
    ] = None,
    purpose: Annotated[Purpose | None, typer.Option("--purpose", help="Whose brand it is.")] = None,
    certificate: Annotated[
        Path | None,
        typer.Option("--certificate", metavar="FILE", help="The proof that was sent with it."),
    ] = None,
    authorization: Annotated[
        Path | None,
        typer.Option("--authorization", metavar="FILE", help="The letter that was sent with it."),
    ] = None,
    output: Annotated[
        ImportFormat, typer.Option("--format", help="What to print: text or json.")
    ] = ImportFormat.TEXT,
    project: Project = None,
    endpoint: Endpoint = None,
    profile: Profile = None,
) -> None:
    """Write manifests for signatures that exist; sends nothing and overwrites nothing.

    The service shows content and status alone: the rest comes from the options, or stays blank.
    """
    from reconciler.cli.importer import Importer, Wish
    from reconciler.cli.interrupt import stop_on_signals
    from reconciler.cli.workspace import open_workspace
    from reconciler.imported import Fate
    from reconciler.importing import check_name, read_ids
    from reconciler.settings.values import Flags

    wanted = read_ids(ids or [], (_text(root, each) for each in listed or []))
    wish = Wish(
        name=None if name is None else check_name(name),
        type=kind,
        purpose=purpose,
        certificate=certificate,
        authorization=authorization,
    )
    workspace = open_workspace(root, Flags(project=project, endpoint=endpoint, profile=profile))
    with stop_on_signals() as stop:
        rows = Importer(workspace, wish, stop).run(wanted)
    _show(rows, output)
    failed = any(row.fate is Fate.FAILED for row in rows)
    finish(EXIT_FAILURE if failed else EXIT_DONE)


def _text(root: Path, path: Path) -> str:
    """A list that is named as seen from here, or else from the repository's root."""
    from reconciler.errors import UsageError

    try:
        return (path if path.exists() else root / path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise UsageError(f"--from {path}: cannot be read: {why}") from None


def _show(rows: tuple[Imported, ...], output: ImportFormat) -> None:
    import sys

    from reconciler.cli.console import painter, say

    if output is ImportFormat.JSON:
        from reconciler.render.dump import dumps
        from reconciler.render.imported_json import imported_document

        say(dumps(imported_document(rows)))
    else:
        from reconciler.render.imported_text import imported_text

        say(imported_text(rows, painter=painter(sys.stdout)))
