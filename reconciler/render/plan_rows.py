"""The rows of a plan for a terminal, below a line for each project where there are several."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.plan.changes import Action, Change
from reconciler.render.actions import look
from reconciler.render.change_text import cells, details
from reconciler.render.escape import terminal
from reconciler.render.findings import Warnings
from reconciler.render.header import PlanHeader
from reconciler.render.projects import by_project
from reconciler.render.style import Painter, Style
from reconciler.render.width import align

_INDENT = " " * 6


def rows_text(
    changes: Sequence[Change], header: PlanHeader, warnings: Warnings, painter: Painter
) -> Iterator[str]:
    """The rows, below a line for each project where there are several."""
    groups = tuple(by_project(changes, header))
    listed = [change for group in groups for change in group.rows]
    lines = iter(align(list(map(cells, listed))))
    for number, group in enumerate(groups):
        if group.project is not None:
            words = terminal(f"Project {group.project or '(default)'} at {group.endpoint}")
            yield from ("",) if number else ()
            yield painter(words, Style.BOLD)
        own = header.project if group.project is None else group.project
        aligned = [next(lines) for _ in group.rows]
        yield from _rows(group.rows, aligned, own, warnings, painter)


def _rows(
    changes: Sequence[Change],
    aligned: Sequence[Sequence[str]],
    project: str | None,
    warnings: Warnings,
    painter: Painter,
) -> Iterator[str]:
    for change, (symbol, word, *rest) in zip(changes, aligned, strict=True):
        styles = look(change.verdict).styles
        yield f"  {painter(f'{symbol} {word}', *styles)}  {_rest(rest, change, painter)}"
        found = warnings.get(change.name, ())
        for line in details(change, project=project, warnings=found, painter=painter):
            yield _INDENT + line


def _rest(rest: Sequence[str], change: Change, painter: Painter) -> str:
    """Name, id, status and reason; a deletion is red to its end."""
    name, *others = rest
    styles = look(change.verdict).styles if change.action is Action.DELETE else ()
    return "  ".join([painter(name, Style.BOLD), *(painter(other, *styles) for other in others)])
