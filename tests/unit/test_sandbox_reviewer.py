"""The sandbox's reviewer: when it decides, what it decides, and what a command does."""

from __future__ import annotations

import math

import pytest

from reconciler.errors import UsageError
from reconciler.model import ReviewStatus
from reconciler.sandbox.reviewer import DEFAULT_REASON, NEUTRAL_REASON, StoredSignature
from reconciler.sandbox.service import Service
from tests.unit.sandbox_calls import FakeClock, create, query, service, update

PENDING, REVIEWING, APPROVED, REJECTED, DISABLED = (
    ReviewStatus.PENDING,
    ReviewStatus.REVIEWING,
    ReviewStatus.APPROVED,
    ReviewStatus.REJECTED,
    ReviewStatus.DISABLED,
)


def look(sandbox: Service, id: str = "SIG1") -> StoredSignature:
    found = sandbox.store.get(id)
    assert found is not None
    return found


def test_a_submission_is_pending_then_reviewed_then_decided() -> None:
    clock = FakeClock()
    sandbox = service(review_after=10, clock=clock)
    update(sandbox)
    seen = []
    for _ in range(6):
        seen.append(look(sandbox).status)
        clock.now += 2.5
    assert seen == [PENDING, PENDING, REVIEWING, REVIEWING, APPROVED, APPROVED]


def test_a_query_says_what_the_reviewer_has_done_by_then() -> None:
    clock = FakeClock()
    sandbox = service(review_after=10, clock=clock)
    update(sandbox, SigContent="告警通知")
    clock.now += 10
    data = query(sandbox, SigContent="告警通知")["Data"]
    assert (data["Status"], data["ErrDesc"]) == (3, NEUTRAL_REASON)


@pytest.mark.parametrize(
    ("changes", "status", "reason"),
    [
        ({}, APPROVED, None),
        ({"SceneDesc": "登录"}, APPROVED, None),
        ({"SigContent": "告警通知"}, REJECTED, NEUTRAL_REASON),
        ({"SigContent": "尊敬的客户"}, REJECTED, NEUTRAL_REASON),
        ({"SceneDesc": "please sandbox:reject this"}, REJECTED, DEFAULT_REASON),
    ],
)
def test_the_verdict_can_be_foretold(
    changes: dict[str, str], status: ReviewStatus, reason: str | None
) -> None:
    sandbox = service(review_after=0)
    update(sandbox, **changes)
    created = create(sandbox, **changes)["SigId"]
    for one in (look(sandbox), look(sandbox, created)):
        assert (one.status, one.rejection) == (status, reason)


def test_without_a_time_only_commands_decide() -> None:
    clock = FakeClock()
    sandbox = service(clock=clock)
    update(sandbox)
    clock.now += 1e9
    assert look(sandbox).status is PENDING


def test_a_submission_under_review_starts_over_when_it_is_changed() -> None:
    clock = FakeClock()
    sandbox = service(review_after=10, clock=clock)
    update(sandbox)
    clock.now += 6
    assert look(sandbox).status is REVIEWING
    update(sandbox, SigContent="优刻得公司")
    assert look(sandbox).status is PENDING
    clock.now += 6
    assert look(sandbox).status is REVIEWING


def test_seeded_submissions_are_decided_too() -> None:
    clock = FakeClock()
    sandbox = service(review_after=10, clock=clock)
    clock.now += 5
    assert [look(sandbox, one).status for one in ("SIG2", "SIG3")] == [REVIEWING, APPROVED]
    clock.now += 5
    assert [one.status for one in sandbox.store.all()] == [
        REJECTED,
        APPROVED,
        APPROVED,
        APPROVED,
        DISABLED,
        APPROVED,
    ]


@pytest.mark.parametrize("status", [PENDING, REVIEWING, APPROVED, REJECTED, DISABLED])
def test_a_command_puts_a_signature_anywhere_and_it_stays(status: ReviewStatus) -> None:
    clock = FakeClock()
    sandbox = service(review_after=10, clock=clock)
    update(sandbox)
    answered = sandbox.review("SIG1", status, "原因")
    clock.now += 100
    assert look(sandbox) == answered
    assert (answered.status, answered.rejection) == (status, "原因")


def test_a_rejection_has_a_reason_in_any_case() -> None:
    assert service().review("SIG1", REJECTED).rejection == DEFAULT_REASON
    assert service().review("SIG1", APPROVED).rejection is None


def test_a_command_needs_an_id_and_a_status_of_the_service() -> None:
    with pytest.raises(UsageError, match="SIG9"):
        service().review("SIG9", APPROVED)
    with pytest.raises(UsageError, match="not-found"):
        service().review("SIG1", ReviewStatus.NOT_FOUND)


@pytest.mark.parametrize("seconds", [-1, math.nan, math.inf])
def test_a_time_that_never_comes_is_refused(seconds: float) -> None:
    with pytest.raises(UsageError, match="--review-after"):
        service(review_after=seconds)
