"""Applications that a killed run left open: found, recorded, and never made a second time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.apply.context import Context
from reconciler.apply.intents import stand_in
from reconciler.apply.recover import known_records, recover
from reconciler.errors import NoAnswerError, StateError
from reconciler.model import Desired, Origin, Recorded, ReviewStatus, Submission
from reconciler.plan.changes import Action
from reconciler.plan.outcomes import Outcome, Result
from tests.unit.builders import PROJECT, desired, recorded
from tests.unit.engine import CONTEXT, PATIENCE, carry_out, plan_for
from tests.unit.fakes import Crash, FakeService, FakeStore, Numbered, Point, Remote, failing, peace

CONTENT = "甲乙丙丁"
WANT = desired(ids=(), description="Login codes")


def intent(content: str = CONTENT, *, name: str = "shop") -> Recorded:
    unnamed = stand_in(endpoint=CONTEXT.endpoint, project=PROJECT, content=content)
    return recorded(unnamed, name=name, content=content, origin=Origin.CREATED)


class Run:
    """A state with one intent, and a service that may have what it led to."""

    def __init__(self, *remotes: str) -> None:
        made = Remote(project=PROJECT, content=CONTENT, status=ReviewStatus.PENDING)
        self.service = FakeService({each: replace(made) for each in remotes})
        self.store = FakeStore()
        self.store.begin(intent())

    def recover(self, context: Context = CONTEXT) -> tuple[Outcome, ...]:
        return recover(self.store, self.service, context, PATIENCE)


class TestAnIntent:
    def test_whose_signature_is_there_is_recorded_as_created(self) -> None:
        run = Run("SIG1")
        (outcome,) = run.recover()
        assert (outcome.name, outcome.id, outcome.result) == ("shop", "SIG1", Result.CREATED)
        assert run.store.records == {"SIG1": replace(intent(), id="SIG1")}
        assert run.store.begun == {}

    def test_whose_signature_is_nowhere_is_dropped_after_several_looks(self) -> None:
        run = Run()
        assert run.recover() == ()
        assert (run.service.asked, run.store.begun) == ([CONTENT] * 4, {})

    def test_that_is_found_at_once_is_not_asked_for_again_while_others_are_waited_for(self) -> None:
        run = Run("SIG1")
        run.store.begin(intent("子丑寅卯", name="other"))
        assert [each.id for each in run.recover()] == ["SIG1"]
        assert run.service.asked == [CONTENT, *["子丑寅卯"] * 4]

    def test_that_cannot_be_looked_for_stays(self) -> None:
        run = Run("SIG1")
        run.service.script = failing({(Point.ASK, CONTENT): NoAnswerError("no route")})
        assert run.recover() == ()
        assert (list(run.store.begun), run.store.records) == ([intent().id], {})

    def test_that_was_recorded_already_leaves_the_record_alone(self) -> None:
        run = Run("SIG1")
        newer = recorded("SIG1", scene="Newer")
        run.store.put(newer)
        assert run.recover() == ()
        assert (run.store.records, run.store.begun) == ({"SIG1": newer}, {})

    def test_for_another_service_is_left_to_whoever_talks_to_that(self) -> None:
        run = Run("SIG1")
        elsewhere = replace(CONTEXT, endpoint="http://elsewhere.example")
        assert run.recover(elsewhere) == ()
        assert (run.service.asked, list(run.store.begun)) == ([], [intent().id])

    def test_of_a_project_with_an_endpoint_of_its_own_is_ours(self) -> None:
        run = Run("SIG1")
        ours = replace(
            CONTEXT, endpoint="http://main.example", endpoints={PROJECT: CONTEXT.endpoint}
        )
        assert [each.id for each in run.recover(ours)] == ["SIG1"]

    def test_survives_when_its_record_cannot_be_written(self) -> None:
        run = Run("SIG1")
        run.store.script = failing({(Point.KEEP, "SIG1"): StateError("disk full")})
        with pytest.raises(StateError):
            run.recover()
        assert list(run.store.begun) == [intent().id]


def test_without_intents_nothing_is_asked() -> None:
    service = FakeService()
    assert recover(FakeStore(), service, CONTEXT, PATIENCE) == ()
    assert service.asked == []


class TestAPlan:
    """What it may assume before anything has been written."""

    def known(self, run: Run, context: Context = CONTEXT) -> dict[str, Origin]:
        records = known_records(run.store, run.service, context)
        assert run.store.records == {}
        assert list(run.store.begun) == [intent().id]
        return {each.id: each.origin for each in records.values()}

    def test_counts_what_an_apply_would_find(self) -> None:
        run = Run("SIG1")
        assert self.known(run) == {"SIG1": Origin.CREATED}
        assert run.service.asked == [CONTENT]

    def test_counts_nothing_that_is_not_there(self) -> None:
        assert self.known(Run()) == {}

    def test_counts_nothing_that_cannot_be_asked_about(self) -> None:
        run = Run("SIG1")
        run.service.script = failing({(Point.ASK, CONTENT): NoAnswerError("no route")})
        assert self.known(run) == {}

    def test_asks_no_other_service(self) -> None:
        run = Run("SIG1")
        assert self.known(run, replace(CONTEXT, endpoint="http://elsewhere.example")) == {}
        assert run.service.asked == []

    def test_asks_nobody_when_it_is_offline(self) -> None:
        run = Run("SIG1")
        assert known_records(run.store, None, CONTEXT) == {}

    def test_leaves_a_record_as_it_is(self) -> None:
        run = Run("SIG1")
        newer = recorded("SIG1", scene="Newer")
        run.store.put(newer)
        assert known_records(run.store, run.service, CONTEXT) == {"SIG1": newer}


class TestAfterRecovery:
    def test_what_was_sent_counts_and_not_what_the_manifest_says_by_now(self) -> None:
        """The scene was edited after the kill: the service has the old one, so it is sent."""
        run = Run("SIG1")
        run.recover()
        (row,) = plan_for(
            [replace(WANT, submission=_with_scene(WANT))], run.service, run.store
        ).changes
        assert (row.action, row.id) == (Action.RESUBMIT, "SIG1")

    def test_a_content_edited_after_the_kill_changes_that_signature(self) -> None:
        run = Run("SIG1")
        run.recover()
        edited = desired(ids=(), content="子丑寅卯")
        (row,) = plan_for([edited], run.service, run.store).changes
        assert (row.action, row.id) == (Action.RESUBMIT, "SIG1")

    def test_one_that_the_reviewer_has_rejected_meanwhile_is_not_sent_again(self) -> None:
        run = Run("SIG1")
        run.service.remotes["SIG1"].status = ReviewStatus.REJECTED
        run.recover()
        same = replace(WANT, submission=intent().submission)
        (row,) = plan_for([same], run.service, run.store).changes
        assert (row.action, row.verdict.attention) == (Action.NO_OP, True)


def _with_scene(want: Desired) -> Submission:
    assert want.submission is not None
    return replace(want.submission, scene="Another")


@pytest.mark.parametrize("touch", range(18))
def test_a_kill_anywhere_never_makes_two(touch: int) -> None:
    """The process dies at each point where it touches the service or the state."""
    service, store = FakeService(), FakeStore()
    contents = ("甲乙丙丁", "子丑寅卯")
    wanted = [
        desired(name, ids=(), content=each) for name, each in zip("ab", contents, strict=True)
    ]
    plan = plan_for(wanted, service, store)
    script = Numbered({touch: lambda _: Crash()})
    service.script = store.script = script
    with pytest.raises(Crash):
        carry_out(plan, service, store)
    assert script.dead
    service.script = store.script = peace
    recover(store, service, CONTEXT, PATIENCE)
    carry_out(plan_for(wanted, service, store), service, store)
    assert sorted(remote.content for remote in service.remotes.values()) == sorted(contents)
    assert {had.origin for had in store.records.values()} == {Origin.CREATED}
    assert (set(store.records), store.begun) == (set(service.remotes), {})
