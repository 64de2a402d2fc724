"""Troubles for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reconciler.plan.changes import Failure
from reconciler.render.escape import terminal
from reconciler.render.style import PLAIN, Painter, Style
from reconciler.render.troubles_words import TITLES, WHAT_TO_DO, summary
from reconciler.render.width import align
from reconciler.troubles import Trouble


def troubles_text(
    found: Sequence[Trouble], unread: Iterable[Failure], *, painter: Painter = PLAIN
) -> str:
    """The whole text, with a last newline. `unread` could not be asked about."""
    lines = [*_rows(found, painter), *map(_unread, unread)]
    total = painter(f"Drift: {summary(found)}", Style.BOLD)
    return "\n".join([*lines, *([""] if lines else []), total]) + "\n"


def _rows(found: Sequence[Trouble], painter: Painter) -> Iterator[str]:
    for trouble, (word, name, identity) in zip(found, align(list(map(_cells, found))), strict=True):
        what = WHAT_TO_DO[trouble.kind]
        yield f"{painter(word, Style.RED)}  {painter(name, Style.BOLD)}  {identity}  {what}"
        if trouble.detail:
            yield f"  {terminal(trouble.detail)}"


def _cells(trouble: Trouble) -> tuple[str, ...]:
    identity = "-" if trouble.id is None else terminal(trouble.id)
    return (TITLES[trouble.kind], terminal(trouble.name), identity)


def _unread(failure: Failure) -> str:
    return f"could not be read  {terminal(failure.name)}  {terminal(failure.summary)}"
