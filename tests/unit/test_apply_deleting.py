"""Tombstones: one request a batch, and one that is refused keeps no other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pytest

from reconciler.apply.deleting import AT_ONCE
from reconciler.apply.run import Applied
from reconciler.errors import InterruptError, NoAnswerError, RejectedRequestError
from reconciler.model import Desired, ReviewStatus
from reconciler.plan.outcomes import Result
from reconciler.ports import Receipt
from tests.unit.builders import PROJECT, desired, recorded
from tests.unit.engine import carry_out, plan_for
from tests.unit.fakes import FakeService, FakeStore, Point, Remote, Script, failing, peace

REFUSED = RejectedRequestError("one of them cannot be deleted", code=18003)


def tombstone(id: str, *, project: str = PROJECT) -> Desired:
    return replace(desired(id.lower(), ids=(id,), absent=True, project=project), submission=None)


class Graveyard:
    """Tombstones for these ids, each recorded and approved."""

    def __init__(self, ids: Iterable[str], *, projects: Iterable[str] = (PROJECT,)) -> None:
        places = [(each, project) for project in projects for each in ids]
        keys = [key if project == PROJECT else f"{project}-{key}" for key, project in places]
        made = list(zip(keys, (project for _, project in places), strict=True))
        self.wanted = [tombstone(key, project=project) for key, project in made]
        self.service = FakeService(
            {
                k: Remote(project=p, content=f"内容{k}", status=ReviewStatus.APPROVED)
                for k, p in made
            }
        )
        self.store = FakeStore({k: recorded(k, name=k.lower(), project=p) for k, p in made})

    def apply(self, script: Script = peace) -> Applied:
        plan = plan_for(self.wanted, self.service, self.store)
        self.service.asked.clear()
        self.service.script = script
        return carry_out(plan, self.service, self.store)


def results(applied: Applied) -> dict[str | None, Result]:
    return {each.id: each.result for each in applied.outcomes}


class TestABatch:
    def test_is_one_request_after_a_look_at_each(self) -> None:
        yard = Graveyard(["SIG1", "SIG2", "SIG3"])
        applied = yard.apply()
        assert yard.service.writes == [("delete", ("SIG1", "SIG2", "SIG3"))]
        assert yard.service.asked == ["SIG1", "SIG2", "SIG3"]
        assert set(results(applied).values()) == {Result.DELETED}
        assert yard.store.records == {}

    def test_is_of_one_project(self) -> None:
        yard = Graveyard(["SIG1", "SIG2"], projects=(PROJECT, "org-other"))
        yard.apply()
        assert sorted(keys for _, keys in yard.service.writes) == [
            ("SIG1", "SIG2"),
            ("org-other-SIG1", "org-other-SIG2"),
        ]

    def test_is_no_larger_than_the_bound(self) -> None:
        yard = Graveyard([f"SIG{number:03}" for number in range(AT_ONCE + 1)])
        yard.apply()
        assert [len(keys) for _, keys in yard.service.writes] == [AT_ONCE, 1]
        assert yard.service.remotes == {}


class TestARefusedBatch:
    def test_is_taken_one_by_one(self) -> None:
        yard = Graveyard(["SIG1", "SIG2", "SIG3"])
        applied = yard.apply(
            failing({(Point.SEND, "SIG1,SIG2,SIG3"): REFUSED, (Point.SEND, "SIG2"): REFUSED})
        )
        assert results(applied) == {
            "SIG1": Result.DELETED,
            "SIG2": Result.FAILED,
            "SIG3": Result.DELETED,
        }
        assert list(yard.store.records) == ["SIG2"]

    def test_may_be_gone_all_the_same(self) -> None:
        """A first try was accepted, its answer was lost, and the second found nothing to delete."""
        yard = Graveyard(["SIG1"])

        def gone(point: Point, _: str) -> RejectedRequestError | None:
            if point is Point.SEND:
                yard.service.remotes.clear()
                return RejectedRequestError("there is no SIG1", code=18016)
            return None

        assert results(yard.apply(gone)) == {"SIG1": Result.DELETED}
        assert yard.store.records == {}

    def test_that_nobody_can_look_at_has_failed(self) -> None:
        yard = Graveyard(["SIG1"])

        def mute(point: Point, _: str) -> Exception | None:
            if point is Point.SEND:
                return REFUSED
            return NoAnswerError("no route") if len(yard.service.asked) == 1 else None

        applied = yard.apply(mute)
        assert results(applied) == {"SIG1": Result.FAILED}
        assert list(yard.store.records) == ["SIG1"]

    def test_without_an_answer_for_one_goes_on_with_the_next(self) -> None:
        yard = Graveyard(["SIG1", "SIG2"])
        lost = NoAnswerError("cut off", accepted=None)
        applied = yard.apply(
            failing({(Point.SEND, "SIG1,SIG2"): REFUSED, (Point.SEND, "SIG1"): lost})
        )
        assert results(applied) == {"SIG1": Result.UNKNOWN, "SIG2": Result.DELETED}

    def test_keeps_what_was_done_when_it_is_interrupted(self) -> None:
        yard = Graveyard(["SIG1", "SIG2", "SIG3"])
        applied = yard.apply(
            failing(
                {
                    (Point.SEND, "SIG1,SIG2,SIG3"): REFUSED,
                    (Point.SEND, "SIG2"): InterruptError("stopped"),
                }
            )
        )
        assert [(o.id, o.result, o.reason) for o in applied.outcomes] == [
            ("SIG1", Result.DELETED, "absent"),
            ("SIG2", Result.SKIPPED, "interrupted"),
            ("SIG3", Result.SKIPPED, "interrupted"),
        ]
        assert isinstance(applied.stopped_by, InterruptError)
        assert list(yard.store.records) == ["SIG2", "SIG3"]


def test_a_batch_without_an_answer_is_unknown_as_a_whole() -> None:
    yard = Graveyard(["SIG1", "SIG2"])
    lost = NoAnswerError("cut off", accepted=None)
    applied = yard.apply(failing({(Point.SEND, "SIG1,SIG2"): lost}))
    assert set(results(applied).values()) == {Result.UNKNOWN}
    assert sorted(yard.store.records) == ["SIG1", "SIG2"]


def test_what_was_deleted_says_so_with_its_request() -> None:
    yard = Graveyard(["SIG1"])
    (outcome,) = yard.apply().outcomes
    receipt = Receipt(request_uuid="uuid-1")
    assert (outcome.request_uuid, outcome.reason) == (receipt.request_uuid, "absent")


@pytest.mark.parametrize("status", [ReviewStatus.PENDING, ReviewStatus.REJECTED])
def test_one_that_the_reviewer_took_up_meanwhile_is_left_out_of_its_batch(
    status: ReviewStatus,
) -> None:
    yard = Graveyard(["SIG1", "SIG2"])
    yard.service.remotes["SIG2"].status = status
    plan = plan_for(yard.wanted, yard.service, yard.store)
    yard.service.remotes["SIG1"].status = ReviewStatus.REVIEWING
    applied = carry_out(plan, yard.service, yard.store)
    assert results(applied) == {"SIG1": Result.SKIPPED, "SIG2": Result.DELETED}
    assert yard.service.writes == [("delete", ("SIG2",))]
