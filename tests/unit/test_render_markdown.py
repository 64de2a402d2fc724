"""The Markdown documents: no text breaks out of the place where it stands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model import Proof, ReviewStatus
from reconciler.plan.board import Health, Row
from reconciler.plan.changes import (
    Action,
    Change,
    Failure,
    FieldDiff,
    Plan,
    PlannedDocument,
    Reason,
    Verdict,
)
from reconciler.plan.outcomes import Outcome, Result
from reconciler.problems import Problem, Severity
from reconciler.render.markdown.blocks import code_lines
from reconciler.render.outcomes_markdown import outcomes_markdown
from reconciler.render.plan_markdown import plan_markdown
from reconciler.render.status_markdown import status_markdown
from tests.unit import render_cases
from tests.unit.builders import LETTER, LICENCE, desired, recorded
from tests.unit.markdown_html import HOSTILE, Page

HEADER = render_cases.header({})

Texts = Callable[[], str]


def row(texts: Texts, action: Action, reason: Reason, attention: bool, number: int) -> Change:
    """A row in which every text comes from elsewhere; `number` says which parts it has."""
    named = desired()
    before = recorded(certificate=replace(LICENCE, path=texts()), authorization=LETTER)
    proof = Proof(url=texts()) if number % 2 else replace(LICENCE, path=texts())
    return Change(
        name=texts(),
        id=texts() if number % 3 else None,
        project=texts(),
        path=texts() if number % 5 else None,
        line=2,
        verdict=Verdict(action=action, reason=reason, attention=attention),
        status=list(ReviewStatus)[number % 7],
        rejection=texts() if number % 2 else None,
        diff=(
            FieldDiff(field="content", before=texts(), after=texts()),
            FieldDiff(field="scene", before=None, after=texts()),
            FieldDiff(field="certificate", before="sha256:a", after="sha256:b"),
        )[: number % 4],
        documents=(PlannedDocument(role="authorization", proof=proof),) if number % 3 else (),
        unverifiable=("type", "documents") if number % 2 else (),
        desired=replace(named, submission=replace(named.submission, certificate=proof))  # type: ignore[type-var] # builders always have one
        if number % 4
        else None,
        recorded=before if number % 3 else None,
    )


_SHAPES = st.lists(
    st.tuples(st.sampled_from(Action), st.sampled_from(Reason), st.booleans(), st.integers(0, 100)),
    max_size=4,
)


def document(texts: Texts, shapes: list[Any], failures: int, warnings: int) -> str:
    """A plan of these shapes whose texts are `texts`, and all that belongs to it."""
    # Rows are grouped by project; the number keeps the groups apart and in order, whatever follows.
    changes = tuple(
        replace(row(texts, *shape), project=f"{number}{texts()}")
        for number, shape in enumerate(shapes)
    )
    errors = tuple(Failure(name=texts(), id=texts(), summary=texts()) for _ in range(failures))
    found = tuple(
        Problem(
            severity=Severity.WARNING,
            rule="USMS104",
            summary=texts(),
            detail="advice",
            name=texts(),
            path=texts(),
        )
        for _ in range(warnings)
    )
    own = Plan(changes=changes[::2], errors=errors[:1])
    return plan_markdown(
        own,
        replace(HEADER, project=texts(), endpoint=texts(), since="0123456789abcdef"),
        warnings={each.name: found for each in own.errors},
        artifact=texts(),
        elsewhere=Plan(changes=changes[1::2], errors=errors[1:]),
        command=f"reconciler apply --only {texts()}",
    )


def numbered() -> Texts:
    """Texts that are all different, so that no two rows are taken for one."""
    count = iter(range(10_000))
    return lambda: f"text{next(count)}"


def hostile(pieces: Sequence[str]) -> Texts:
    """As different as those, and as bad as can be."""
    count = iter(range(10_000))

    def texts() -> str:
        number = next(count)
        return f"{pieces[number % len(pieces)]}text{number}{pieces[-1 - number % len(pieces)]}"

    return texts


@given(_SHAPES, st.integers(0, 2), st.integers(0, 2), st.lists(HOSTILE, min_size=1, max_size=5))
def test_no_text_changes_the_structure_of_a_plan_or_stands_outside_of_code(
    shapes: list[Any], failures: int, warnings: int, pieces: list[str]
) -> None:
    plain = Page(document(numbered(), shapes, failures, warnings))
    odd = Page(document(hostile(pieces), shapes, failures, warnings))

    assert odd.tags == plain.tags
    assert odd.prose == plain.prose
    assert not any("text" in prose for prose in plain.prose)
    assert odd.is_balanced


_HEALTHS = st.lists(
    st.tuples(st.sampled_from(Health), st.sampled_from(ReviewStatus), st.booleans()), max_size=4
)


@given(_HEALTHS, st.lists(HOSTILE, min_size=1, max_size=5))
def test_no_text_changes_the_structure_of_a_board_or_stands_outside_of_code(
    shapes: list[Any], pieces: list[str]
) -> None:
    def board(texts: Texts) -> Page:
        rows = [
            Row(
                name=f"{number}{texts()}",
                id=texts() if has else None,
                content=texts() if has else None,
                status=status,
                health=health,
                in_sync=has,
                rejection=texts() if has else None,
                submitted_at=None,
                age_hours=None,
            )
            for number, (health, status, has) in enumerate(shapes)
        ]
        return Page(status_markdown(rows))

    plain, odd = board(numbered()), board(hostile(pieces))

    assert odd.tags == plain.tags
    assert odd.prose == plain.prose
    assert not any("text" in prose for prose in plain.prose)


_RESULTS = st.lists(st.tuples(st.sampled_from(Result), st.booleans()), max_size=4)


@given(_RESULTS, st.lists(HOSTILE, min_size=1, max_size=5))
def test_no_text_changes_the_structure_of_outcomes_or_stands_outside_of_code(
    shapes: list[Any], pieces: list[str]
) -> None:
    def done(texts: Texts) -> Page:
        outcomes = [
            Outcome(
                name=f"{number}{texts()}",
                id=texts() if has else None,
                result=result,
                reason=texts(),
                request_uuid=texts() if has else None,
                detail=texts() if has else "",
            )
            for number, (result, has) in enumerate(shapes)
        ]
        return Page(outcomes_markdown(outcomes))

    plain, odd = done(numbered()), done(hostile(pieces))

    assert odd.tags == plain.tags
    assert odd.prose == plain.prose
    assert not any("text" in prose for prose in plain.prose)


@given(st.lists(HOSTILE, max_size=4))
def test_nothing_ends_a_block_of_code_but_its_own_fence(lines: list[str]) -> None:
    page = Page(f"before\n\n{code_lines(lines, 'diff')}\n\nafter")

    assert page.prose == ["before", "\n", "\n", "after", "\n"]
    assert page.tags.count("pre") == 1
