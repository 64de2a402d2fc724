"""Outcomes as they happen: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from reconciler.cli.console import painter, say
from reconciler.plan.changes import QUIET, Plan
from reconciler.plan.outcomes import Outcome
from reconciler.render.outcomes_text import outcome_line

Report = Callable[[Outcome], None]


@contextmanager
def reporting(plan: Plan, *, quiet: bool) -> Iterator[Report]:
    """A function that prints one outcome; `quiet` prints none, for output that comes at the end."""
    total = sum(change.action not in QUIET for change in plan.changes)
    line = _silent if quiet else _print
    if not sys.stderr.isatty():
        yield line
        return
    with _bar(total, line) as report:
        yield report


def _silent(_outcome: Outcome) -> None:
    return


def _print(outcome: Outcome) -> None:
    say(outcome_line(outcome, painter=painter(sys.stdout)))


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
