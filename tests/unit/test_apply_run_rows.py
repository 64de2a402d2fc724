"""Walking a plan row by row: each kind is done, skipped or said as it should be."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model import ReviewStatus
from reconciler.plan.changes import Failure
from reconciler.plan.outcomes import Result
from tests.unit.apply_world import World, results
from tests.unit.builders import PROJECT, desired, recorded
from tests.unit.engine import carry_out, pending, plan_for
from tests.unit.fakes import FakeStore, Remote


class TestRows:
    def test_that_are_blocked_are_skipped_with_their_reason(self) -> None:
        world = World(2)
        world.service.remotes["SIG0"].status = ReviewStatus.APPROVED
        assert results(world.apply()) == [
            ("SIG0", Result.SKIPPED, "approved_immutable"),
            ("SIG1", Result.SUBMITTED, "changed"),
        ]

    def test_that_could_not_be_read_have_failed(self) -> None:
        world = World(2)
        plan = plan_for(world.desired[1:], world.service, FakeStore())
        failed = (Failure(name="n0", id="SIG0", summary="no answer"),)
        applied = carry_out(replace(plan, errors=failed), world.service, world.store)
        (first, second) = applied.outcomes
        assert (first.result, first.reason, first.detail) == (
            Result.FAILED,
            "query_failed",
            "no answer",
        )
        assert second.id == "SIG1"

    def test_that_do_nothing_are_not_spoken_of(self) -> None:
        world = World(2)
        world.apply()
        again = world.apply()
        assert (again.outcomes, again.stopped_by) == ((), None)

    def test_of_every_kind_are_done_in_one_run(self) -> None:
        world = World(1)
        world.desired += [
            desired("adopted", ids=("SIG5",), content="已有店"),
            desired("created", ids=(), content="新开店"),
            replace(desired("deleted", ids=("SIG6",), absent=True), submission=None),
        ]
        world.service.remotes |= {
            key: Remote(project=PROJECT, content=content, status=ReviewStatus.APPROVED)
            for key, content in (("SIG5", "已有店"), ("SIG6", "关张店"))
        }
        world.store.records["SIG7"] = recorded("SIG7", name="forgotten")
        applied = world.apply(parallelism=2)
        assert {each.name: each.result for each in applied.outcomes} == {
            "n0": Result.SUBMITTED,
            "adopted": Result.ADOPTED,
            "created": Result.CREATED,
            "deleted": Result.DELETED,
            "forgotten": Result.FORGOTTEN,
        }
        assert sorted(world.store.records) == ["NEW0", "SIG0", "SIG5"]
        assert pending(plan_for(world.desired, world.service, world.store)) == []
