"""One row of a plan in Markdown: its cells, and the folded block that says the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from reconciler.model import ReviewStatus
from reconciler.plan.changes import Action, Change
from reconciler.problems import Problem
from reconciler.render.actions import look
from reconciler.render.counts import plural
from reconciler.render.diffs import Difference, differences
from reconciler.render.escape import html_code, markdown, markdown_cell
from reconciler.render.markdown.blocks import CLOSE_FOLD, brief, code_lines, open_fold
from reconciler.render.proofs import describe
from reconciler.render.reasons import explain

TITLES = ("Action", "Signature", "Id", "Review", "Why")
NAME, IDENTITY, WORDS, VALUE = 200, 80, 300, 1_000
"""Terminal cells; what is longer is cut. Ours are far shorter, but a manifest may be hostile."""
_RANKS: Mapping[Action, int] = {
    Action.DELETE: 0,
    Action.CREATE: 1,
    Action.RESUBMIT: 1,
    Action.BLOCKED: 2,
    Action.ADOPT: 3,
    Action.FORGET: 3,
    Action.NO_OP: 4,
}
_BOLD = frozenset({Action.DELETE, Action.BLOCKED})


def rank(change: Change) -> int:
    """What a reviewer must not miss comes first: a deletion, then what is sent."""
    return _RANKS[Action.BLOCKED if change.verdict.attention else change.action]


def cells(change: Change, warnings: int) -> tuple[str, ...]:
    """The cells below `TITLES`; `warnings` is how many rules have something to say."""
    word = look(change.verdict).word
    told = f"<br>{warnings} {plural(warnings, 'warning')}, see below" if warnings else ""
    return (
        f"**{word}**" if change.verdict.attention or change.action in _BOLD else word,
        markdown_cell(brief(change.name, NAME)),
        identity_cell(change.id),
        review_cell(change.status, change.rejection),
        explain(change.verdict) + told,
    )


def identity_cell(id: str | None) -> str:
    """The work-order id, where there is one."""
    return "(no id)" if id is None else markdown_cell(brief(id, IDENTITY))


def review_cell(status: ReviewStatus, rejection: str | None) -> str:
    """The review status, and the reviewer's last reason."""
    word = "not asked" if status is ReviewStatus.UNKNOWN else status.value
    return f"{word}: {markdown_cell(brief(rejection, WORDS))}" if rejection else word


def block(change: Change, project: str | None) -> str | None:
    """The folded block: where it stands, the diff, the documents; None where there is nothing.

    `project` is the plan's own; a row that belongs to another one says so.
    """
    parts = [part for part in (_fields(change), _documents(change)) if part]
    if not parts:
        return None
    word = look(change.verdict).word
    identity = "" if change.id is None else f" {html_code(brief(change.id, IDENTITY))}"
    opening = open_fold(f"{html_code(brief(change.name, NAME))}{identity}: {word}")
    return "\n".join([opening, "\n\n".join([*_place(change, project), *parts])]) + CLOSE_FOLD


def unverifiable(change: Change) -> str:
    """A line of a list: what the service does not show of this signature."""
    return f"- {markdown(brief(change.name, NAME))}: {', '.join(change.unverifiable)}"


def warning_lines(problem: Problem) -> Iterator[str]:
    """A finding of `validate` and what to do about it, for a block of code."""
    place = f"{problem.path}:{problem.position.line}:{problem.position.column}"
    label = f"{problem.severity.value}[{problem.rule}]"
    name = problem.name or problem.path
    words = brief(f"{label} {problem.summary}", WORDS)
    yield f"{brief(name, NAME)}: {words} ({brief(place, NAME)})"
    for line in problem.detail.splitlines():
        yield f"  {brief(line, WORDS)}"


def _place(change: Change, project: str | None) -> Iterator[str]:
    other = change.project and change.project != project
    within = f" in the project {markdown(brief(change.project, IDENTITY))}" if other else ""
    if change.path is not None:
        yield f"Manifest {markdown(brief(change.path, NAME))}{within}"
    elif within:
        yield f"Recorded{within}"


def _fields(change: Change) -> str:
    """What is no document, as a diff."""
    lines = [line for each in differences(change, cells=VALUE) for line in _signed(each)]
    return code_lines(lines, "diff") if lines else ""


def _signed(each: Difference) -> Iterator[str]:
    if each.is_document:
        return
    if each.before is not None:
        yield f"- {each.field}: {each.before}"
    if each.after is not None:
        yield f"+ {each.field}: {each.after}"


def _documents(change: Change) -> str:
    """Each document as path, size and short hash, before and after; never its bytes."""
    differing = [each for each in differences(change, cells=VALUE) if each.is_document]
    shown = {each.field for each in differing}
    lines = [f"- {each.field}: {_sides(each)}" for each in differing]
    if change.action is Action.RESUBMIT:
        lines += [
            f"- {each.role}: {_document(describe(each.proof))}, unchanged, sent again"
            for each in change.documents
            if each.role not in shown
        ]
    return "\n".join(lines)


def _sides(each: Difference) -> str:
    after = _document(each.after)
    return f"{_document(each.before)} → {after}" if each.is_known else after


def _document(words: str | None) -> str:
    return "none" if words is None else markdown(brief(words, VALUE))
