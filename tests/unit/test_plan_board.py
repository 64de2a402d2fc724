"""The status board, and what is remembered of what was seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from reconciler.model import (
    NOT_ASKED,
    Desired,
    Observation,
    Observed,
    Origin,
    Recorded,
    ReviewStatus,
)
from reconciler.plan.board import Health, Row, board, health, observations, summarise
from reconciler.plan.build import change
from reconciler.plan.changes import Action, Failure, Plan
from reconciler.plan.pairing import Target
from tests.unit.builders import NOT_FOUND, desired, observed, recorded

NOW = datetime(2026, 11, 20, 18, 30, tzinfo=UTC)  # ten and a half hours after `recorded` was made


def plan(*rows: tuple[Desired | None, Recorded | None, Observed]) -> Plan:
    made = []
    for want, had, seen in rows:
        known = had.id if had is not None else next(iter(want.ids if want else ()), None)
        made.append(change(Target(desired=want, id=known, recorded=had), seen))
    return Plan(changes=tuple(made), errors=())


def one(want: Desired | None, had: Recorded | None, seen: Observed) -> Row:
    (row,) = board(plan((want, had, seen)), NOW)
    return row


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (ReviewStatus.PENDING, Health.PROGRESSING),
        (ReviewStatus.REVIEWING, Health.PROGRESSING),
        (ReviewStatus.APPROVED, Health.HEALTHY),
        (ReviewStatus.REJECTED, Health.DEGRADED),
        (ReviewStatus.DISABLED, Health.DEGRADED),
        (ReviewStatus.NOT_FOUND, Health.MISSING),
        (ReviewStatus.UNKNOWN, Health.UNKNOWN),
    ],
)
def test_every_status_has_a_health_unless_suspended(status: ReviewStatus, expected: Health) -> None:
    assert health(status, suspended=False) is expected
    assert health(status, suspended=True) is Health.SUSPENDED


class TestARow:
    def test_says_where_the_reviewer_stands_and_for_how_long(self) -> None:
        seen = observed(ReviewStatus.REJECTED, rejection="公司名称不符")
        assert one(desired(), recorded(), seen) == Row(
            name="shop",
            id="SIG1",
            content="甲乙丙丁",
            status=ReviewStatus.REJECTED,
            health=Health.DEGRADED,
            in_sync=True,
            rejection="公司名称不符",
            submitted_at="2026-11-20T08:00:00+00:00",
            age_hours=10.5,
        )

    @pytest.mark.parametrize("status", [ReviewStatus.PENDING, ReviewStatus.REVIEWING])
    def test_that_waits_for_a_reviewer_counts_his_working_hours(self, status: ReviewStatus) -> None:
        """Submitted on a Friday at 16:00 in Beijing, looked at on the Monday after at 10:00."""
        (row,) = board(
            plan((desired(), recorded(), observed(status))), datetime(2026, 11, 23, 2, tzinfo=UTC)
        )
        assert row.waited_hours == 3.0

    def test_that_waits_for_nobody_counts_nothing(self) -> None:
        assert one(desired(), recorded(), observed(ReviewStatus.APPROVED)).waited_hours is None
        assert one(desired(), None, observed()).waited_hours is None

    def test_is_not_in_sync_when_the_manifest_changed(self) -> None:
        assert one(desired(content="子丑寅卯"), recorded(), observed()).in_sync is False

    def test_is_not_in_sync_when_the_service_drifted(self) -> None:
        assert one(desired(), recorded(), observed(content="子丑寅卯")).in_sync is False

    def test_is_not_in_sync_when_it_was_never_recorded(self) -> None:
        row = one(desired(), None, observed())
        assert (row.in_sync, row.submitted_at, row.age_hours) == (False, None, None)

    def test_cannot_say_whether_it_is_in_sync_when_the_service_was_not_asked(self) -> None:
        row = one(desired(), recorded(), NOT_ASKED)
        assert (row.in_sync, row.health) == (None, Health.UNKNOWN)

    def test_of_an_adopted_one_has_no_time_of_submission(self) -> None:
        row = one(desired(), recorded(origin=Origin.ADOPTED), observed())
        assert (row.submitted_at, row.age_hours) == (None, None)

    def test_of_a_record_from_the_future_is_not_negatively_old(self) -> None:
        """Clocks jump."""
        (row,) = board(plan((desired(), recorded(), observed())), NOW - timedelta(days=1))
        assert row.age_hours == 0.0

    def test_of_a_suspended_one_is_suspended(self) -> None:
        assert one(desired(suspend=True), recorded(), observed()).health is Health.SUSPENDED


class TestTheBoard:
    def test_leaves_out_records_without_a_manifest(self) -> None:
        assert board(plan((None, recorded(), NOT_ASKED)), NOW) == ()

    def test_shows_what_nobody_could_read_as_unknown_in_its_place(self) -> None:
        failed = (
            Failure(name="a", id="SIG9", summary="no answer"),
            Failure(name="z", id=None, summary="no answer"),
        )
        rows = board(replace(plan((desired(), recorded(), observed())), errors=failed), NOW)
        assert [(row.name, row.id, row.health) for row in rows] == [
            ("a", "SIG9", Health.UNKNOWN),
            ("shop", "SIG1", Health.PROGRESSING),
            ("z", None, Health.UNKNOWN),
        ]
        assert rows[0].in_sync is None

    def test_is_summed_up_with_every_health_named(self) -> None:
        rows = board(plan((desired(), recorded(), observed())), NOW)
        assert summarise(rows) == {
            "Healthy": 0,
            "Progressing": 1,
            "Degraded": 0,
            "Suspended": 0,
            "Missing": 0,
            "Unknown": 0,
        }


class TestWhatIsRemembered:
    seen = Observation(status=ReviewStatus.PENDING, rejection=None, at="2026-11-20T09:00:00+00:00")

    def test_is_the_status_with_the_time_and_nothing_else_of_the_record(self) -> None:
        answer = observed(ReviewStatus.REJECTED, rejection="公司名称不符", content="子丑寅卯")
        (kept,) = observations(plan((desired(), recorded(), answer)), NOW)
        assert kept.observation == Observation(
            status=ReviewStatus.REJECTED,
            rejection="公司名称不符",
            at="2026-11-20T18:30:00+00:00",
        )
        assert replace(kept, observation=None) == recorded()

    def test_is_nothing_where_nothing_is_new(self) -> None:
        had = replace(recorded(), observation=self.seen)
        assert observations(plan((desired(), had, observed())), NOW) == ()

    @pytest.mark.parametrize(
        "answer",
        [observed(ReviewStatus.REVIEWING), observed(rejection="公司名称不符"), NOT_FOUND],
        ids=["status", "reason", "gone"],
    )
    def test_is_any_new_status_or_reason(self, answer: Observed) -> None:
        had = replace(recorded(), observation=self.seen)
        assert len(observations(plan((desired(), had, answer)), NOW)) == 1

    @pytest.mark.parametrize(
        ("want", "had", "answer"),
        [
            (desired(), recorded(), NOT_ASKED),
            (desired(), None, observed()),
            (None, recorded(), NOT_ASKED),
        ],
        ids=["not asked", "no record", "no manifest"],
    )
    def test_is_nothing_where_there_is_no_answer_or_no_record(
        self, want: Desired | None, had: Recorded | None, answer: Observed
    ) -> None:
        assert observations(plan((want, had, answer)), NOW) == ()


def test_a_deleted_record_is_no_row_of_the_board() -> None:
    gone = plan((desired(absent=True), recorded(), NOT_FOUND))
    assert gone.changes[0].action is Action.FORGET
    assert board(gone, NOW) == ()
