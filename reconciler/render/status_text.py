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
_TITLES = ("HEALTH", "NAME", "ID", "STATUS", "IN SYNC", "SUBMITTED", "WAITED", "CONTENT")
_WAIT = _TITLES.index("WAITED")
WAITED = (
    "Waited: hours from 09:00 to 18:00 in Beijing, Monday to Friday; holidays are not known here."
)
"""What is said of the hours that somebody has waited for a reviewer."""
IN_SYNC: Mapping[bool | None, str] = {True: "yes", False: "no", None: "-"}
"""What is said of a row that is in sync, that is not, and of which nobody knows."""
_DAY = 24


def status_text(rows: Iterable[Row], *, painter: Painter = PLAIN) -> str:
    """The whole text, with a last newline."""
    listed = sorted(rows, key=lambda row: (row.name, row.id or ""))
    summary = painter(status_summary(listed), Style.BOLD)
    board = [*_board(listed, painter), ""] if listed else []
    hours = [painter(WAITED, Style.DIM)] if some_wait(listed) else []
    return "\n".join([*board, *hours, summary]) + "\n"


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


def some_wait(rows: Iterable[Row]) -> bool:
    """Whether anybody waits for a reviewer."""
    return any(row.waited_hours is not None for row in rows)


def wait(hours: float | None) -> str:
    """Such as `5 h`; a dash where nobody waits."""
    if hours is None:
        return "-"
    return f"{int(hours)} h" if hours >= 1 else "under 1 h"


def _board(rows: Sequence[Row], painter: Painter) -> Iterator[str]:
    waiting = some_wait(rows)
    cells = [_TITLES, *map(_cells, rows)]
    titles, *lines = align(cells if waiting else [_without_wait(each) for each in cells])
    yield painter("  ".join(titles), Style.BOLD)
    for row, (health, *rest) in zip(rows, lines, strict=True):
        yield "  ".join([painter(health, _STYLES[row.health]), *rest])
        if row.rejection:
            yield painter(f"  the reviewer said: {terminal(row.rejection)}", Style.RED)
        for rule in row.rules:
            yield f"  a rule is about this: reconciler explain {rule}"


def _without_wait(cells: tuple[str, ...]) -> tuple[str, ...]:
    return (*cells[:_WAIT], *cells[_WAIT + 1 :])


def _cells(row: Row) -> tuple[str, ...]:
    return (
        row.health.value,
        terminal(row.name),
        "(no id)" if row.id is None else terminal(row.id),
        "not asked" if row.status is ReviewStatus.UNKNOWN else row.status.value,
        IN_SYNC[row.in_sync],
        age(row.age_hours),
        wait(row.waited_hours),
        terminal(row.content or ""),
    )
