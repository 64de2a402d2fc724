"""Targets and answers become a plan."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import NoAnswerError, RejectedRequestError
from reconciler.model import NOT_ASKED, Desired, Observed, Recorded, ReviewStatus
from reconciler.plan.build import Answer, build, change
from reconciler.plan.changes import Action, Plan, Reason
from reconciler.plan.pairing import Target, pair
from tests.unit.builders import NOT_FOUND, PROJECT, desired, observed, recorded

FAILED = RejectedRequestError("the query failed", code=18003)


def plan(wanted: list[Desired], records: tuple[Recorded, ...], answers: dict[str, Answer]) -> Plan:
    """Answers by id, or by name where there is no id; an unmanaged record is not asked about."""
    known = {record.id: record for record in records}
    targets = pair(wanted, known)
    answered = [(each, answers.get(each.id or each.name, NOT_ASKED)) for each in targets]
    return build(answered, known)


def rows(plan: Plan) -> list[tuple[str, str | None, Action]]:
    return [(change.name, change.id, change.action) for change in plan.changes]


class TestAFailedQuery:
    def test_is_an_error_and_the_others_go_on(self) -> None:
        wanted = [desired("a", ids=("SIG1",)), desired("b", ids=("SIG2",), content="子丑寅卯")]
        made = plan(wanted, (), {"SIG1": FAILED, "SIG2": observed(id="SIG2", content="子丑寅卯")})
        assert rows(made) == [("b", "SIG2", Action.ADOPT)]
        (error,) = made.errors
        assert (error.name, error.id, error.summary) == ("a", "SIG1", "the query failed")

    def test_of_one_id_in_a_list_leaves_the_others_alone(self) -> None:
        made = plan([desired(ids=("SIG1", "SIG2"))], (), {"SIG1": FAILED, "SIG2": observed()})
        assert rows(made) == [("shop", "SIG2", Action.ADOPT)]
        assert [error.id for error in made.errors] == ["SIG1"]

    def test_about_a_content_is_an_error_without_an_id(self) -> None:
        made = plan([desired(ids=())], (), {"shop": NoAnswerError("no answer")})
        assert made.changes == ()
        assert [(error.name, error.id) for error in made.errors] == [("shop", None)]
        assert [error.passing for error in made.errors] == [True]

    def test_of_a_suspended_signature_leaves_it_alone_like_any_answer(self) -> None:
        made = plan([desired(suspend=True)], (recorded(),), {"SIG1": FAILED})
        (row,) = made.changes
        assert (row.action, row.verdict.reason) == (Action.NO_OP, Reason.SUSPENDED)
        assert row.status is ReviewStatus.UNKNOWN
        assert made.errors == ()

    def test_does_not_keep_a_record_without_a_manifest(self) -> None:
        made = plan([], (recorded(),), {"SIG1": FAILED})
        assert rows(made) == [("shop", "SIG1", Action.FORGET)]
        assert made.errors == ()

    def test_may_hit_every_signature(self) -> None:
        wanted = [desired(f"n{n}", ids=(f"SIG{n}",)) for n in (3, 1, 2)]
        made = plan(wanted, (), {f"SIG{n}": FAILED for n in (1, 2, 3)})
        assert made.changes == ()
        assert [error.name for error in made.errors] == ["n1", "n2", "n3"]


class TestAManifestWithoutAnId:
    def test_is_created_when_the_service_has_no_such_content(self) -> None:
        assert rows(plan([desired(ids=())], (), {"shop": NOT_FOUND})) == [
            ("shop", None, Action.CREATE)
        ]

    def test_is_an_error_when_it_cannot_be_applied_for_and_has_to_be(self) -> None:
        made = plan([desired(ids=(), description=None)], (), {"shop": NOT_FOUND})
        assert rows(made) == []
        assert [error.name for error in made.errors] == ["shop"]

    def test_is_none_while_nobody_knows_whether_it_has_to_be_applied_for(self) -> None:
        made = plan([desired(ids=(), description=None)], (), {"shop": NOT_ASKED})
        assert rows(made) == [("shop", None, Action.CREATE)]

    @pytest.mark.parametrize(
        ("status", "action"),
        [
            (ReviewStatus.PENDING, Action.ADOPT),
            (ReviewStatus.REVIEWING, Action.ADOPT),
            (ReviewStatus.APPROVED, Action.ADOPT),
            (ReviewStatus.DISABLED, Action.ADOPT),
            (ReviewStatus.REJECTED, Action.RESUBMIT),
        ],
    )
    def test_is_decided_with_the_id_that_its_content_has_at_the_service(
        self, status: ReviewStatus, action: Action
    ) -> None:
        made = plan([desired(ids=())], (), {"shop": observed(status, id="SIG7")})
        assert rows(made) == [("shop", "SIG7", action)]

    def test_gets_the_record_of_the_id_it_was_found_under_which_is_not_forgotten(self) -> None:
        """Edited in the console and moved at once: the record is known by its id alone."""
        had = recorded("SIG7", name="old", content="子丑寅卯")
        made = plan([desired("new", ids=())], (had,), {"new": observed(id="SIG7")})
        (row,) = made.changes
        assert (row.name, row.id, row.recorded) == ("new", "SIG7", had)
        assert (row.action, row.verdict.reason) == (Action.ADOPT, Reason.CAUGHT_UP)

    @pytest.mark.parametrize("owner_name", ["a", "z"])
    def test_never_takes_an_id_that_another_manifest_names(self, owner_name: str) -> None:
        owner = desired(owner_name, ids=("SIG1",), content="子丑寅卯")
        answers: dict[str, Answer] = {"SIG1": observed(), "shop": observed()}
        made = plan([desired("shop", ids=()), owner], (), answers)
        assert rows(made) == [(owner_name, "SIG1", Action.RESUBMIT)]
        (error,) = made.errors
        assert (error.name, error.id) == ("shop", "SIG1")
        assert owner_name in error.summary

    def test_never_takes_an_id_that_another_manifest_has_by_its_record(self) -> None:
        owner = desired("owner", ids=(), content="子丑寅卯")
        had = recorded("SIG1", name="owner", content="辰巳午未")
        answers: dict[str, Answer] = {"SIG1": observed(), "shop": observed()}
        made = plan([desired("shop", ids=()), owner], (had,), answers)
        assert rows(made) == [("owner", "SIG1", Action.RESUBMIT)]
        assert [(error.name, error.id) for error in made.errors] == [("shop", "SIG1")]

    def test_never_takes_an_id_that_another_one_found_first(self) -> None:
        """First by name, not by when the answer came."""
        answered: list[tuple[Target, Answer]] = [
            (Target(desired=desired(name, ids=()), id=None, recorded=None), observed(id="SIG7"))
            for name in ("a", "b")
        ]
        for order in (answered, answered[::-1]):
            made = build(order, {})
            assert rows(made) == [("a", "SIG7", Action.ADOPT)]
            assert [(error.name, error.id) for error in made.errors] == [("b", "SIG7")]

    def test_never_takes_an_id_of_a_manifest_that_this_plan_is_not_about(self) -> None:
        """`--only` narrows what is planned, not whose an id is."""
        owner = Target(desired=desired("owner"), id="SIG1", recorded=None)
        gone = Target(desired=None, id="SIG2", recorded=recorded("SIG2"))
        shop = Target(desired=desired("shop", ids=()), id=None, recorded=None)
        made = build([(shop, observed())], {}, left_out=[owner, gone])
        assert made.changes == ()
        assert [(error.name, error.id) for error in made.errors] == [("shop", "SIG1")]
        assert build([(shop, observed(id="SIG2"))], {}, left_out=[owner, gone]).errors == ()

    def test_never_takes_an_id_for_another_content(self) -> None:
        """An answer that is not about what was asked could make us edit a stranger's signature."""
        made = plan([desired(ids=())], (), {"shop": observed(id="SIG7", content="子丑寅卯")})
        assert made.changes == ()
        (error,) = made.errors
        assert error.id is None
        assert "子丑寅卯 under the id SIG7" in error.summary

    @pytest.mark.parametrize("nameless", [None, ""])
    def test_cannot_be_decided_by_an_answer_without_an_id(self, nameless: str | None) -> None:
        made = plan([desired(ids=())], (), {"shop": observed(id=nameless)})
        assert made.changes == ()
        assert "without an id" in made.errors[0].summary

    def test_of_a_tombstone_deletes_what_has_its_content(self) -> None:
        tombstone = replace(desired(ids=(), absent=True), submission=None)
        made = plan([tombstone], (), {"shop": observed(ReviewStatus.APPROVED, id="SIG7")})
        assert rows(made) == [("shop", "SIG7", Action.DELETE)]

    def test_of_a_tombstone_never_deletes_what_another_manifest_names(self) -> None:
        tombstone = replace(desired("a", ids=(), absent=True), submission=None)
        owner = desired("owner", ids=("SIG1",), content="子丑寅卯")
        answers: dict[str, Answer] = {"a": observed(), "SIG1": observed()}
        assert rows(plan([tombstone, owner], (), answers)) == [("owner", "SIG1", Action.RESUBMIT)]

    def test_is_left_alone_when_suspended_even_while_nobody_knows_its_id(self) -> None:
        made = plan([desired(ids=(), suspend=True)], (), {"shop": FAILED})
        assert rows(made) == [("shop", None, Action.NO_OP)]


