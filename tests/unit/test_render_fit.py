"""What a Markdown document leaves out to keep to its length, and what it says of the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model import ReviewStatus
from reconciler.plan.board import Health, Row
from reconciler.plan.changes import Action, Change, Failure, FieldDiff, Plan, Reason, Verdict
from reconciler.plan.outcomes import Outcome, Result
from reconciler.render.markdown.fit import Item, Section, fit, pointer
from reconciler.render.outcomes_markdown import outcomes_markdown
from reconciler.render.plan_markdown import plan_markdown
from reconciler.render.status_markdown import status_markdown
from tests.unit import render_cases
from tests.unit.builders import desired, recorded
from tests.unit.markdown_html import HOSTILE, Page

HEADER = render_cases.header({})
SMALLEST = 8_192


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
