"""What apply did in Markdown, for the pull request whose plan it was."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.plan.outcomes import Outcome
from reconciler.render.change_markdown import IDENTITY, NAME, WORDS, identity_cell
from reconciler.render.escape import markdown_cell
from reconciler.render.markdown.blocks import brief, table_head, table_row
from reconciler.render.markdown.fit import LIMIT, Item, Section, fit, pointer
from reconciler.render.outcomes_text import UNSUCCESSFUL, outcomes_summary
from reconciler.render.reasons import explain_word

_TITLES = ("Outcome", "Signature", "Id", "Why", "Request")


def outcomes_markdown(
    outcomes: Iterable[Outcome], *, limit: int = LIMIT, artifact: str | None = None
) -> str:
    """The whole document, with a last newline, in at most `limit` characters (8,192 or more).

    Where not all rows fit, those that went well go first; `artifact` is the file or the address
    that has them all.
    """
    listed = sorted(outcomes, key=lambda each: (each.name, each.id or ""))
    head = Section(opening=f"### {outcomes_summary(listed)}")
    items = tuple(
        Item(text=table_row(_cells(each)), rank=0 if each.result in UNSUCCESSFUL else 1)
        for each in listed
    )
    rows = (Section(opening=table_head(_TITLES), items=items),) if items else ()
    return fit((head, *rows), limit=limit, elsewhere=pointer(artifact, "reconciler status"))


def _cells(outcome: Outcome) -> tuple[str, ...]:
    word = outcome.result.value
    request = outcome.request_uuid
    return (
        f"**{word}**" if outcome.result in UNSUCCESSFUL else word,
        markdown_cell(brief(outcome.name, NAME)),
        identity_cell(outcome.id),
        _why(outcome),
        "" if request is None else markdown_cell(brief(request, IDENTITY)),
    )


def _why(outcome: Outcome) -> str:
    """What was said of it, else the plan's reason in our own words."""
    words = explain_word(outcome.reason)
    if outcome.detail or words == outcome.reason:
        return markdown_cell(brief(outcome.detail or words, WORDS))
    return words