class TestARow:
    def test_says_everything_about_its_signature(self) -> None:
        want, had = desired(content="子丑寅卯"), recorded()
        seen = observed(ReviewStatus.REJECTED, rejection="公司名称不符")
        row = change(Target(desired=want, id="SIG1", recorded=had), seen)
        assert (row.name, row.id, row.project) == ("shop", "SIG1", PROJECT)
        assert (row.path, row.line) == ("signatures/shop.yaml", 2)
        assert (row.action, row.verdict.reason) == (Action.RESUBMIT, Reason.CHANGED)
        assert (row.status, row.rejection) == (ReviewStatus.REJECTED, "公司名称不符")
        assert [diff.field for diff in row.diff] == ["content"]
        assert [document.role for document in row.documents] == ["certificate"]
        assert (row.desired, row.recorded, row.unverifiable) == (want, had, ())

    def test_without_a_manifest_has_no_place(self) -> None:
        row = change(Target(desired=None, id="SIG1", recorded=recorded(name="gone")), NOT_ASKED)
        assert (row.name, row.path, row.line, row.desired) == ("gone", None, None, None)
        assert (row.diff, row.documents) == ((), ())

    def test_that_adopts_says_what_cannot_be_verified(self) -> None:
        row = change(Target(desired=desired(), id="SIG1", recorded=None), observed())
        assert row.action is Action.ADOPT
        assert row.unverifiable == ("type", "purpose", "documents")

    @pytest.mark.parametrize("status", ReviewStatus)
    def test_that_does_not_adopt_leaves_nothing_to_verify(self, status: ReviewStatus) -> None:
        target = Target(desired=desired(), id="SIG1", recorded=recorded())
        assert change(target, replace(observed(), status=status)).unverifiable == ()


