"""The sections of a plan in Markdown. Each yields itself, or nothing where it would be empty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.plan.changes import Change, Failure, Plan
from reconciler.render.change_markdown import (
    IDENTITY,
    NAME,
    TITLES,
    WORDS,
    block,
    cells,
    identity_cell,
    rank,
    unverifiable,
    warning_lines,
)
from reconciler.render.escape import markdown, markdown_cell
from reconciler.render.findings import NO_WARNINGS, Warnings
from reconciler.render.header import PlanHeader
from reconciler.render.markdown.blocks import (
    CLOSE_FOLD,
    brief,
    fence,
    open_fold,
    table_head,
    table_row,
)
from reconciler.render.markdown.fit import Item, Section
from reconciler.render.plan_text import plan_counts, worth_showing
from reconciler.render.projects import Group, by_project

_MOST_GROUPS = 10


def rows_section(
    rows: Sequence[Change], header: PlanHeader, warnings: Warnings
) -> Iterator[Section]:
    """What will be done, and why: the last to be cut, and what cannot be undone the very last.

    A table for each project, unless they are so many that their heads alone would fill a comment.
    """
    groups = tuple(by_project(rows, header))
    if len(groups) > _MOST_GROUPS:
        groups = (Group(project=None, endpoint=header.endpoint, rows=tuple(rows)),)
    for group in groups:
        if group.rows:
            opening = f"{_project_head(group)}{table_head(TITLES)}"
            yield Section(opening=opening, items=_rows(group.rows, warnings), importance=0)


def _project_head(group: Group) -> str:
    if group.project is None:
        return ""
    name = markdown(brief(group.project, IDENTITY)) if group.project else "(default)"
    return f"#### Project {name} at {markdown(brief(group.endpoint, NAME))}\n\n"


def failures_section(errors: Sequence[Failure]) -> Iterator[Section]:
    """The signatures that nothing could be decided about."""
    if errors:
        head = table_head(("Signature", "Id", "What went wrong"))
        yield Section(
            opening=f"### Could not be read\n\n{head}",
            items=tuple(Item(text=table_row(_failure(each))) for each in errors),
            importance=1,
        )


def warnings_section(plan: Plan, warnings: Warnings) -> Iterator[Section]:
    """What the rules say of the plan's signatures, as in a terminal, in one block of code."""
    names = {each.name for each in plan.changes} | {each.name for each in plan.errors}
    texts = [
        "\n".join(warning_lines(problem))
        for name in sorted(names & warnings.keys())
        for problem in warnings[name]
    ]
    if texts:
        ticks = fence(texts)
        yield Section(
            opening=f"### Warnings\n\n{ticks}text",
            items=tuple(Item(text=text) for text in texts),
            closing=f"\n{ticks}",
            noun="warning",
            importance=2,
        )


def unverifiable_section(rows: Sequence[Change]) -> Iterator[Section]:
    """What the service does not show, so that the manifest is taken at its word."""
    lines = [Item(text=unverifiable(change)) for change in rows if change.unverifiable]
    if lines:
        why = "The service does not show these; what the manifest says is taken as it is."
        yield Section(
            opening=f"### Cannot be verified\n\n{why}\n",
            items=tuple(lines),
            noun="signature",
            importance=3,
        )


def details_section(rows: Sequence[Change], project: str | None) -> Iterator[Section]:
    """The diffs, each folded; the longest are the first that are left out."""
    blocks = [(change, block(change, project)) for change in rows]
    items = tuple(Item(text=text, rank=rank(change)) for change, text in blocks if text is not None)
    if items:
        yield Section(
            opening="### Details",
            items=items,
            joint="\n\n",
            noun="diff",
            importance=4,
            shortest_first=True,
        )


def elsewhere_section(elsewhere: Plan) -> Iterator[Section]:
    """What a branch does not touch: known, and no concern of its reviewer."""
    rows = [change for change in elsewhere.changes if worth_showing(change, NO_WARNINGS)]
    items = (*_rows(rows, NO_WARNINGS), *map(_unread, elsewhere.errors))
    if items:
        summary = open_fold(f"Not touched by this change: {plan_counts(elsewhere)}")
        yield Section(
            opening=f"{summary}\n{table_head(TITLES)}",
            items=items,
            closing=CLOSE_FOLD,
            importance=5,
        )


def _rows(rows: Sequence[Change], warnings: Warnings) -> tuple[Item, ...]:
    return tuple(
        Item(text=table_row(cells(each, len(warnings.get(each.name, ())))), rank=rank(each))
        for each in rows
    )


def _failure(failure: Failure) -> tuple[str, ...]:
    return (
        markdown_cell(brief(failure.name, NAME)),
        identity_cell(failure.id),
        markdown_cell(brief(failure.summary, WORDS)),
    )


def _unread(failure: Failure) -> Item:
    """A failure as a row of a plan."""
    name, identity, words = _failure(failure)
    return Item(text=table_row(("**could not be read**", name, identity, "not known", words)))
