"""Troubles as the text of an issue."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reconciler.plan.changes import Failure
from reconciler.render.change_markdown import NAME, WORDS, identity_cell
from reconciler.render.escape import markdown_cell
from reconciler.render.markdown.blocks import brief, table_head, table_row
from reconciler.render.markdown.fit import LIMIT, Item, Section, fit, pointer
from reconciler.render.troubles_words import TITLES, WHAT_TO_DO, summary
from reconciler.troubles import Trouble

_HEAD = ("Trouble", "Signature", "Id", "Details", "What to do")


def troubles_markdown(
    found: Sequence[Trouble], unread: Iterable[Failure] = (), *, limit: int = LIMIT
) -> str:
    """The whole document, with a last newline, in at most `limit` characters (8,192 or more)."""
    rows = tuple(Item(text=table_row(_cells(each)), rank=rank) for rank, each in enumerate(found))
    lost = tuple(Item(text=table_row(_unread(each))) for each in unread)
    sections = [Section(opening=f"### SMS signatures: {summary(found)}")]
    if rows:
        sections.append(Section(opening=table_head(_HEAD), items=rows))
    if lost:
        opening = f"### Could not be read\n\n{table_head(('Signature', 'What went wrong'))}"
        sections.append(Section(opening=opening, items=lost, importance=1))
    return fit(sections, limit=limit, elsewhere=pointer(None, "reconciler drift"))


def _cells(trouble: Trouble) -> tuple[str, ...]:
    return (
        f"**{TITLES[trouble.kind]}**",
        markdown_cell(brief(trouble.name, NAME)),
        identity_cell(trouble.id),
        markdown_cell(brief(trouble.detail, WORDS)) if trouble.detail else "",
        WHAT_TO_DO[trouble.kind],
    )


def _unread(failure: Failure) -> tuple[str, ...]:
    return (markdown_cell(brief(failure.name, NAME)), markdown_cell(brief(failure.summary, WORDS)))
