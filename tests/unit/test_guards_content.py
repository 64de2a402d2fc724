"""No two signatures of one project get the same content, unless that is let through."""

from __future__ import annotations

from dataclasses import replace

from reconciler.guards import Limits, guard
from reconciler.plan.build import change
from reconciler.plan.changes import Action
from reconciler.plan.guarded import Guard
from reconciler.plan.pairing import Target
from tests.unit.builders import desired, observed, recorded
from tests.unit.guarded_plans import HERE, allowing, kept, plan, refusal


class TestTheSameContentTwice:
    def test_in_one_project_is_refused_by_name_and_content(self) -> None:
        wanted = [desired("a", ids=("SIG1",)), desired("b", ids=("SIG2",))]
        rows = [change(Target(desired=w, id=w.ids[0], recorded=None), observed()) for w in wanted]
        error = refusal(plan(*rows))
        assert error.summary == (
            "a and b would both have the content 甲乙丙丁: 2 signatures, where the limit is 1"
        )
        assert "other content" in error.advice
        assert "--allow same-content" in error.advice
        assert "--max-submissions" not in error.advice
        guard(plan(*rows), allowing(Guard.SAME_CONTENT), HERE)

    def test_is_said_once_however_many_ids_there_are(self) -> None:
        wanted = [desired("a", ids=("SIG1", "SIG2")), desired("b", ids=("SIG3", "SIG4"))]
        rows = [
            change(Target(desired=w, id=each, recorded=None), observed())
            for w in wanted
            for each in w.ids
        ]
        assert refusal(plan(*rows)).summary.count("甲乙丙丁") == 1

    def test_under_the_ids_of_one_manifest_is_what_a_list_is_for(self) -> None:
        want = desired(ids=("SIG1", "SIG2"))
        rows = [change(Target(desired=want, id=i, recorded=None), observed()) for i in want.ids]
        guard(plan(*rows), Limits(max_submissions=20), HERE)
        assert len(rows) == 2

    def test_in_two_projects_is_fine(self) -> None:
        wanted = [desired("a"), desired("b", project="org-other")]
        rows = [change(Target(desired=w, id="SIG1", recorded=None), observed()) for w in wanted]
        guard(plan(*rows), Limits(max_submissions=20), HERE)
        assert rows[0].project != rows[1].project

    def test_is_fine_where_one_is_a_tombstone(self) -> None:
        tombstone = replace(desired("a", absent=True), submission=None)
        rows = [
            change(Target(desired=w, id="SIG1", recorded=None), observed())
            for w in (tombstone, desired("b"), replace(tombstone, name="c", content=None))
        ]
        guard(plan(*rows), Limits(max_submissions=20), HERE)
        assert [row.action for row in rows] == [Action.DELETE, Action.ADOPT, Action.DELETE]

    def test_counts_what_the_plan_is_not_about(self) -> None:
        """`--only b` must not make the second signature of what `a` was submitted with."""
        rows = plan(
            change(
                Target(desired=desired("b", ids=("SIG2",)), id="SIG2", recorded=None), observed()
            )
        )
        moving = desired("a", content="子丑寅卯")
        for had, wanted, refused in (
            (recorded("SIG1"), moving, True),
            (None, moving, False),
            (recorded("SIG1"), None, False),  # whatever becomes of it, it is not managed here
            (recorded("SIG1", content="辰巳午未"), desired("a"), False),
        ):
            others = (Target(desired=wanted, id="SIG1", recorded=had),)
            here = replace(HERE, left_out=others)
            if refused:
                summary = refusal(rows, here=here).summary
                assert summary.startswith("b and a would both have the content 甲乙丙丁: 2 ")
            else:
                guard(rows, Limits(max_submissions=1), here)

    def test_of_which_the_plan_is_about_none_is_another_runs_matter(self) -> None:
        others = tuple(
            Target(desired=desired(name), id=known, recorded=recorded(known, name=name))
            for name, known in (("a", "SIG1"), ("b", "SIG2"))
        )
        one = plan(kept())
        guard(one, Limits(max_submissions=1), replace(HERE, left_out=others))
        assert len(one.changes) == 1

    def test_counts_what_stays_at_the_service_where_nothing_is_sent(self) -> None:
        """A suspended signature keeps its content, whatever its manifest says by now."""
        kept_back = desired("a", ids=("SIG1",), content="子丑寅卯", suspend=True)
        rows = [
            change(Target(desired=kept_back, id="SIG1", recorded=recorded("SIG1")), observed()),
            change(
                Target(desired=desired("b", ids=("SIG2",)), id="SIG2", recorded=None), observed()
            ),
        ]
        assert "a and b would both have the content 甲乙丙丁" in refusal(plan(*rows)).summary

    def test_is_none_with_what_a_manifest_has_left_behind(self) -> None:
        want = desired("b", ids=("SIG2",), content="子丑寅卯")
        rows = [
            change(Target(desired=want, id="SIG2", recorded=recorded("SIG2")), observed()),
            change(Target(desired=desired("a"), id="SIG1", recorded=None), observed()),
        ]
        guard(plan(*rows), Limits(max_submissions=20), HERE)
        assert [row.action for row in rows] == [Action.RESUBMIT, Action.ADOPT]
