"""What apply did, or where the reviewers stand, in a few lines for a chat."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reconciler.notify import Notice
from reconciler.plan.board import Health, Row
from reconciler.plan.board import summarise as summarise_rows
from reconciler.plan.outcomes import Outcome, summarise
from reconciler.render.escape import terminal
from reconciler.render.outcomes_text import UNSUCCESSFUL, outcomes_summary
from reconciler.render.status_text import status_summary

_MOST = 20
"""Lines of a message; the command's own output has all."""
_LONGEST = 200
_HARMLESS = str.maketrans("<>@[]`*", "＜＞＠［］｀＊")
"""A mention, a link or a tag of some chat begins with one of these."""


def applied_notice(outcomes: Sequence[Outcome]) -> Notice:
    """What went wrong comes first."""
    rows = sorted(outcomes, key=lambda row: (row.result not in UNSUCCESSFUL, row.name))
    return Notice(
        command="apply",
        title=f"reconciler: {outcomes_summary(outcomes)}",
        text=_cut(map(_outcome, rows)),
        summary=summarise(outcomes),
    )


def status_notice(rows: Sequence[Row]) -> Notice:
    """Those that are not well; nothing but the counts where all are."""
    unwell = [row for row in rows if row.health not in {Health.HEALTHY, Health.SUSPENDED}]
    unwell.sort(key=lambda row: (row.health is Health.PROGRESSING, row.name))
    return Notice(
        command="status",
        title=f"reconciler: {status_summary(rows)}",
        text=_cut(map(_row, unwell)) or "All is well.",
        summary=summarise_rows(rows),
    )


def _outcome(row: Outcome) -> str:
    why = f": {row.detail or row.reason}" if row.result in UNSUCCESSFUL else ""
    return f"{row.result.value} {row.name} {row.id or '(no id)'}{why}"


def _row(row: Row) -> str:
    why = f": {row.rejection}" if row.rejection else ""
    return f"{row.status.value} {row.name} {row.id or '(no id)'}{why}"


def _cut(lines: Iterable[str]) -> str:
    return "\n".join(_few([_safe(line) for line in lines]))


def _few(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:_MOST]
    if len(lines) > _MOST:
        yield f"and {len(lines) - _MOST} more"


def _safe(line: str) -> str:
    short = line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
    return terminal(short).translate(_HARMLESS)
