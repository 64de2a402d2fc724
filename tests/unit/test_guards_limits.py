"""How many submissions, deletions and forgets one run may do, and what a refusal says of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from reconciler.errors import EXIT_REFUSED
from reconciler.guards import Limits, guard
from reconciler.model import ReviewStatus
from reconciler.plan.build import change
from reconciler.plan.changes import Action, Change
from reconciler.plan.pairing import Target
from tests.unit.builders import desired, observed
from tests.unit.guarded_plans import HERE, deletions, forgets, kept, plan, refusal, submissions

Rows = Callable[[int], list[Change]]

KINDS = [
    pytest.param(submissions, "submissions", id="submissions"),
    pytest.param(deletions, "deletions", id="deletions"),
    pytest.param(forgets, "forgotten records", id="forgotten"),
]


@pytest.mark.parametrize(("rows", "kind"), KINDS)
class TestTheLimit:
    def test_may_be_reached(self, rows: Rows, kind: str) -> None:
        for limit in (0, 1, 3):
            full = plan(kept(), *rows(limit))
            guard(full, Limits(max_submissions=limit), HERE)
            assert len(full.changes) == limit + 1

    def test_may_not_be_passed(self, rows: Rows, kind: str) -> None:
        for limit in (0, 1, 3):
            error = refusal(plan(kept(), *rows(limit + 1)), limit)
            assert error.summary == f"{limit + 1} {kind} are more than the limit of {limit}"
            assert f"--max-submissions {limit + 1}." in error.advice
            assert error.exit_code == EXIT_REFUSED


class TestAPlan:
    def test_that_does_nothing_is_safe(self) -> None:
        empty = plan()
        guard(empty, Limits(max_submissions=0), HERE)
        assert refusal(plan(kept(), *submissions(1)), 0).summary.startswith("1 submissions")

    def test_may_adopt_any_number(self) -> None:
        adopted = [
            change(
                Target(desired=desired(f"n{n}", content=f"第{n}号店"), id=f"SIG{n}", recorded=None),
                observed(content=f"第{n}号店"),
            )
            for n in range(30)
        ]
        guard(plan(*adopted), Limits(max_submissions=0), HERE)
        assert {each.action for each in adopted} == {Action.ADOPT}

    def test_has_submissions_deletions_and_forgets_counted_apart(self) -> None:
        rows = [kept(), *submissions(2), *deletions(2), *forgets(2)]
        guard(plan(*rows), Limits(max_submissions=2), HERE)
        summary = refusal(plan(*rows), 1).summary
        assert summary.count("2 ") == summary.count("the limit of 1") == 3

    def test_that_passes_several_limits_is_told_a_limit_that_suffices(self) -> None:
        rows = plan(kept(), *submissions(3), *deletions(5))
        advice = refusal(rows, 2).advice
        assert advice.count("--max-submissions") == 1
        assert "--max-submissions 5." in advice
        guard(rows, Limits(max_submissions=5), HERE)


def test_a_blocked_row_counts_towards_no_limit() -> None:
    blocked = [
        change(
            Target(desired=desired(f"n{n}", content=f"第{n}号店"), id=f"SIG{n}", recorded=None),
            observed(ReviewStatus.APPROVED),
        )
        for n in range(3)
    ]
    guard(plan(*blocked), Limits(max_submissions=0), HERE)
    assert {row.action for row in blocked} == {Action.BLOCKED}
