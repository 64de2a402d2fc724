"""Several projects in one run: what is hopeless in one is no concern of the others."""

from __future__ import annotations

import threading

from reconciler.apply.run import Applied
from reconciler.errors import HopelessError, InterruptError, StateError
from reconciler.model import ReviewStatus
from reconciler.plan.outcomes import Result
from tests.unit.builders import desired, recorded
from tests.unit.engine import carry_out, plan_for
from tests.unit.fakes import FakeService, FakeStore, Point, Remote, Script, failing, peace

IDS = {"A1": "org-a", "A2": "org-a", "B1": "org-b", "B2": "org-b"}
HOPELESS = HopelessError("RetCode 292, there is no such project")


class World:
    """Four edited signatures in two projects, applied one after the other."""

    def __init__(self) -> None:
        self.wanted = [
            desired(each.lower(), ids=(each,), project=project, content=f"新的{each}")
            for each, project in IDS.items()
        ]
        self.service = FakeService(
            {
                each: Remote(project=project, content="甲乙丙丁", status=ReviewStatus.PENDING)
                for each, project in IDS.items()
            }
        )
        self.store = FakeStore(
            {e: recorded(e, name=e.lower(), project=project) for e, project in IDS.items()}
        )
        self.stop = threading.Event()

    def apply(self, *, service: Script = peace, store: Script = peace) -> Applied:
        plan = plan_for(self.wanted, self.service, self.store)
        self.service.script, self.store.script = service, store
        return carry_out(plan, self.service, self.store, stop=self.stop)


def told(applied: Applied) -> dict[str | None, tuple[Result, str]]:
    return {each.id: (each.result, each.reason) for each in applied.outcomes}


def test_a_hopeless_answer_ends_its_own_project_alone() -> None:
    world = World()
    applied = world.apply(service=failing({(Point.SEND, "A1"): HOPELESS}))
    assert told(applied) == {
        "A1": (Result.FAILED, "changed"),
        "A2": (Result.SKIPPED, "stopped"),
        "B1": (Result.SUBMITTED, "changed"),
        "B2": (Result.SUBMITTED, "changed"),
    }
    assert applied.stopped_by is HOPELESS
    assert not world.stop.is_set()


def test_two_hopeless_projects_are_told_by_the_first() -> None:
    world = World()
    other = HopelessError("RetCode 171, the signing is wrong")
    applied = world.apply(
        service=failing({(Point.SEND, "A1"): HOPELESS, (Point.SEND, "B1"): other})
    )
    assert [result for result, _ in told(applied).values()] == [
        Result.FAILED,
        Result.SKIPPED,
        Result.FAILED,
        Result.SKIPPED,
    ]
    assert applied.stopped_by is HOPELESS


def test_a_state_that_cannot_be_written_ends_every_project() -> None:
    world = World()
    full = StateError("disk full")
    applied = world.apply(
        service=failing({(Point.SEND, "A1"): HOPELESS}), store=failing({(Point.KEEP, "B1"): full})
    )
    assert told(applied)["B2"] == (Result.SKIPPED, "stopped")
    assert applied.stopped_by is full


def test_an_interruption_after_a_hopeless_answer_is_still_one() -> None:
    world = World()

    def script(point: Point, about: str) -> BaseException | None:
        if (point, about) == (Point.SEND, "A1"):
            world.stop.set()
            return HOPELESS
        return None

    applied = world.apply(service=script)
    assert told(applied)["A2"] == (Result.SKIPPED, "stopped")
    assert told(applied)["B1"] == (Result.SKIPPED, "interrupted")
    assert isinstance(applied.stopped_by, InterruptError)


def test_an_intent_that_cannot_be_dropped_ends_the_run_and_costs_nobody_a_record() -> None:
    service, store = FakeService(), FakeStore()
    full = StateError("disk full")
    wanted = [desired("new", ids=(), content="甲乙丙丁")]
    plan = plan_for(wanted, service, store)
    store.script = lambda point, about: (
        full if (point, about) == (Point.KEEP, "intent") and store.records else None
    )
    applied = carry_out(plan, service, store)
    assert told(applied) == {"NEW0": (Result.CREATED, "new")}
    assert "NOT RECORDED" not in applied.outcomes[0].detail
    assert (list(store.records), applied.stopped_by) == (["NEW0"], full)
