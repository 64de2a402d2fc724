"""One row of a plan for a terminal: its cells, and the lines below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.model import ReviewStatus
from reconciler.plan.changes import Action, Change
from reconciler.problems import Problem, Severity
from reconciler.render.actions import look
from reconciler.render.diff_text import diff_lines
from reconciler.render.escape import terminal
from reconciler.render.proofs import describe
from reconciler.render.reasons import explain
from reconciler.render.style import Painter, Style

_SEVERITY_STYLE = {Severity.ERROR: Style.RED, Severity.WARNING: Style.YELLOW}


def cells(change: Change) -> tuple[str, ...]:
    """Symbol, action, name, id, review status and reason, plain, for `width.align`."""
    shown = look(change.verdict)
    status = "not asked" if change.status is ReviewStatus.UNKNOWN else change.status.value
    identity = "(no id)" if change.id is None else terminal(change.id)
    return (
        shown.symbol,
        shown.word,
        terminal(change.name),
        identity,
        status,
        explain(change.verdict),
    )


def details(
    change: Change, *, project: str | None, warnings: Iterable[Problem], painter: Painter
) -> Iterator[str]:
    """Everything below the row: the reviewer's word, the diff, documents, doubts, warnings.

    `project` is the plan's own; a row that belongs to another one says so.
    """
    if change.project and change.project != project:
        yield f"project: {terminal(change.project)}"
    if change.rejection:
        yield painter(f"the reviewer said: {terminal(change.rejection)}", Style.RED)
    yield from diff_lines(change)
    yield from _documents(change)
    if change.unverifiable:
        fields = ", ".join(change.unverifiable)
        yield painter(f"cannot be verified, taken from the manifest: {fields}", Style.DIM)
    for problem in warnings:
        yield warning_line(problem, painter)


def warning_line(problem: Problem, painter: Painter) -> str:
    """A finding of `validate` in one line, with its place."""
    place = f"{terminal(problem.path)}:{problem.position.line}:{problem.position.column}"
    label = painter(f"{problem.severity}[{problem.rule}]", _SEVERITY_STYLE[problem.severity])
    return f"{label} {terminal(problem.summary)} ({place})"


def _documents(change: Change) -> Iterator[str]:
    """The documents that are sent again as they were; those that differ stand in the diff."""
    if change.action is not Action.RESUBMIT:
        return
    shown = {diff.field for diff in change.diff}
    for document in change.documents:
        if document.role not in shown:
            yield f"{document.role}: {describe(document.proof)} (unchanged, sent again)"
