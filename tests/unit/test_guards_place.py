"""Records of another service or project are refused, unless that is let through."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.errors import RefusedError
from reconciler.guards import Limits, guard, place
from reconciler.model import Desired
from reconciler.plan.build import change
from reconciler.plan.changes import Change
from reconciler.plan.guarded import Guard
from reconciler.plan.pairing import Target
from tests.unit.builders import PROJECT, desired, observed, recorded
from tests.unit.guarded_plans import HERE, allowing, forgets, kept, plan, refusal


def known(want: Desired | None, **changes: str) -> Change:
    """A row with a record; without a manifest it is forgotten."""
    return change(Target(desired=want, id="SIG1", recorded=recorded(**changes)), observed())


class TestRecordsOfAnotherPlace:
    def test_another_service_is_refused_with_how_many_and_which(self) -> None:
        rows = plan(known(desired(), endpoint="https://staging.example"), kept(), *forgets(1))
        error = refusal(rows)
        assert error.summary == (
            "1 of 2 records belongs to another service (https://staging.example); the limit is 0"
        )
        assert "`state`" in error.advice
        assert "--allow other-place" in error.advice
        guard(rows, allowing(Guard.OTHER_PLACE), HERE)

    def test_another_project_is_refused_for_one_that_is_managed(self) -> None:
        rows = plan(known(desired(), project="org-other"))
        assert refusal(rows).summary == (
            "1 of 1 records belongs to another project (org-other); the limit is 0"
        )

    def test_another_project_is_refused_for_one_that_would_be_forgotten(self) -> None:
        """As when two repositories share a state by mistake."""
        rows = plan(kept(), known(None, project="org-other"))
        assert "another project (org-other)" in refusal(rows).summary
        guard(rows, Limits(max_submissions=20), replace(HERE, projects=frozenset({"org-other"})))

    def test_both_are_told_at_once(self) -> None:
        rows = plan(known(desired(), project="org-other", endpoint="https://staging.example"))
        summary = refusal(rows).summary
        assert "another service" in summary
        assert "another project" in summary

    @pytest.mark.parametrize(
        ("recorded_at", "now"),
        [
            ("https://api.ucloud.cn", "https://api.sms.ucloud.cn"),
            ("http://api.service.ucloud.cn", "https://api.ucloud-global.com/"),
            ("https://x.example/", "https://X.example"),
        ],
    )
    def test_another_address_of_the_same_service_is_fine(self, recorded_at: str, now: str) -> None:
        rows = plan(known(desired(), endpoint=recorded_at))
        here = replace(HERE, endpoint_of=lambda _: now)
        guard(rows, Limits(max_submissions=20), here)
        assert refusal(rows, here=replace(HERE, endpoint_of=lambda _: "http://127.0.0.1:1"))

    def test_each_project_has_its_own_service(self) -> None:
        rows = plan(known(desired(), endpoint="https://one.example"))
        places = {PROJECT: "https://one.example"}
        guard(rows, Limits(max_submissions=20), replace(HERE, endpoint_of=places.__getitem__))
        assert refusal(rows).summary.startswith("1 of 1 records belongs to another service")

    def test_no_project_is_the_accounts_own_one(self) -> None:
        guard(plan(known(desired(), project="")), Limits(max_submissions=20), HERE)
        guard(plan(known(desired(project=""))), Limits(max_submissions=20), HERE)
        assert refusal(plan(known(desired(project="org-x"))))


class TestThePlace:
    TARGETS = tuple(
        Target(desired=desired(f"n{n}"), id=f"SIG{n}", recorded=recorded(f"SIG{n}", name=f"n{n}"))
        for n in range(2)
    )

    def test_of_the_records_is_looked_at_before_anybody_is_asked(self) -> None:
        place(self.TARGETS, Limits(max_submissions=0), HERE)
        elsewhere = replace(HERE, endpoint_of=lambda _: "http://other.example")
        with pytest.raises(
            RefusedError, match="2 of 2 records belong to another service"
        ) as caught:
            place(self.TARGETS, Limits(max_submissions=0), elsewhere)
        assert "--allow other-place" in caught.value.advice

    def test_may_be_let_through(self) -> None:
        elsewhere = replace(HERE, endpoint_of=lambda _: "http://other.example")
        allowed = Limits(max_submissions=0, allowed=frozenset({Guard.OTHER_PLACE}))
        place(self.TARGETS, allowed, elsewhere)
