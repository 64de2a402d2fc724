"""Field by field for a terminal: before and after, one line each."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.plan.changes import Change
from reconciler.render.diffs import Difference, differences

_CELLS = 72


def diff_lines(change: Change) -> Iterator[str]:
    """Such as `content: "Acme" -> "Acme Shop"`; one line a field that differs."""
    for each in differences(change, cells=_CELLS):
        yield f"{each.field}: {_values(each)}"


def _values(each: Difference) -> str:
    after = each.after or "(none)"
    return f"{each.before or '(none)'} -> {after}" if each.is_known else after
