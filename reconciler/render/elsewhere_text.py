"""What an apply would also find, but the branch does not touch: listed apart from its plan."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.plan.changes import Plan
from reconciler.render.change_text import cells
from reconciler.render.escape import terminal
from reconciler.render.findings import NO_WARNINGS
from reconciler.render.plan_text import plan_counts, worth_showing
from reconciler.render.style import PLAIN, Painter, Style
from reconciler.render.width import align


def elsewhere_text(elsewhere: Plan, *, painter: Painter = PLAIN) -> str:
    """The whole text, with a last newline; empty where there is nothing to say."""
    lines = [*_rows(elsewhere), *_unread(elsewhere)]
    if not lines:
        return ""
    title = painter(f"Not touched by this change: {plan_counts(elsewhere)}", Style.BOLD)
    return "\n".join([title, *(painter(f"  {line}", Style.DIM) for line in lines)]) + "\n"


def _rows(elsewhere: Plan) -> Iterator[str]:
    shown = [cells(each) for each in elsewhere.changes if worth_showing(each, NO_WARNINGS)]
    for symbol, word, *rest in align(shown):
        yield "  ".join([f"{symbol} {word}", *rest])


def _unread(elsewhere: Plan) -> Iterator[str]:
    for failure in elsewhere.errors:
        yield f"could not be read: {terminal(failure.name)}: {terminal(failure.summary)}"