class TestAList:
    def test_has_every_id_decided_by_itself(self) -> None:
        want = desired(ids=("SIG1", "SIG2", "SIG3", "SIG4"), content="子丑寅卯")
        answers: dict[str, Answer] = {
            "SIG1": observed(ReviewStatus.APPROVED),
            "SIG2": observed(ReviewStatus.REJECTED, id="SIG2"),
            "SIG3": NOT_FOUND,
            "SIG4": observed(id="SIG4", content="子丑寅卯"),
        }
        assert rows(plan([want], (recorded("SIG1"), recorded("SIG2")), answers)) == [
            ("shop", "SIG1", Action.BLOCKED),
            ("shop", "SIG2", Action.RESUBMIT),
            ("shop", "SIG3", Action.BLOCKED),
            ("shop", "SIG4", Action.ADOPT),
        ]


def test_a_record_under_an_id_that_moved_to_another_project_stays_with_its_manifest() -> None:
    """It would be overwritten otherwise, or forgotten right after it was made."""
    had = recorded("SIG1", project="org-other")
    made = plan([desired(ids=("SIG1",))], (had,), {"SIG1": NOT_FOUND})
    (row,) = made.changes
    assert (row.action, row.verdict.reason, row.project) == (
        Action.NO_OP,
        Reason.NOT_FOUND,
        PROJECT,
    )


answers = st.one_of(
    st.just(FAILED),
    st.just(NOT_FOUND),
    st.builds(
        Observed,
        status=st.sampled_from(sorted(set(ReviewStatus) - {ReviewStatus.NOT_FOUND})),
        id=st.sampled_from([None, "SIG1", "SIG2", "SIG3"]),
        content=st.sampled_from([None, "甲乙丙丁", "子丑寅卯"]),
    ),
)

contents = st.sampled_from(["甲乙丙丁", "子丑寅卯"])


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[tuple[Target, Answer]], dict[str, Recorded]]:
    """Any answers at all, sensible or not."""
    wanted = [
        desired("b", ids=("SIG1", "SIG2")),
        desired("a", ids=()),
        desired("c", ids=(), content="子丑寅卯", absent=draw(st.booleans())),
        desired("d", ids=(), content="辰巳午未", suspend=True),
    ]
    records = {
        key: recorded(key, name=draw(st.sampled_from("abcx")), content=draw(contents))
        for key in draw(st.sets(st.sampled_from(["SIG1", "SIG2", "SIG3", "SIG4"])))
    }
    return [(target, draw(answers)) for target in pair(wanted, records)], records


@given(situation=situations())
def test_every_target_gets_one_row_and_no_id_two(
    situation: tuple[list[tuple[Target, Answer]], dict[str, Recorded]],
) -> None:
    answered, records = situation
    made = build(answered, records)
    decided = [row.id for row in made.changes if row.id is not None]
    assert len(decided) == len(set(decided))
    named = {target.name for target, _ in answered if target.desired is not None}
    assert named <= {row.name for row in made.changes} | {row.name for row in made.errors}
    assert len(made.changes) + len(made.errors) <= len(answered)


@given(situation=situations(), data=st.data())
def test_rows_are_sorted_by_name_then_id_whatever_order_the_answers_came_in(
    situation: tuple[list[tuple[Target, Answer]], dict[str, Recorded]], data: st.DataObject
) -> None:
    answered, records = situation
    made = build(answered, records)
    changes = [(row.name, row.id or "") for row in made.changes]
    errors = [(row.name, row.id or "") for row in made.errors]
    assert (changes, errors) == (sorted(changes), sorted(errors))
    assert build(data.draw(st.permutations(answered)), records) == made


def test_what_cannot_be_applied_for_without_a_description_is_told_before_anything_is_sent() -> None:
    want = desired(ids=(), description=None)
    target = Target(desired=want, id=None, recorded=None)
    plan = build([(target, NOT_FOUND)], {})
    assert plan.changes == ()
    assert "needs a `description`" in plan.errors[0].summary
