"""How messages speak of a manifest's fields and of what stands in them."""

from __future__ import annotations

from reconciler.manifests import KeyPath, Manifest
from reconciler.problems import WRONG_SHAPE, Position
from reconciler.wording import printable, quoted
from reconciler.yamltext.faults import Fault

_LONGEST = 60


def field(path: KeyPath) -> str:
    """A field in the manifest's own words: `certificate.file`, or item 2 of `id`."""
    if path and isinstance(path[-1], int):
        return f"item {path[-1] + 1} of {field(path[:-1])}"
    return quoted(".".join(str(part) for part in path))


def source(manifest: Manifest, path: KeyPath) -> str:
    """A scalar as it is written in the file, cut to what a message can hold; may be empty."""
    text = manifest.source(*path)
    return printable(text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…")


def kind(value: object) -> str:
    """What YAML made of a value, with its article."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "a truth value"
    if isinstance(value, int | float):
        return "a number"
    if isinstance(value, str):
        return "text"
    return "a list" if isinstance(value, list) else "a mapping"


def fault(position: Position, summary: str, detail: str) -> Fault:
    """A fault in the manifest's shape."""
    return Fault(rule=WRONG_SHAPE, summary=summary, detail=detail, position=position)


def beginning(manifest: Manifest) -> Position:
    """Where the document's first key stands: the place of whatever is missing altogether."""
    first = manifest.positions[()]
    return Position(
        line=first.line, column=first.column, end_line=first.line, end_column=first.column
    )
