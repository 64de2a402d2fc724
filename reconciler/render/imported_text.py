"""What `import` did, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.imported import Fate, Imported, summarise
from reconciler.model import ReviewStatus
from reconciler.render.counts import join
from reconciler.render.escape import terminal
from reconciler.render.style import PLAIN, Painter, Style
from reconciler.render.width import align

_STYLES: Mapping[Fate, Style] = {
    Fate.IMPORTED: Style.GREEN,
    Fate.UNCHANGED: Style.DIM,
    Fate.FAILED: Style.RED,
}


def imported_text(rows: Sequence[Imported], *, painter: Painter = PLAIN) -> str:
    """One line an id, what is left to do, and the counts last; with a last newline."""
    lines = [*_rows(rows, painter), *_advice(rows)]
    counted = join((number, fate) for fate, number in summarise(rows).items())
    return "\n".join([*lines, painter(f"Import: {counted}", Style.BOLD)]) + "\n"


def _rows(rows: Sequence[Imported], painter: Painter) -> Iterator[str]:
    for row, (fate, *rest) in zip(rows, align([_cells(row) for row in rows]), strict=True):
        yield "  ".join([painter(fate, _STYLES[row.fate]), *rest]).rstrip()


def _cells(row: Imported) -> tuple[str, ...]:
    status = "" if row.status is ReviewStatus.UNKNOWN else row.status.value
    said = terminal(row.detail) or ("recorded as adopted" if row.recorded else "")
    return (row.fate.value, terminal(row.id), terminal(row.path or "-"), status, said)


def _advice(rows: Sequence[Imported]) -> Iterator[str]:
    fields = dict.fromkeys(field for row in rows for field in row.blanks)
    if fields:
        yield f"To fill in: {', '.join(fields)}. `reconciler validate` names every blank;"
        yield "`reconciler plan` then says what apply would do."
