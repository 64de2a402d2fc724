"""Manifests of then beside manifests of now, without the service or the state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from reconciler.model import Desired
from reconciler.plan.changes import Action, Plan
from reconciler.since.compare import compare
from tests.unit.builders import desired

COMMIT = "c" * 40


def plan(earlier: Iterable[Desired], now: Iterable[Desired]) -> Plan:
    return compare(earlier, now, commit=COMMIT, endpoint="http://service.example")


def rows(earlier: Iterable[Desired], now: Iterable[Desired]) -> list[tuple[str, str | None, str]]:
    found = plan(earlier, now).changes
    return [(row.name, row.id, row.verdict.reason.value) for row in found]


def test_a_manifest_that_asks_for_the_same_changes_nothing() -> None:
    assert rows([desired()], [desired()]) == [("shop", "SIG1", "in_sync")]


def test_a_changed_manifest_shows_its_fields_before_and_after() -> None:
    found = plan([desired(scene="old")], [desired(scene="new")]).changes
    assert [(d.field, d.before, d.after) for d in found[0].diff] == [("scene", "old", "new")]
    assert found[0].action is Action.RESUBMIT


def test_a_moved_file_changes_nothing() -> None:
    assert rows([desired("old")], [desired("new")]) == [("new", "SIG1", "in_sync")]


def test_a_removed_manifest_is_forgotten() -> None:
    assert rows([desired()], []) == [("shop", "SIG1", "unmanaged")]


def test_a_removed_id_is_forgotten_and_the_others_stay() -> None:
    before, after = desired(ids=("SIG1", "SIG2")), desired(ids=("SIG2",))
    assert rows([before], [after]) == [
        ("shop", "SIG1", "unmanaged"),
        ("shop", "SIG2", "in_sync"),
    ]


def test_a_new_manifest_is_a_first_submission() -> None:
    assert rows([], [desired()]) == [("shop", "SIG1", "first_submission")]
    assert rows([], [desired(ids=())]) == [("shop", None, "new")]


def test_one_without_an_id_is_compared_by_its_place_or_its_content() -> None:
    before = desired(ids=())
    assert rows([before], [desired(ids=())]) == [("shop", None, "in_sync")]
    assert rows([before], [desired(ids=(), content="子丑寅卯")]) == [("shop", None, "changed")]
    assert rows([before], [desired("moved", ids=())]) == [("moved", None, "in_sync")]
    assert rows([before], []) == [("shop", None, "unmanaged")]


def test_an_id_that_is_written_down_later_changes_nothing() -> None:
    assert rows([desired(ids=())], [desired(ids=("SIG1",))]) == [("shop", "SIG1", "in_sync")]
    moved = desired("moved", ids=("SIG1",))
    assert rows([desired(ids=())], [moved]) == [("moved", "SIG1", "in_sync")]


def test_what_was_suspended_is_not_taken_for_what_was_submitted() -> None:
    asleep, awake = desired(suspend=True), desired()
    assert rows([asleep], [awake]) == [("shop", "SIG1", "first_submission")]
    assert rows([asleep], [asleep]) == [("shop", "SIG1", "suspended")]
    assert rows([awake], [asleep]) == [("shop", "SIG1", "suspended")]
    assert rows([asleep], []) == [("shop", "SIG1", "unmanaged")]


def test_a_tombstone_is_a_deletion_and_was_never_a_submission() -> None:
    gone = replace(desired(), absent=True, submission=None, content=None)
    assert rows([desired()], [gone]) == [("shop", "SIG1", "absent")]
    assert rows([gone], [desired()]) == [("shop", "SIG1", "first_submission")]
    assert rows([gone], []) == []


names = st.sampled_from(["a", "b", "c"])
manifests = st.builds(
    lambda name, numbered, scene: desired(
        name, ids=(f"SIG-{name}",) if numbered else (), scene=scene, content=f"甲乙丙{name}"
    ),
    names,
    st.booleans(),
    st.sampled_from(["one", "two"]),
)
repositories = st.lists(manifests, unique_by=lambda each: each.name)


@given(repositories)
def test_comparing_a_repository_with_itself_changes_nothing(each: list[Desired]) -> None:
    assert all(row.action is Action.NO_OP for row in plan(each, each).changes)


@given(repositories, repositories)
def test_every_manifest_has_its_row_and_no_stand_in_is_shown(
    earlier: list[Desired], now: list[Desired]
) -> None:
    found = plan(earlier, now).changes
    assert {each.name for each in now} <= {row.name for row in found}
    assert {row.id for row in found} <= {None, "SIG-a", "SIG-b", "SIG-c"}
