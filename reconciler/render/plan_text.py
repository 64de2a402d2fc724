"""A plan for a terminal: what would be done and why, and one line that sums it up."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from reconciler.plan.changes import QUIET, Action, Change, Failure, Plan
from reconciler.problems import Problem
from reconciler.render.actions import look
from reconciler.render.change_text import cells, details
from reconciler.render.counts import join
from reconciler.render.escape import terminal
from reconciler.render.header import PlanHeader
from reconciler.render.projects import by_project
from reconciler.render.style import PLAIN, Painter, Style
from reconciler.render.width import align

Warnings = Mapping[str, tuple[Problem, ...]]
"""The findings of `validate` by the name of the signature."""
NO_WARNINGS: Warnings = MappingProxyType({})
PARTLY_ASKED = (
    "The service was not asked about what is unchanged and was approved when it was last seen: "
    "drift of those is not seen."
)
_INDENT = " " * 6
_HEAD_DIGITS = 12


def plan_text(
    plan: Plan,
    header: PlanHeader,
    *,
    painter: Painter = PLAIN,
    verbose: bool = False,
    warnings: Warnings = NO_WARNINGS,
    command: str | None = "reconciler apply",
) -> str:
    """The whole text, with a last newline.

    Rows without work, attention or warnings are only counted unless `verbose`. `command` is how
    the user would start an apply of the same signatures; the fingerprint is added to it;
    None says nothing of it, as while an apply is under way.
    """
    rows = [c for c in plan.changes if verbose or worth_showing(c, warnings)]
    parts = (
        _header(header, painter),
        _groups(rows, header, warnings, painter),
        _errors(plan.errors, painter),
        _footer(plan, command if header.refreshed else None, painter),
    )
    blocks = ("\n".join(part) for part in parts)
    return "\n\n".join(block for block in blocks if block) + "\n"


def plan_summary(plan: Plan) -> str:
    """Such as `Plan: 1 to resubmit, 2 to adopt, 5 unchanged, 1 blocked, 1 needs attention`."""
    return f"Plan: {plan_counts(plan)}"


def plan_counts(plan: Plan) -> str:
    """The same without its first word."""
    count = plan.summary
    done = [(count[action], f"to {action}") for action in Action if action not in QUIET]
    idle = not (any(number for number, _ in done) or count["blocked"] or count["errors"])
    needs = "needs attention" if count["attention"] == 1 else "need attention"
    rest = [
        (count["no-op"], "unchanged"),
        (count["blocked"], "blocked"),
        (count["attention"], needs),
        (count["errors"], "could not be read"),
    ]
    counted = join([*done, *rest])
    return ", ".join(part for part in ("nothing to do" if idle else "", counted) if part)


def worth_showing(change: Change, warnings: Warnings) -> bool:
    """Whether a row says more than that nothing is to be done."""
    folded = change.action is Action.NO_OP and not change.verdict.attention
    return not folded or bool(warnings.get(change.name))


def _header(header: PlanHeader, painter: Painter) -> Iterator[str]:
    project = "The default project" if header.project is None else f"Project {header.project}"
    head = "" if header.head is None else f", manifests at {header.head[:_HEAD_DIGITS]}"
    yield painter(terminal(f"{project} at {header.endpoint}{head}"), Style.DIM)
    if not header.refreshed:
        offline = "The service was not asked: no review status is known, and no drift is seen."
        yield painter(offline, Style.YELLOW)
    if header.partly:
        yield painter(PARTLY_ASKED, Style.YELLOW)


def _groups(
    changes: Sequence[Change], header: PlanHeader, warnings: Warnings, painter: Painter
) -> Iterator[str]:
    """The rows, below a line for each project where there are several."""
    groups = tuple(by_project(changes, header))
    listed = [change for group in groups for change in group.rows]
    lines = iter(align(list(map(cells, listed))))
    for number, group in enumerate(groups):
        if group.project is not None:
            words = terminal(f"Project {group.project or '(default)'} at {group.endpoint}")
            yield from ("",) if number else ()
            yield painter(words, Style.BOLD)
        own = header.project if group.project is None else group.project
        aligned = [next(lines) for _ in group.rows]
        yield from _rows(group.rows, aligned, own, warnings, painter)


def _rows(
    changes: Sequence[Change],
    aligned: Sequence[Sequence[str]],
    project: str | None,
    warnings: Warnings,
    painter: Painter,
) -> Iterator[str]:
    for change, (symbol, word, *rest) in zip(changes, aligned, strict=True):
        styles = look(change.verdict).styles
        yield f"  {painter(f'{symbol} {word}', *styles)}  {_rest(rest, change, painter)}"
        found = warnings.get(change.name, ())
        for line in details(change, project=project, warnings=found, painter=painter):
            yield _INDENT + line


def _rest(rest: Sequence[str], change: Change, painter: Painter) -> str:
    """Name, id, status and reason; a deletion is red to its end."""
    name, *others = rest
    styles = look(change.verdict).styles if change.action is Action.DELETE else ()
    return "  ".join([painter(name, Style.BOLD), *(painter(other, *styles) for other in others)])


def _errors(errors: Sequence[Failure], painter: Painter) -> Iterator[str]:
    if not errors:
        return
    yield painter("Could not be read:", Style.BOLD, Style.RED)
    for row in align([_error_cells(failure) for failure in errors]):
        yield "  " + "  ".join(row)


def _error_cells(failure: Failure) -> tuple[str, ...]:
    identity = "(no id)" if failure.id is None else terminal(failure.id)
    return (terminal(failure.name), identity, terminal(failure.summary))


def _footer(plan: Plan, command: str | None, painter: Painter) -> Iterator[str]:
    """Without a command when the service was not asked: what it says may change the plan."""
    yield painter(f"Fingerprint: {plan.fingerprint}", Style.DIM)
    if command is not None and any(change.action not in QUIET for change in plan.changes):
        yield f"To apply exactly this: {command} --fingerprint {plan.fingerprint}"
    yield painter(plan_summary(plan), Style.BOLD)
