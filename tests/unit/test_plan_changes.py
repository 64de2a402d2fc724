"""A plan's fingerprint and its counts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model import Desired, ReviewStatus
from reconciler.plan.changes import (
    QUIET,
    REMOTE_WRITES,
    Action,
    Change,
    Failure,
    FieldDiff,
    Plan,
    Reason,
    Verdict,
)
from tests.unit.builders import PROJECT, desired


def row(
    action: Action = Action.RESUBMIT,
    *,
    id: str | None = "SIG1",
    name: str = "shop",
    want: Desired | None = None,
    **changes: Any,
) -> Change:
    fields: dict[str, Any] = {
        "name": name,
        "id": id,
        "project": PROJECT,
        "path": f"signatures/{name}.yaml",
        "line": 1,
        "verdict": Verdict(action=action, reason=Reason.CHANGED),
        "status": ReviewStatus.PENDING,
        "rejection": None,
        "diff": (),
        "documents": (),
        "unverifiable": (),
        "desired": want or desired(name),
        "recorded": None,
    }
    return Change(**(fields | changes))


def plan(*changes: Change, errors: tuple[Failure, ...] = ()) -> Plan:
    return Plan(changes=changes, errors=errors)


class TestFingerprint:
    @pytest.mark.parametrize("action", sorted(REMOTE_WRITES))
    def test_covers_every_row_that_writes_remotely(self, action: Action) -> None:
        assert plan(row(action)).fingerprint != plan().fingerprint

    @pytest.mark.parametrize("action", sorted(set(Action) - REMOTE_WRITES))
    def test_covers_no_other_row(self, action: Action) -> None:
        other = row(action, id="SIG2", name="other")
        assert plan(row(), other).fingerprint == plan(row()).fingerprint

    def test_covers_the_id(self) -> None:
        assert plan(row(id="SIG2")).fingerprint != plan(row(id="SIG1")).fingerprint

    def test_covers_the_action(self) -> None:
        fingerprints = {plan(row(action)).fingerprint for action in REMOTE_WRITES}
        assert len(fingerprints) == len(REMOTE_WRITES)

    def test_covers_the_manifest(self) -> None:
        edited = row(want=desired(content="子丑寅卯"))
        assert plan(edited).fingerprint != plan(row()).fingerprint

    def test_covers_nothing_else(self) -> None:
        """Whatever else a row says, the same would be done."""
        moved = row(
            name="retail/shop",
            path="signatures/retail/shop.yml",
            line=9,
            verdict=Verdict(action=Action.RESUBMIT, reason=Reason.DRIFTED, attention=True),
            status=ReviewStatus.REJECTED,
            rejection="公司名称不符",
            diff=(FieldDiff(field="scene", before=None, after="x"),),
            unverifiable=("type",),
            want=desired("retail/shop", ids=("SIG1", "SIG2")),
        )
        failed = (Failure(name="x", id=None, summary="no answer"),)
        assert plan(moved, errors=failed).fingerprint == plan(row()).fingerprint

    def test_does_not_cover_where_a_document_lies(self) -> None:
        want = desired()
        assert want.submission is not None
        elsewhere = replace(want.submission.certificate, path="elsewhere.png")
        sent = replace(want.submission, certificate=elsewhere)
        moved = row(want=replace(want, submission=sent))
        assert plan(moved).fingerprint == plan(row()).fingerprint

    def test_counts_a_row_as_often_as_it_is_there(self) -> None:
        new = row(Action.CREATE, id=None)
        assert plan(new, new).fingerprint != plan(new).fingerprint

    def test_of_a_tombstone_needs_nothing_to_send(self) -> None:
        tombstone = replace(desired(absent=True), submission=None)
        gone = row(Action.DELETE, want=tombstone)
        assert plan(gone).fingerprint == plan(replace(gone, desired=None)).fingerprint
        assert plan(gone).fingerprint != plan(row(Action.DELETE)).fingerprint

    @given(rows=st.permutations([row(id=f"SIG{n}", name=f"n{-n}") for n in range(5)]))
    def test_does_not_depend_on_the_order_of_rows(self, rows: list[Change]) -> None:
        ordered = sorted(rows, key=lambda each: each.id or "")
        assert plan(*rows).fingerprint == plan(*ordered).fingerprint

    @pytest.mark.parametrize(
        ("rows", "pinned"),
        [
            ((), "4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"),
            (
                (row(), row(Action.CREATE, id=None, name="new")),
                "741c275dfb2ae4243090dae810ba7b93c6653a1b4ca73ec51af2b5094801acef",
            ),
        ],
        ids=["nothing", "two rows"],
    )
    def test_stays_the_same_from_version_to_version(
        self, rows: tuple[Change, ...], pinned: str
    ) -> None:
        """A plan may be reviewed with one version and applied with the next."""
        assert plan(*rows).fingerprint == pinned


class TestSummary:
    def test_counts_every_action_and_names_those_that_did_not_come_up(self) -> None:
        attention = Verdict(action=Action.NO_OP, reason=Reason.DRIFTED, attention=True)
        summary = plan(
            row(),
            row(),
            row(Action.ADOPT),
            row(Action.NO_OP),
            row(verdict=attention),
            errors=(Failure(name="x", id=None, summary="no answer"),),
        ).summary
        assert list(summary.items()) == [
            ("resubmit", 2),
            ("create", 0),
            ("adopt", 1),
            ("delete", 0),
            ("forget", 0),
            ("no-op", 2),
            ("blocked", 0),
            ("attention", 1),
            ("errors", 1),
        ]

    def test_has_a_place_for_every_action(self) -> None:
        for action in Action:
            assert plan(row(action)).summary[action.value] == 1


class TestWhatARowSends:
    def test_is_what_its_manifest_asks_for(self) -> None:
        want = desired(content="子丑寅卯")
        assert row(want=want).submission is want.submission

    def test_is_never_made_up_where_there_is_nothing_to_send(self) -> None:
        tombstone = replace(desired(absent=True), submission=None)
        for empty in (row(Action.DELETE, want=tombstone), replace(row(), desired=None)):
            with pytest.raises(AssertionError, match="nothing to send"):
                assert empty.submission


def test_the_quiet_actions_are_no_op_and_blocked() -> None:
    """Any other row is a pending change (`plan --detailed-exitcode`)."""
    assert {Action.NO_OP, Action.BLOCKED} == QUIET
