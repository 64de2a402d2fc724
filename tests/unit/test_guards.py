"""What is refused between plan and apply, and what the refusal says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from reconciler.errors import EXIT_REFUSED, RefusedError
from reconciler.guards import Here, Limits, guard, place, stale
from reconciler.model import NOT_ASKED, Desired, ReviewStatus
from reconciler.plan.build import change
from reconciler.plan.changes import Action, Change, Failure, Plan
from reconciler.plan.guarded import Guard
from reconciler.plan.pairing import Target
from reconciler.plan.staleness import row_of
from tests.unit.builders import NOT_FOUND, PROJECT, desired, observed, recorded

Rows = Callable[[int], list[Change]]


def submissions(count: int) -> list[Change]:
    """Half of them resubmitted, half applied for."""
    return [_resubmit(n) if n % 2 else _create(n) for n in range(count)]


def deletions(count: int) -> list[Change]:
    tombstones = [replace(desired(f"d{n}", absent=True), submission=None) for n in range(count)]
    return [
        change(Target(desired=each, id=f"DEL{n}", recorded=None), observed())
        for n, each in enumerate(tombstones)
    ]


def forgets(count: int) -> list[Change]:
    records = [recorded(f"OLD{n}", name=f"f{n}") for n in range(count)]
    return [change(Target(desired=None, id=each.id, recorded=each), NOT_ASKED) for each in records]


def kept(want: Desired | None = None) -> Change:
    return change(
        Target(desired=want or desired("kept", content="辰巳午未"), id="SIG0", recorded=None),
        observed(content="辰巳午未"),
    )


def _resubmit(n: int) -> Change:
    want = desired(f"s{n}", content=f"第{n}号店")
    return change(Target(desired=want, id=f"SIG{n}", recorded=None), observed())


def _create(n: int) -> Change:
    want = desired(f"s{n}", ids=(), content=f"第{n}号店")
    return change(Target(desired=want, id=None, recorded=None), NOT_FOUND)


def plan(*changes: Change, errors: tuple[Failure, ...] = ()) -> Plan:
    return Plan(changes=changes, errors=errors)


HERE = Here(
    manifests=1, projects=frozenset({PROJECT}), endpoint_of=lambda _: "http://service.example"
)
EMPTY = replace(HERE, manifests=0)


def refusal(plan: Plan, limit: int = 20, here: Here = HERE) -> RefusedError:
    with pytest.raises(RefusedError) as caught:
        guard(plan, Limits(max_submissions=limit), here)
    return caught.value


def allowing(*guards: Guard, most: int = 20) -> Limits:
    return Limits(max_submissions=most, allowed=frozenset(guards))


KINDS = [
    pytest.param(submissions, "submissions", id="submissions"),
    pytest.param(deletions, "deletions", id="deletions"),
    pytest.param(forgets, "forgotten records", id="forgotten"),
]


@pytest.mark.parametrize(("rows", "kind"), KINDS)
class TestTheLimit:
    def test_may_be_reached(self, rows: Rows, kind: str) -> None:
        for limit in (0, 1, 3):
            full = plan(kept(), *rows(limit))
            guard(full, Limits(max_submissions=limit), HERE)
            assert len(full.changes) == limit + 1

    def test_may_not_be_passed(self, rows: Rows, kind: str) -> None:
        for limit in (0, 1, 3):
            error = refusal(plan(kept(), *rows(limit + 1)), limit)
            assert error.summary == f"{limit + 1} {kind} are more than the limit of {limit}"
            assert f"--max-submissions {limit + 1}." in error.advice
            assert error.exit_code == EXIT_REFUSED


class TestAPlan:
    def test_that_does_nothing_is_safe(self) -> None:
        empty = plan()
        guard(empty, Limits(max_submissions=0), HERE)
        assert refusal(plan(kept(), *submissions(1)), 0).summary.startswith("1 submissions")

    def test_may_adopt_any_number(self) -> None:
        adopted = [
            change(
                Target(desired=desired(f"n{n}", content=f"第{n}号店"), id=f"SIG{n}", recorded=None),
                observed(content=f"第{n}号店"),
            )
            for n in range(30)
        ]
        guard(plan(*adopted), Limits(max_submissions=0), HERE)
        assert {each.action for each in adopted} == {Action.ADOPT}

    def test_has_submissions_deletions_and_forgets_counted_apart(self) -> None:
        rows = [kept(), *submissions(2), *deletions(2), *forgets(2)]
        guard(plan(*rows), Limits(max_submissions=2), HERE)
        summary = refusal(plan(*rows), 1).summary
        assert summary.count("2 ") == summary.count("the limit of 1") == 3

    def test_that_passes_several_limits_is_told_a_limit_that_suffices(self) -> None:
        rows = plan(kept(), *submissions(3), *deletions(5))
        advice = refusal(rows, 2).advice
        assert advice.count("--max-submissions") == 1
        assert "--max-submissions 5." in advice
        guard(rows, Limits(max_submissions=5), HERE)


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


class TestAnEmptiedRepository:
    def test_is_refused_with_the_number_of_records_it_would_forget(self) -> None:
        error = refusal(plan(*forgets(1)), here=EMPTY)
        assert error.summary == (
            "there is no manifest, but the state has 1 record; "
            "the limit for forgetting everything is 0"
        )
        assert "--root" in error.advice
        assert "--allow empty" in error.advice

    def test_is_refused_whatever_the_limit(self) -> None:
        error = refusal(plan(*forgets(3)), 2, here=EMPTY)
        assert "more than the limit of 2" in error.summary
        assert "the state has 3 records" in error.summary
        assert "--max-submissions 3." in error.advice
        assert "--root" in error.advice
        assert "no manifest" in refusal(plan(*forgets(3)), 3, here=EMPTY).summary

    def test_may_be_meant(self) -> None:
        guard(plan(*forgets(3)), allowing(Guard.EMPTY), EMPTY)
        with pytest.raises(RefusedError, match="limit of 2"):
            guard(plan(*forgets(3)), allowing(Guard.EMPTY, most=2), EMPTY)

    def test_is_none_while_one_manifest_is_left_even_one_that_this_plan_is_not_about(self) -> None:
        """As with `--only`, or where it could not be asked about."""
        rows = plan(*forgets(2))
        guard(rows, Limits(max_submissions=20), HERE)
        assert rows.summary["forget"] == 2

    def test_is_none_where_there_is_nothing_to_forget(self) -> None:
        guard(plan(), Limits(max_submissions=0), EMPTY)
        assert refusal(plan(*forgets(1)), here=EMPTY)

    def test_is_none_where_a_tombstone_lets_the_last_record_go(self) -> None:
        """It is gone at the service, and a manifest says that it should be."""
        tombstone = replace(desired(absent=True), submission=None)
        done = change(Target(desired=tombstone, id="SIG1", recorded=recorded()), NOT_FOUND)
        guard(plan(done), Limits(max_submissions=20), HERE)
        assert done.action is Action.FORGET


def known(want: Desired | None, **changes: str) -> Change:
    """A row with a record; without a manifest it is forgotten."""
    return change(Target(desired=want, id="SIG1", recorded=recorded(**changes)), observed())


class TestRecordsOfAnotherPlace:
    def test_another_service_is_refused_with_how_many_and_which(self) -> None:
        rows = plan(known(desired(), endpoint="https://staging.example"), kept(), *forgets(1))
        error = refusal(rows)
        assert error.summary == (
            "1 of 2 records belongs to another service (https://staging.example); the limit is 0"
        )
        assert "`state`" in error.advice
        assert "--allow other-place" in error.advice
        guard(rows, allowing(Guard.OTHER_PLACE), HERE)

    def test_another_project_is_refused_for_one_that_is_managed(self) -> None:
        rows = plan(known(desired(), project="org-other"))
        assert refusal(rows).summary == (
            "1 of 1 records belongs to another project (org-other); the limit is 0"
        )

    def test_another_project_is_refused_for_one_that_would_be_forgotten(self) -> None:
        """As when two repositories share a state by mistake."""
        rows = plan(kept(), known(None, project="org-other"))
        assert "another project (org-other)" in refusal(rows).summary
        guard(rows, Limits(max_submissions=20), replace(HERE, projects=frozenset({"org-other"})))

    def test_both_are_told_at_once(self) -> None:
        rows = plan(known(desired(), project="org-other", endpoint="https://staging.example"))
        summary = refusal(rows).summary
        assert "another service" in summary
        assert "another project" in summary

    @pytest.mark.parametrize(
        ("recorded_at", "now"),
        [
            ("https://api.ucloud.cn", "https://api.sms.ucloud.cn"),
            ("http://api.service.ucloud.cn", "https://api.ucloud-global.com/"),
            ("https://x.example/", "https://X.example"),
        ],
    )
    def test_another_address_of_the_same_service_is_fine(self, recorded_at: str, now: str) -> None:
        rows = plan(known(desired(), endpoint=recorded_at))
        here = replace(HERE, endpoint_of=lambda _: now)
        guard(rows, Limits(max_submissions=20), here)
        assert refusal(rows, here=replace(HERE, endpoint_of=lambda _: "http://127.0.0.1:1"))

    def test_each_project_has_its_own_service(self) -> None:
        rows = plan(known(desired(), endpoint="https://one.example"))
        places = {PROJECT: "https://one.example"}
        guard(rows, Limits(max_submissions=20), replace(HERE, endpoint_of=places.__getitem__))
        assert refusal(rows).summary.startswith("1 of 1 records belongs to another service")

    def test_no_project_is_the_accounts_own_one(self) -> None:
        guard(plan(known(desired(), project="")), Limits(max_submissions=20), HERE)
        guard(plan(known(desired(project=""))), Limits(max_submissions=20), HERE)
        assert refusal(plan(known(desired(project="org-x"))))


class TestAStalePlan:
    def test_is_refused_naming_both(self) -> None:
        now = plan(*submissions(1))
        with pytest.raises(RefusedError) as caught:
            stale(now, "ab" * 32)
        assert ("ab" * 32)[:12] in caught.value.summary
        assert now.fingerprint[:12] in caught.value.summary
        assert "reconciler plan" in caught.value.advice

    def test_is_one_that_would_do_anything_else(self) -> None:
        reviewed = plan(*submissions(2)).fingerprint
        stale(plan(*submissions(2), *forgets(1)), reviewed)
        for other in (plan(), plan(*submissions(1)), plan(*submissions(3))):
            with pytest.raises(RefusedError):
                stale(other, reviewed)

    def test_is_refused_with_what_is_different_row_by_row(self) -> None:
        with pytest.raises(RefusedError) as caught:
            stale(plan(*submissions(2)), "ab" * 32, [row_of(each) for each in submissions(1)])
        first, *others = caught.value.summary.splitlines()
        assert first.startswith("the plan is stale: ")
        assert others == [
            "  s1 (SIG1): nothing was reviewed; now resubmit (content_differs)",
        ]

    def test_is_refused_with_all_that_would_be_done_where_nobody_has_its_rows(self) -> None:
        with pytest.raises(RefusedError) as caught:
            stale(plan(*submissions(2), *forgets(1)), "ab" * 32)
        assert caught.value.summary.splitlines()[1:] == [
            "  now: create s0 (no id): new",
            "  now: resubmit s1 (SIG1): content_differs",
        ]
        with pytest.raises(RefusedError, match=r"\n  now: nothing is left to send$"):
            stale(plan(kept()), "ab" * 32)

    def test_is_told_in_twenty_lines_at_most(self) -> None:
        with pytest.raises(RefusedError) as caught:
            stale(plan(), "ab" * 32, [row_of(each) for each in submissions(30)])
        assert len(caught.value.summary.splitlines()) == 22
        assert caught.value.summary.endswith("  and 10 more")

    def test_is_refused_even_when_nobody_can_see_the_difference(self) -> None:
        rows = submissions(2)
        with pytest.raises(RefusedError, match="something that a plan does not show"):
            stale(plan(*rows), "ab" * 32, [row_of(each) for each in rows])

    def test_is_one_whose_fingerprint_is_the_same_but_that_writes_elsewhere(self) -> None:
        now = plan(*submissions(2))
        stale(now, now.fingerprint, [row_of(each) for each in now.changes])
        moved = [replace(row_of(each), project="org-other") for each in now.changes]
        with pytest.raises(RefusedError) as caught:
            stale(now, now.fingerprint, moved)
        first, *others = caught.value.summary.splitlines()
        assert first == "the plan is stale: something else than was reviewed would be done"
        assert len(others) == 2

    @pytest.mark.parametrize("given", ["", "4f53cda1", "x" * 64])
    def test_is_never_let_through_by_a_part_of_the_fingerprint(self, given: str) -> None:
        assert plan().fingerprint.startswith("4f53cda1")
        with pytest.raises(RefusedError):
            stale(plan(), given)


class TestThePlace:
    TARGETS = tuple(
        Target(desired=desired(f"n{n}"), id=f"SIG{n}", recorded=recorded(f"SIG{n}", name=f"n{n}"))
        for n in range(2)
    )

    def test_of_the_records_is_looked_at_before_anybody_is_asked(self) -> None:
        place(self.TARGETS, Limits(max_submissions=0), HERE)
        elsewhere = replace(HERE, endpoint_of=lambda _: "http://other.example")
        with pytest.raises(
            RefusedError, match="2 of 2 records belong to another service"
        ) as caught:
            place(self.TARGETS, Limits(max_submissions=0), elsewhere)
        assert "--allow other-place" in caught.value.advice

    def test_may_be_let_through(self) -> None:
        elsewhere = replace(HERE, endpoint_of=lambda _: "http://other.example")
        allowed = Limits(max_submissions=0, allowed=frozenset({Guard.OTHER_PLACE}))
        place(self.TARGETS, allowed, elsewhere)


def test_a_blocked_row_counts_towards_no_limit() -> None:
    blocked = [
        change(
            Target(desired=desired(f"n{n}", content=f"第{n}号店"), id=f"SIG{n}", recorded=None),
            observed(ReviewStatus.APPROVED),
        )
        for n in range(3)
    ]
    guard(plan(*blocked), Limits(max_submissions=0), HERE)
    assert {row.action for row in blocked} == {Action.BLOCKED}
