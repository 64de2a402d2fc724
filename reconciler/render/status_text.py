"""The status board for a terminal: aligned columns, the reviewer's word, a summary last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reconciler.model import ReviewStatus
from reconciler.plan.board import Health, Row, summarise
from reconciler.render.counts import join, plural
from reconciler.render.escape import terminal
from reconciler.render.style import PLAIN, Painter, Style
from reconciler.render.width import align

_STYLES: Mapping[Health, Style] = {
    Health.HEALTHY: Style.GREEN,
    Health.PROGRESSING: Style.CYAN,
    Health.DEGRADED: Style.RED,
    Health.SUSPENDED: Style.DIM,
    Health.MISSING: Style.RED,
    Health.UNKNOWN: Style.YELLOW,
}
_TITLES = ("HEALTH", "NAME", "ID", "STATUS", "IN SYNC", "SUBMITTED", "CONTENT")
IN_SYNC: Mapping[bool | None, str] = {True: "yes", False: "no", None: "-"}
"""What is said of a row that is in sync, that is not, and of which nobody knows."""
_DAY = 24


def status_text(rows: Iterable[Row], *, painter: Painter = PLAIN) -> str:
    """The whole text, with a last newline."""
    listed = sorted(rows, key=lambda row: (row.name, row.id or ""))
    summary = painter(status_summary(listed), Style.BOLD)
    board = [*_board(listed, painter), ""] if listed else []
    return "\n".join([*board, summary]) + "\n"


def status_summary(rows: Iterable[Row]) -> str:
    """Such as `Status: 3 healthy, 1 progressing, 1 degraded`."""
    counted = join((number, health.lower()) for health, number in summarise(rows).items())
    return f"Status: {counted or 'nothing is managed yet'}"


def age(hours: float | None) -> str:
    """Roughly: `under an hour ago`, `5 hours ago`, `3 days ago`; a dash when unknown."""
    if hours is None:
        return "-"
    if hours < 1:
        return "under an hour ago"
    whole = int(hours)
    if whole < 2 * _DAY:
        return f"{whole} {plural(whole, 'hour')} ago"
    return f"{whole // _DAY} days ago"


def _board(rows: Sequence[Row], painter: Painter) -> Iterator[str]:
    titles, *lines = align([_TITLES, *map(_cells, rows)])
    yield painter("  ".join(titles), Style.BOLD)
    for row, (health, *rest) in zip(rows, lines, strict=True):
        yield "  ".join([painter(health, _STYLES[row.health]), *rest])
        if row.rejection:
            yield painter(f"  the reviewer said: {terminal(row.rejection)}", Style.RED)


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.health.value,
        terminal(row.name),
        "(no id)" if row.id is None else terminal(row.id),
        "not asked" if row.status is ReviewStatus.UNKNOWN else row.status.value,
        IN_SYNC[row.in_sync],
        age(row.age_hours),
        terminal(row.content or ""),
    )
