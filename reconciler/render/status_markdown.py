"""The status board in Markdown, for the summary of a job or the text of an issue."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from reconciler.plan.board import Health, Row
from reconciler.render.change_markdown import NAME, identity_cell, review_cell
from reconciler.render.escape import markdown_cell
from reconciler.render.markdown.blocks import brief, table_head, table_row
from reconciler.render.markdown.fit import LIMIT, Item, Section, fit, pointer
from reconciler.render.status_text import (
    IN_SYNC,
    WAITED,
    age,
    some_wait,
    status_summary,
    wait,
)

_TITLES = ("Health", "Signature", "Id", "Review", "In sync", "Submitted", "Waited", "Content")
_WAIT = _TITLES.index("Waited")
_RANKS: Mapping[Health, int] = {
    Health.DEGRADED: 0,
    Health.MISSING: 0,
    Health.UNKNOWN: 1,
    Health.PROGRESSING: 2,
    Health.SUSPENDED: 3,
    Health.HEALTHY: 3,
}


def status_markdown(rows: Iterable[Row], *, limit: int = LIMIT, artifact: str | None = None) -> str:
    """The whole document, with a last newline, in at most `limit` characters (8,192 or more).

    Where not all rows fit, the healthy ones go first; `artifact` is the file or the address that
    has them all.
    """
    listed = sorted(rows, key=lambda row: (row.name, row.id or ""))
    waiting = some_wait(listed)
    hours = f"\n\n{WAITED}" if waiting else ""
    head = Section(opening=f"### {status_summary(listed)}{hours}")
    titles = _columns(_TITLES, waiting=waiting)
    items = tuple(
        Item(text=table_row(_columns(_cells(row), waiting=waiting)), rank=_RANKS[row.health])
        for row in listed
    )
    board = (Section(opening=table_head(titles), items=items),) if items else ()
    return fit((head, *board), limit=limit, elsewhere=pointer(artifact, "reconciler status"))


def _columns(cells: tuple[str, ...], *, waiting: bool) -> tuple[str, ...]:
    return cells if waiting else (*cells[:_WAIT], *cells[_WAIT + 1 :])


def _cells(row: Row) -> tuple[str, ...]:
    word = row.health.value
    return (
        f"**{word}**" if _RANKS[row.health] == 0 else word,
        markdown_cell(brief(row.name, NAME)),
        identity_cell(row.id),
        review_cell(row.status, row.rejection)
        + (f" ({', '.join(row.rules)})" if row.rules else ""),
        IN_SYNC[row.in_sync],
        age(row.age_hours),
        wait(row.waited_hours),
        "" if row.content is None else markdown_cell(brief(row.content, NAME)),
    )
