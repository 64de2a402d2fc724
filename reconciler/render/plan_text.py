"""A plan for a terminal: what would be done and why, and one line that sums it up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.plan.changes import QUIET, Action, Change, Failure, Plan
from reconciler.render.counts import join
from reconciler.render.escape import terminal
from reconciler.render.findings import NO_WARNINGS, Warnings
from reconciler.render.header import PlanHeader
from reconciler.render.style import PLAIN, Painter, Style

PARTLY_ASKED = (
    "The service was not asked about what is unchanged and was approved when it was last seen: "
    "drift of those is not seen."
)
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
        _rows(rows, header, warnings, painter),
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


def _rows(
    rows: Sequence[Change], header: PlanHeader, warnings: Warnings, painter: Painter
) -> Iterator[str]:
    if rows:  # most plans have none, and what draws them takes a while to load
        from reconciler.render.plan_rows import rows_text

        yield from rows_text(rows, header, warnings, painter)


def _errors(errors: Sequence[Failure], painter: Painter) -> Iterator[str]:
    if not errors:
        return
    from reconciler.render.width import align

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
