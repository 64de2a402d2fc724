"""The Markdown documents: no text breaks out, and no length is exceeded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
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
from reconciler.render.markdown.fit import Item, Section, fit, pointer
from reconciler.render.outcomes_markdown import outcomes_markdown
from reconciler.render.plan_markdown import plan_markdown
from reconciler.render.status_markdown import status_markdown
from tests.unit import render_cases
from tests.unit.builders import LETTER, LICENCE, desired, recorded
from tests.unit.markdown_html import Page

HEADER = render_cases.header({})
SMALLEST = 8_192

_PIECES = [
    "`", "``", "```", "~~~", "|", "\\", "\\|", "\n", "\n\n", "\r", "  ", "\t", "<", ">", "&amp;",
    "</details>", "</summary>", "<details>", "</code>", "<script>", "<!--", "-->", "<br>",
    "![CDATA[", "@octocat", "#1", "GH-1", "https://evil.example", "www.evil.example",
    "a@evil.example", "[x](https://evil.example)", "![x](y)", "**", "__", "*", "_", "~~", "- ",
    "+ ", "# ", "> ", "1. ", "---", "===", "    ", ":tada:", "$x$", "\x1b[31m", "\u202e", "\u2028",
    "优刻得", "【】", "a",
]  # fmt: skip
HOSTILE = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=6).map("".join)
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
    changes = tuple(row(texts, *shape) for shape in shapes)
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


def big(number: int, **more: Any) -> Change:
    """A row with a diff."""
    fields: dict[str, Any] = {
        "name": f"retail/brand-{number:04}",
        "id": f"SIG{number}",
        "project": "org-tests",
        "path": f"signatures/retail/brand-{number:04}.yaml",
        "line": 2,
        "verdict": Verdict(action=Action.RESUBMIT, reason=Reason.CHANGED),
        "status": ReviewStatus.REJECTED,
        "rejection": "不清晰" * 100,
        "diff": (FieldDiff(field="scene", before="a" * 900, after="b" * (number % 900)),),
        "documents": (),
        "unverifiable": ("type",),
        "desired": desired(),
        "recorded": recorded(),
    }
    return Change(**{**fields, **more})


@given(
    st.integers(0, 60),
    st.integers(0, 30),
    st.integers(0, 30),
    st.integers(SMALLEST, 40_000),
    HOSTILE,
)
def test_a_plan_keeps_to_its_limit_and_leaves_nothing_open(
    rows: int, failures: int, warnings: int, limit: int, text: str
) -> None:
    errors = tuple(Failure(name=f"e{n}", id=None, summary=text * 20) for n in range(failures))
    found = tuple(render_cases.problems([_warning(text * 50)] * warnings))
    changes = tuple(big(n, rejection=text * 40) for n in range(rows))
    made = plan_markdown(
        Plan(changes=changes[:40], errors=errors),
        HEADER,
        warnings={"retail/brand-0000": found},
        limit=limit,
        artifact="plan.json",
        elsewhere=Plan(changes=changes[40:], errors=errors),
    )

    assert len(made) <= limit
    assert Page(made).is_balanced
    assert made.endswith(("```\n", "`\n"))


def _warning(text: str) -> dict[str, Any]:
    return {"severity": "warning", "rule": "USMS104", "summary": text, "path": text}


def test_whatever_the_size_a_plan_fits_a_comment() -> None:
    changes = tuple(big(number) for number in range(2_000))
    made = plan_markdown(Plan(changes=changes, errors=()), HEADER, artifact="plan.json")

    assert 60_000 < len(made) <= 65_536
    assert "### Plan: 2000 to resubmit" in made
    assert "more rows left out for length:* `plan.json` has everything." in made
    assert "*2000 more diffs left out for length:* `plan.json` has everything." in made
    assert "reconciler apply --fingerprint" in made
    assert Page(made).is_balanced


def test_what_fits_is_never_cut() -> None:
    made = plan_markdown(Plan(changes=(big(1),), errors=()), HEADER)

    assert plan_markdown(Plan(changes=(big(1),), errors=()), HEADER, limit=len(made)) == made


def test_the_longest_diff_is_the_first_that_is_left_out() -> None:
    texts = ["c" * 200, "b" * 3000, "c" * 210]
    changes = tuple(
        big(n, rejection=None, diff=(FieldDiff(field="scene", before=None, after=text),))
        for n, text in enumerate(texts)
    )
    whole = plan_markdown(Plan(changes=changes, errors=()), HEADER)
    made = plan_markdown(Plan(changes=changes, errors=()), HEADER, limit=len(whole) - 1)

    assert [text[0] * 200 in made for text in texts] == [True, False, True]
    assert "*1 more diff left out for length:* `reconciler plan` has everything." in made


def test_a_deletion_is_the_last_row_that_is_left_out() -> None:
    deletion = Verdict(action=Action.DELETE, reason=Reason.ABSENT)
    changes = (*(big(number) for number in range(100)), big(999, verdict=deletion))
    made = plan_markdown(Plan(changes=changes, errors=()), HEADER, limit=SMALLEST)

    assert "| **delete** | `retail/brand-0999` |" in made
    assert "`retail/brand-0099`" not in made


def test_the_least_important_section_is_cut_first_wherever_it_stands() -> None:
    sections = [
        Section(opening=str(n), items=(Item(text="x" * 200),), importance=n) for n in (2, 1)
    ]
    made = fit(sections, limit=300, elsewhere="there")

    assert made == f"2\n\n*1 more row left out for length:* there.\n\n1\n{'x' * 200}\n"


def test_what_a_change_does_not_touch_is_folded_apart_and_counted_apart() -> None:
    idle = big(3, verdict=Verdict(action=Action.NO_OP, reason=Reason.IN_SYNC))
    drift = Verdict(action=Action.NO_OP, reason=Reason.DRIFTED, attention=True)
    elsewhere = Plan(changes=(big(2, verdict=drift), idle), errors=())
    made = plan_markdown(Plan(changes=(big(1),), errors=()), HEADER, elsewhere=elsewhere)
    before, after = made.split("<summary>Not touched by this change: nothing to do, 2 unchanged")

    assert made.startswith("### Plan: 1 to resubmit\n")
    assert big(2).name not in before
    assert big(2).name in after
    assert idle.name not in made


def test_nothing_elsewhere_is_not_mentioned() -> None:
    idle = big(3, verdict=Verdict(action=Action.NO_OP, reason=Reason.IN_SYNC))
    elsewhere = Plan(changes=(idle,), errors=())

    assert "Not touched" not in plan_markdown(elsewhere, HEADER, elsewhere=elsewhere)


def test_a_changed_manifest_is_listed_even_if_nothing_is_to_be_done() -> None:
    verdict = Verdict(action=Action.NO_OP, reason=Reason.IN_SYNC)
    idle = big(1, verdict=verdict, diff=(), unverifiable=())
    plan = Plan(changes=(idle,), errors=())

    assert idle.name not in plan_markdown(plan, HEADER)
    assert idle.name in plan_markdown(plan, replace(HEADER, since="0123456789abcdef"))


def test_warnings_about_signatures_that_are_no_part_of_the_plan_are_not_shown() -> None:
    found = render_cases.problems([_warning("neutral")])
    made = plan_markdown(
        Plan(changes=(big(1),), errors=()), HEADER, warnings={"a": found, big(1).name: found}
    )

    assert made.count("warning[USMS104]") == 1


def test_a_command_too_long_to_be_shown_is_described() -> None:
    made = plan_markdown(
        Plan(changes=(big(1),), errors=()), HEADER, command="reconciler apply --only " + "x" * 2000
    )

    assert "To apply exactly this, give the same names and the fingerprint." in made


def test_a_row_of_another_project_says_so_and_one_without_manifest_too() -> None:
    diff = (FieldDiff(field="scene", before="codes", after=None),)
    gone = big(1, project="org-other", path=None)
    there = big(2, project="org-other")
    here = big(3, path=None, diff=diff)
    made = plan_markdown(Plan(changes=(gone, there, here), errors=()), HEADER)

    assert '</summary>\n\n```diff\n- scene: "codes"\n```\n' in made
    assert "Recorded in the project `org-other`" in made
    assert f"Manifest `{there.path}` in the project `org-other`" in made


@pytest.mark.parametrize(
    ("artifact", "words"),
    [
        (None, "`reconciler plan` has everything"),
        ("x" * 300, "`reconciler plan` has everything"),
        ("plan.json", "`plan.json` has everything"),
        ("https://ci.example/7?a=b", "[the artifact](https://ci.example/7?a=b) has everything"),
        ("https://ci.example/7)", "`https://ci.example/7)` has everything"),
        ("http://ci.example/7", "`http://ci.example/7` has everything"),
    ],
)
def test_the_pointer_is_a_link_only_where_it_needs_no_escape(
    artifact: str | None, words: str
) -> None:
    assert pointer(artifact, "reconciler plan") == words


@pytest.mark.parametrize(
    ("limit", "shown"), [(8_192, ["Degraded", "Progressing"]), (65_536, ["Degraded", "Healthy"])]
)
def test_on_a_board_cut_to_length_the_healthy_go_first(limit: int, shown: list[str]) -> None:
    healths = [Health.HEALTHY] * 99 + [Health.PROGRESSING] * 30 + [Health.DEGRADED] * 9
    rows = [
        Row(
            name=f"{number:03}",
            id=None,
            content="优" * 60,
            status=ReviewStatus.APPROVED,
            health=health,
            in_sync=True,
            rejection=None,
            submitted_at=None,
            age_hours=None,
        )
        for number, health in enumerate(healths)
    ]
    made = status_markdown(rows, limit=limit, artifact="status.json")

    assert len(made) <= limit
    assert all(f"| {word} |" in made or f"| **{word}** |" in made for word in shown)
    assert made.count("**Degraded**") == 9


def test_of_outcomes_cut_to_length_those_that_went_well_go_first() -> None:
    outcomes = [
        Outcome(
            name=f"{number:03}",
            id=None,
            result=Result.FAILED if number % 2 else Result.SUBMITTED,
            reason="changed",
            detail="x" * 150,
        )
        for number in range(60)
    ]
    made = outcomes_markdown(outcomes, limit=SMALLEST, artifact="apply.json")

    assert made.count("**failed**") == 30
    assert made.count("| submitted |") < 30
    assert made.endswith("left out for length:* `apply.json` has everything.\n")
