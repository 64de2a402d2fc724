"""A plan that is not the one that was reviewed is refused, with what is different."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.errors import RefusedError
from reconciler.guards import stale
from reconciler.plan.staleness import row_of
from tests.unit.guarded_plans import forgets, kept, plan, submissions


class TestAStalePlan:
    def test_is_refused_naming_both(self) -> None:
        now = plan(*submissions(1))
        with pytest.raises(RefusedError) as caught:
            stale(now, "ab" * 32)
        assert ("ab" * 32)[:12] in caught.value.summary
        assert now.fingerprint[:12] in caught.value.summary
        assert "reconciler plan" in caught.value.advice

    def test_is_one_that_would_do_anything_else(self) -> None:
        reviewed = plan(*submissions(2)).fingerprint
        stale(plan(*submissions(2), *forgets(1)), reviewed)
        for other in (plan(), plan(*submissions(1)), plan(*submissions(3))):
            with pytest.raises(RefusedError):
                stale(other, reviewed)

    def test_is_refused_with_what_is_different_row_by_row(self) -> None:
        with pytest.raises(RefusedError) as caught:
            stale(plan(*submissions(2)), "ab" * 32, [row_of(each) for each in submissions(1)])
        first, *others = caught.value.summary.splitlines()
        assert first.startswith("the plan is stale: ")
        assert others == [
            "  s1 (SIG1): nothing was reviewed; now resubmit (content_differs)",
        ]

    def test_is_refused_with_all_that_would_be_done_where_nobody_has_its_rows(self) -> None:
        with pytest.raises(RefusedError) as caught:
            stale(plan(*submissions(2), *forgets(1)), "ab" * 32)
        assert caught.value.summary.splitlines()[1:] == [
            "  now: create s0 (no id): new",
            "  now: resubmit s1 (SIG1): content_differs",
        ]
        with pytest.raises(RefusedError, match=r"\n  now: nothing is left to send$"):
            stale(plan(kept()), "ab" * 32)

    def test_is_told_in_twenty_lines_at_most(self) -> None:
        with pytest.raises(RefusedError) as caught:
            stale(plan(), "ab" * 32, [row_of(each) for each in submissions(30)])
        assert len(caught.value.summary.splitlines()) == 22
        assert caught.value.summary.endswith("  and 10 more")

    def test_is_refused_even_when_nobody_can_see_the_difference(self) -> None:
        rows = submissions(2)
        with pytest.raises(RefusedError, match="something that a plan does not show"):
            stale(plan(*rows), "ab" * 32, [row_of(each) for each in rows])

    def test_is_one_whose_fingerprint_is_the_same_but_that_writes_elsewhere(self) -> None:
        now = plan(*submissions(2))
        stale(now, now.fingerprint, [row_of(each) for each in now.changes])
        moved = [replace(row_of(each), project="org-other") for each in now.changes]
        with pytest.raises(RefusedError) as caught:
            stale(now, now.fingerprint, moved)
        first, *others = caught.value.summary.splitlines()
        assert first == "the plan is stale: something else than was reviewed would be done"
        assert len(others) == 2

    @pytest.mark.parametrize("given", ["", "4f53cda1", "x" * 64])
    def test_is_never_let_through_by_a_part_of_the_fingerprint(self, given: str) -> None:
        assert plan().fingerprint.startswith("4f53cda1")
        with pytest.raises(RefusedError):
            stale(plan(), given)
