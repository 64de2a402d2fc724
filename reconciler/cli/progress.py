"""Outcomes as they happen: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reconciler.cli.console import painter, say
from reconciler.plan.changes import QUIET, Plan
from reconciler.plan.outcomes import Outcome
from reconciler.render.escape import terminal
from reconciler.render.outcomes_text import outcome_line
from reconciler.render.width import width

Report = Callable[[Outcome], None]


@contextmanager
def reporting(plan: Plan, *, quiet: bool) -> Iterator[Report]:
    """A function that prints one outcome; `quiet` prints none, for output that comes at the end."""
    total = sum(change.action not in QUIET for change in plan.changes)
    line = _silent if quiet else _printer(plan)
    if not sys.stderr.isatty():
        yield line
        return
    with _bar(total, line) as report:
        yield report


def _silent(_outcome: Outcome) -> None:
    return


def _printer(plan: Plan) -> Report:
    names = [each.name for each in plan.changes] + [each.name for each in plan.errors]
    cells = max((width(terminal(name)) for name in names), default=0)
    paint = painter(sys.stdout)
    return lambda outcome: say(outcome_line(outcome, cells=cells, painter=paint))


@contextmanager
def _bar(total: int, line: Report) -> Iterator[Report]:
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True, redirect_stdout=True) as progress:
        task = progress.add_task("Applying", total=total)

        def report(outcome: Outcome) -> None:
            line(outcome)
            progress.advance(task)

        yield report
