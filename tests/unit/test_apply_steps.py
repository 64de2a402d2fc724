"""One job at a time: look again, send, and say what has to be recorded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from reconciler.apply.step import Step
from reconciler.apply.steps import Steps
from reconciler.errors import (
    DocumentChangedError,
    HopelessError,
    InterruptError,
    NoAnswerError,
    RejectedRequestError,
    ServiceError,
)
from reconciler.model import (
    NOT_ASKED,
    Desired,
    Observation,
    Observed,
    Origin,
    Recorded,
    ReviewStatus,
    SignatureType,
)
from reconciler.plan.build import change
from reconciler.plan.changes import Action, Change, Reason, Verdict
from reconciler.plan.outcomes import Result
from reconciler.plan.pairing import Target
from tests.unit.builders import NOT_FOUND, PROJECT, desired, observed, recorded
from tests.unit.engine import CONTEXT, PATIENCE
from tests.unit.fakes import FakeService, FakeStore, Point, Remote, failing

NEW = "子丑寅卯"


def row(
    want: Desired | None, id: str | None, seen: Observed, had: Recorded | None = None
) -> Change:
    return change(Target(desired=want, id=id, recorded=had), seen)


def edits(*ids: str) -> list[Change]:
    """One manifest whose content was edited, planned while its ids were pending."""
    want = desired(ids=ids, content=NEW)
    return [row(want, each, observed(id=each), recorded(each)) for each in ids]


def remotes(statuses: Mapping[str, ReviewStatus]) -> dict[str, Remote]:
    return {
        each: Remote(project=PROJECT, content="甲乙丙丁", status=status)
        for each, status in statuses.items()
    }


def pending(*ids: str) -> dict[str, Remote]:
    return remotes(dict.fromkeys(ids, ReviewStatus.PENDING))


def take(service: FakeService, job: list[Change]) -> Step:
    return Steps(service, CONTEXT, FakeStore(), PATIENCE).take(job)


def results(step: Step) -> list[tuple[str | None, Result, str]]:
    return [(each.id, each.result, each.reason) for each in step.outcomes]


class TestAResubmission:
    def test_is_sent_and_everything_about_it_is_to_be_recorded(self) -> None:
        service = FakeService(pending("SIG1"))
        step = take(service, edits("SIG1"))
        want = edits("SIG1")[0].desired
        assert want is not None
        assert want.submission is not None
        assert step.records == (
            Recorded(
                id="SIG1",
                name="shop",
                project=PROJECT,
                endpoint="http://service.example",
                submission=want.submission,
                origin=Origin.SUBMITTED,
                at="2026-11-22T08:30:00+00:00",
                request_uuid="uuid-1",
                head="c0ffee",
                tool_version="0.1.0",
            ),
        )
        (outcome,) = step.outcomes
        assert (outcome.name, outcome.id, outcome.result) == ("shop", "SIG1", Result.SUBMITTED)
        assert (outcome.reason, outcome.request_uuid, outcome.detail) == ("changed", "uuid-1", "")
        assert (step.error, step.forgotten) == (None, ())
        assert service.remotes["SIG1"].content == NEW

    def test_of_a_list_of_ids_goes_out_in_one_request(self) -> None:
        service = FakeService(pending("SIG1", "SIG2", "SIG3"))
        step = take(service, edits("SIG1", "SIG2", "SIG3"))
        assert service.writes == [("resubmit", ("SIG1", "SIG2", "SIG3"))]
        assert [record.id for record in step.records] == ["SIG1", "SIG2", "SIG3"]
        assert {outcome.request_uuid for outcome in step.outcomes} == {"uuid-1"}

    def test_is_preceded_by_a_query_for_every_id(self) -> None:
        service = FakeService(pending("SIG1", "SIG2"))
        take(service, edits("SIG1", "SIG2"))
        assert service.asked == ["SIG1", "SIG2"]

    @pytest.mark.parametrize(
        ("status", "reason"),
        [
            (ReviewStatus.APPROVED, "approved_immutable"),
            (ReviewStatus.DISABLED, "disabled"),
        ],
    )
    def test_is_skipped_when_it_can_no_longer_be_edited_and_said_so(
        self, status: ReviewStatus, reason: str
    ) -> None:
        service = FakeService(remotes({"SIG1": status}))
        step = take(service, edits("SIG1"))
        assert service.writes == []
        assert results(step) == [("SIG1", Result.SKIPPED, reason)]
        assert f"the service says {status.value} now" in step.outcomes[0].detail
        assert step.records == ()

    def test_is_skipped_when_the_service_has_forgotten_it(self) -> None:
        service = FakeService()
        step = take(service, edits("SIG1"))
        assert results(step) == [("SIG1", Result.SKIPPED, "not_found")]
        assert "the service says not found now" in step.outcomes[0].detail

    def test_is_skipped_when_somebody_made_the_same_edit_meanwhile(self) -> None:
        service = FakeService(pending("SIG1"))
        service.remotes["SIG1"].content = NEW
        assert results(take(service, edits("SIG1"))) == [("SIG1", Result.SKIPPED, "caught_up")]
        assert service.writes == []

    def test_goes_on_when_only_the_reason_for_it_has_changed(self) -> None:
        service = FakeService(remotes({"SIG1": ReviewStatus.REJECTED}))
        assert [each.result for each in take(service, edits("SIG1")).outcomes] == [Result.SUBMITTED]

    def test_of_a_list_skips_one_and_sends_the_others_together(self) -> None:
        statuses = dict.fromkeys(("SIG1", "SIG2", "SIG3"), ReviewStatus.PENDING)
        service = FakeService(remotes(statuses | {"SIG2": ReviewStatus.APPROVED}))
        step = take(service, edits("SIG1", "SIG2", "SIG3"))
        assert service.writes == [("resubmit", ("SIG1", "SIG3"))]
        assert results(step) == [
            ("SIG2", Result.SKIPPED, "approved_immutable"),
            ("SIG1", Result.SUBMITTED, "changed"),
            ("SIG3", Result.SUBMITTED, "changed"),
        ]


class TestAQueryBeforeAWrite:
    @pytest.mark.parametrize(
        "error",
        [
            RejectedRequestError("no such id", code=18016, request_uuid="u-7"),
            NoAnswerError("no answer came", accepted=None, request_uuid="u-7"),
        ],
        ids=["refused", "unanswered"],
    )
    def test_that_fails_fails_its_signature_and_nothing_is_sent(self, error: ServiceError) -> None:
        """Whatever became of the query: nothing was sent, so nothing is unknown."""
        service = FakeService(pending("SIG1"), script=failing({(Point.ASK, "SIG1"): error}))
        step = take(service, edits("SIG1"))
        (outcome,) = step.outcomes
        assert (outcome.result, outcome.detail) == (Result.FAILED, error.summary)
        assert outcome.request_uuid == "u-7"
        assert (service.writes, step.records) == ([], ())

    def test_that_fails_for_one_id_of_a_list_leaves_the_others_alone(self) -> None:
        error = RejectedRequestError("no such id", code=18016)
        service = FakeService(pending("SIG1", "SIG2"), script=failing({(Point.ASK, "SIG1"): error}))
        step = take(service, edits("SIG1", "SIG2"))
        assert service.writes == [("resubmit", ("SIG2",))]
        assert results(step) == [
            ("SIG1", Result.FAILED, "changed"),
            ("SIG2", Result.SUBMITTED, "changed"),
        ]

    def test_that_is_hopeless_ends_the_job_and_says_so_upwards(self) -> None:
        error = HopelessError("no permission", accepted=None)
        service = FakeService(pending("SIG1", "SIG2"), script=failing({(Point.ASK, "SIG2"): error}))
        step = take(service, edits("SIG1", "SIG2"))
        assert step.error is error
        assert service.writes == []
        assert [each.result for each in step.outcomes] == [Result.FAILED, Result.FAILED]

    def test_that_is_interrupted_interrupts_the_job(self) -> None:
        error = InterruptError("stopped")
        service = FakeService(pending("SIG1"), script=failing({(Point.ASK, "SIG1"): error}))
        with pytest.raises(InterruptError):
            take(service, edits("SIG1"))
        assert service.writes == []


class TestAWrite:
    def test_that_was_refused_has_failed(self) -> None:
        error = RejectedRequestError("format", code=18002, request_uuid="u-9")
        service = FakeService(pending("SIG1"), script=failing({(Point.SEND, "SIG1"): error}))
        step = take(service, edits("SIG1"))
        (outcome,) = step.outcomes
        assert (outcome.result, outcome.detail, outcome.request_uuid) == (
            Result.FAILED,
            "format",
            "u-9",
        )
        assert (step.records, step.error) == ((), error)

    def test_that_was_abandoned_unsigned_has_failed(self) -> None:
        error = DocumentChangedError("the licence changed")
        service = FakeService(pending("SIG1"), script=failing({(Point.SEND, "SIG1"): error}))
        assert results(take(service, edits("SIG1"))) == [("SIG1", Result.FAILED, "changed")]

    def test_without_an_answer_is_unknown_and_not_recorded(self) -> None:
        """Nobody can know: the next plan asks the service, and decides anew."""
        error = NoAnswerError("cut off", accepted=None, request_uuid="u-9")
        service = FakeService(
            pending("SIG1", "SIG2"), script=failing({(Point.ANSWER, "SIG1,SIG2"): error})
        )
        step = take(service, edits("SIG1", "SIG2"))
        assert results(step) == [
            ("SIG1", Result.UNKNOWN, "changed"),
            ("SIG2", Result.UNKNOWN, "changed"),
        ]
        assert {each.request_uuid for each in step.outcomes} == {"u-9"}
        assert step.records == ()
        assert service.writes

    def test_that_fails_still_tells_which_were_skipped(self) -> None:
        error = RejectedRequestError("format", code=18002)
        statuses = {"SIG1": ReviewStatus.APPROVED, "SIG2": ReviewStatus.PENDING}
        service = FakeService(remotes(statuses), script=failing({(Point.SEND, "SIG2"): error}))
        assert results(take(service, edits("SIG1", "SIG2"))) == [
            ("SIG1", Result.SKIPPED, "approved_immutable"),
            ("SIG2", Result.FAILED, "changed"),
        ]

    def test_that_is_hopeless_says_so_upwards(self) -> None:
        error = HopelessError("no such project")
        service = FakeService(pending("SIG1"), script=failing({(Point.SEND, "SIG1"): error}))
        assert take(service, edits("SIG1")).error is error

    def test_that_is_interrupted_interrupts_the_job(self) -> None:
        error = InterruptError("stopped")
        service = FakeService(pending("SIG1"), script=failing({(Point.SEND, "SIG1"): error}))
        with pytest.raises(InterruptError):
            take(service, edits("SIG1"))


class TestAnApplication:
    job = (row(desired(ids=()), None, NOT_FOUND),)

    def test_is_recorded_under_the_id_it_was_given(self) -> None:
        service = FakeService()
        step = take(service, list(self.job))
        assert service.asked == ["甲乙丙丁"]
        assert service.writes == [("create", ("NEW0",))]
        assert results(step) == [("NEW0", Result.CREATED, "new")]
        (record,) = step.records
        assert (record.id, record.origin, record.request_uuid) == (
            "NEW0",
            Origin.CREATED,
            "uuid-1",
        )

    @pytest.mark.parametrize(
        "status", sorted(set(ReviewStatus) - {ReviewStatus.NOT_FOUND, ReviewStatus.UNKNOWN})
    )
    def test_is_not_made_when_the_content_turned_up_meanwhile(self, status: ReviewStatus) -> None:
        """Create is not idempotent: a lost answer must never lead to a second signature."""
        service = FakeService(remotes({"SIG7": status}))
        step = take(service, list(self.job))
        assert service.writes == []
        assert step.records == ()
        assert [each.result for each in step.outcomes] == [Result.SKIPPED]


class TestAnAdoption:
    def test_touches_nothing_and_records_what_was_seen(self) -> None:
        service = FakeService()
        seen = observed(ReviewStatus.APPROVED)
        step = take(service, [row(desired(), "SIG1", seen)])
        (record,) = step.records
        assert (record.origin, record.request_uuid) == (Origin.ADOPTED, None)
        assert record.observation == Observation(
            status=ReviewStatus.APPROVED, rejection=None, at="2026-11-22T08:30:00+00:00"
        )
        assert results(step) == [("SIG1", Result.ADOPTED, "untracked")]
        assert (service.asked, service.writes) == ([], [])

    def test_that_catches_up_records_the_manifest(self) -> None:
        job = [row(desired(content=NEW), "SIG1", observed(content=NEW), recorded())]
        (record,) = take(FakeService(), job).records
        assert record.submission.content == NEW


class TestADeletion:
    def tombstone(self, *ids: str) -> list[Change]:
        want = replace(desired(ids=ids, absent=True), submission=None)
        return [row(want, each, observed(id=each), recorded(each)) for each in ids]

    def test_lets_the_record_go(self) -> None:
        service = FakeService(pending("SIG1"))
        step = take(service, self.tombstone("SIG1"))
        assert service.writes == [("delete", ("SIG1",))]
        assert results(step) == [("SIG1", Result.DELETED, "absent")]
        assert (step.forgotten, step.records) == (("SIG1",), ())

    def test_is_skipped_while_the_reviewer_has_taken_it_up(self) -> None:
        service = FakeService(remotes({"SIG1": ReviewStatus.REVIEWING}))
        step = take(service, self.tombstone("SIG1"))
        assert results(step) == [("SIG1", Result.SKIPPED, "under_review")]
        assert (service.writes, step.forgotten) == ([], ())

    def test_is_skipped_when_it_is_gone_already(self) -> None:
        assert results(take(FakeService(), self.tombstone("SIG1"))) == [
            ("SIG1", Result.SKIPPED, "absent")
        ]

    def test_that_failed_keeps_the_record(self) -> None:
        error = RejectedRequestError("in use", code=18003)
        service = FakeService(pending("SIG1"), script=failing({(Point.SEND, "SIG1"): error}))
        step = take(service, self.tombstone("SIG1"))
        assert (step.forgotten, step.outcomes[0].result) == ((), Result.FAILED)


def test_forgetting_touches_no_service() -> None:
    service = FakeService(pending("SIG1"))
    step = take(service, [row(None, "SIG1", NOT_ASKED, recorded())])
    assert (step.forgotten, step.records) == (("SIG1",), ())
    assert results(step) == [("SIG1", Result.FORGOTTEN, "unmanaged")]
    assert (service.asked, service.writes) == ([], [])
    assert "SIG1" in service.remotes


SOUND = replace(
    row(desired(type=SignatureType.APP), "SIG1", observed()),
    verdict=Verdict(action=Action.ADOPT, reason=Reason.UNTRACKED),
)


@pytest.mark.parametrize(
    "broken",
    [
        replace(SOUND, desired=None),
        replace(SOUND, id=None),
        replace(SOUND, desired=replace(desired(), submission=None)),
    ],
    ids=["no manifest", "no id", "nothing to send"],
)
def test_a_row_that_no_plan_can_have_is_a_bug_and_never_half_recorded(broken: Change) -> None:
    with pytest.raises(AssertionError, match="adopt needs"):
        take(FakeService(), [broken])
