"""A manifest that was moved: its record follows before anything is sent."""

from __future__ import annotations

from reconciler.errors import StateError
from reconciler.model import Desired, ReviewStatus
from reconciler.plan.outcomes import Result
from tests.unit.apply_world import results
from tests.unit.builders import PROJECT, desired, recorded
from tests.unit.engine import carry_out, plan_for
from tests.unit.fakes import FakeService, FakeStore, Point, Remote, failing


class TestAMovedManifest:
    def moved(self) -> tuple[Desired, FakeService, FakeStore]:
        """Applied for from here, so that no manifest says the id; then the file was moved."""
        service = FakeService(
            {"SIG1": Remote(project=PROJECT, content="甲乙丙丁", status=ReviewStatus.PENDING)}
        )
        return desired("new", ids=()), service, FakeStore({"SIG1": recorded(name="old")})

    def test_takes_its_record_along(self) -> None:
        want, service, store = self.moved()
        applied = carry_out(plan_for([want], service, store), service, store)
        assert applied.outcomes == ()
        assert store.records["SIG1"] == recorded(name="new")

    def test_keeps_its_signature_when_its_content_is_edited_later(self) -> None:
        """Or else a second one would be applied for, and the first one forgotten."""
        want, service, store = self.moved()
        carry_out(plan_for([want], service, store), service, store)
        edited = desired("new", ids=(), content="子丑寅卯")
        applied = carry_out(plan_for([edited], service, store), service, store)
        assert results(applied) == [("SIG1", Result.SUBMITTED, "changed")]

    def test_whose_record_cannot_follow_stops_the_run_before_anything_is_sent(self) -> None:
        want, service, store = self.moved()
        store.records["SIG2"] = recorded("SIG2", name="b", content="辰巳午未")
        service.remotes["SIG2"] = Remote(
            project=PROJECT, content="辰巳午未", status=ReviewStatus.PENDING
        )
        edited = desired("b", ids=("SIG2",), content="申酉戌亥")
        plan = plan_for([want, edited], service, store)
        error = StateError("state/SIG1.json: cannot be written")
        store.script = failing({(Point.KEEP, "SIG1"): error})
        applied = carry_out(plan, service, store)
        assert applied.stopped_by is error
        assert results(applied) == [("SIG2", Result.SKIPPED, "stopped")]
        assert service.writes == []

    def test_that_was_not_moved_writes_nothing(self) -> None:
        want, service, store = self.moved()
        store.records["SIG1"] = recorded(name="new")
        carry_out(plan_for([want], service, store), service, store)
        assert store.events == []
