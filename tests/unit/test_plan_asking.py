"""About whom the service is asked."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model import NOT_ASKED, Desired, Observation, Recorded, ReviewStatus
from reconciler.plan.asking import is_asked
from reconciler.plan.build import verdict
from reconciler.plan.changes import Action
from reconciler.plan.pairing import Target
from reconciler.plan.refresh import Refresh
from tests.unit.builders import desired, observed, recorded


def target(want: Desired | None, had: Recorded | None) -> Target:
    return Target(desired=want, id="SIG1", recorded=had)


def seen(status: ReviewStatus | None, **changes: str) -> Recorded:
    """A record whose signature was last seen so."""
    record = recorded("SIG1", **changes)
    if status is None:
        return record
    at = "2026-11-21T08:00:00+00:00"
    return replace(record, observation=Observation(status=status, rejection=None, at=at))


APPROVED = seen(ReviewStatus.APPROVED)


def test_all_asks_about_everything_that_has_a_manifest() -> None:
    assert is_asked(target(desired(), APPROVED), Refresh.ALL)
    assert not is_asked(target(None, APPROVED), Refresh.ALL)


def test_none_asks_about_nothing() -> None:
    assert not is_asked(target(desired(content="子丑寅卯"), None), Refresh.NONE)


def test_needed_leaves_out_what_is_unchanged_and_was_approved() -> None:
    assert not is_asked(target(desired(), APPROVED), Refresh.NEEDED)
    assert not is_asked(target(None, APPROVED), Refresh.NEEDED)


@pytest.mark.parametrize(
    "each",
    [
        target(desired(content="子丑寅卯"), APPROVED),
        target(desired(), None),
        target(desired(), seen(None)),
        target(desired(), seen(ReviewStatus.REJECTED)),
        target(desired(), seen(ReviewStatus.PENDING)),
        target(desired(), seen(ReviewStatus.DISABLED)),
        target(replace(desired(), submission=None, absent=True), APPROVED),
    ],
    ids=["changed", "unrecorded", "never seen", "rejected", "pending", "disabled", "tombstone"],
)
def test_needed_asks_about_the_rest(each: Target) -> None:
    assert is_asked(each, Refresh.NEEDED)


@given(st.sampled_from(ReviewStatus), st.sampled_from(["甲乙丙丁", "子丑寅卯"]))
def test_what_needed_does_not_ask_about_is_never_sent_and_only_lost_approvals_could_be(
    status: ReviewStatus, content: str
) -> None:
    """The rows that the help of `--refresh` names, and no others."""
    unasked = target(desired(), APPROVED)
    assert verdict(unasked, NOT_ASKED).action is Action.NO_OP
    asked = verdict(unasked, observed(status, content=content))
    if status in (ReviewStatus.APPROVED, ReviewStatus.DISABLED, ReviewStatus.NOT_FOUND):
        assert asked.action is Action.NO_OP
        assert asked.reason.value in {"in_sync", "drifted", "disabled", "not_found"}
    elif asked.action is not Action.NO_OP:
        assert asked.reason.value == "drifted"
