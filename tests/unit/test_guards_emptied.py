"""A repository without a manifest forgets no record, unless that is let through."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.errors import RefusedError
from reconciler.guards import Limits, guard
from reconciler.plan.build import change
from reconciler.plan.changes import Action
from reconciler.plan.guarded import Guard
from reconciler.plan.pairing import Target
from tests.unit.builders import NOT_FOUND, desired, recorded
from tests.unit.guarded_plans import HERE, allowing, forgets, plan, refusal

EMPTY = replace(HERE, manifests=0)


class TestAnEmptiedRepository:
    def test_is_refused_with_the_number_of_records_it_would_forget(self) -> None:
        error = refusal(plan(*forgets(1)), here=EMPTY)
        assert error.summary == (
            "there is no manifest, but the state has 1 record; "
            "the limit for forgetting everything is 0"
        )
        assert "--root" in error.advice
        assert "--allow empty" in error.advice

    def test_is_refused_whatever_the_limit(self) -> None:
        error = refusal(plan(*forgets(3)), 2, here=EMPTY)
        assert "more than the limit of 2" in error.summary
        assert "the state has 3 records" in error.summary
        assert "--max-submissions 3." in error.advice
        assert "--root" in error.advice
        assert "no manifest" in refusal(plan(*forgets(3)), 3, here=EMPTY).summary

    def test_may_be_meant(self) -> None:
        guard(plan(*forgets(3)), allowing(Guard.EMPTY), EMPTY)
        with pytest.raises(RefusedError, match="limit of 2"):
            guard(plan(*forgets(3)), allowing(Guard.EMPTY, most=2), EMPTY)

    def test_is_none_while_one_manifest_is_left_even_one_that_this_plan_is_not_about(self) -> None:
        """As with `--only`, or where it could not be asked about."""
        rows = plan(*forgets(2))
        guard(rows, Limits(max_submissions=20), HERE)
        assert rows.summary["forget"] == 2

    def test_is_none_where_there_is_nothing_to_forget(self) -> None:
        guard(plan(), Limits(max_submissions=0), EMPTY)
        assert refusal(plan(*forgets(1)), here=EMPTY)

    def test_is_none_where_a_tombstone_lets_the_last_record_go(self) -> None:
        """It is gone at the service, and a manifest says that it should be."""
        tombstone = replace(desired(absent=True), submission=None)
        done = change(Target(desired=tombstone, id="SIG1", recorded=recorded()), NOT_FOUND)
        guard(plan(done), Limits(max_submissions=20), HERE)
        assert done.action is Action.FORGET
