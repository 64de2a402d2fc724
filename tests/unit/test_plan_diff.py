"""What a row shows of the fields and the documents, for every kind of row."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from reconciler.model import (
    Desired,
    Observed,
    Proof,
    Purpose,
    Recorded,
    ReviewStatus,
    SignatureType,
)
from reconciler.plan.changes import Action, FieldDiff, Reason, Verdict
from reconciler.plan.diff import differences, documents
from tests.unit.builders import LETTER, LICENCE, NOT_FOUND, desired, observed, recorded

OTHER = "子丑寅卯"
NONE: tuple[FieldDiff, ...] = ()


def diff(
    action: Action,
    reason: Reason,
    want: Desired | None,
    had: Recorded | None,
    seen: Observed | None = None,
) -> list[tuple[str, str | None, str | None]]:
    verdict = Verdict(action=action, reason=reason)
    found = differences(verdict, want, had, observed() if seen is None else seen)
    return [(each.field, each.before, each.after) for each in found]


def changed(**fields: Any) -> list[tuple[str, str | None, str | None]]:
    return diff(Action.RESUBMIT, Reason.CHANGED, desired(**fields), recorded())


class TestAResubmission:
    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"content": OTHER}, ("content", "甲乙丙丁", OTHER)),
            ({"type": SignatureType.TRADEMARK}, ("type", "company", "trademark")),
            ({"purpose": Purpose.OTHERS_USE}, ("purpose", "self-use", "others-use")),
            ({"certificate": LETTER}, ("certificate", LICENCE.identity, LETTER.identity)),
            ({"authorization": LETTER}, ("authorization", None, LETTER.identity)),
            ({"scene": "Codes"}, ("scene", None, "Codes")),
        ],
        ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
    )
    def test_shows_each_changed_field_before_and_after(
        self, fields: dict[str, Any], expected: tuple[str, str | None, str | None]
    ) -> None:
        assert changed(**fields) == [expected]

    def test_shows_the_fields_in_the_manifests_order(self) -> None:
        fields = changed(scene="Codes", type=SignatureType.APP, content=OTHER, certificate=LETTER)
        assert [field for field, _, _ in fields] == ["content", "type", "certificate", "scene"]

    def test_shows_what_was_taken_away(self) -> None:
        had = recorded(scene="Codes", authorization=LETTER)
        assert diff(Action.RESUBMIT, Reason.CHANGED, desired(), had) == [
            ("authorization", LETTER.identity, None),
            ("scene", "Codes", None),
        ]

    def test_does_not_show_a_document_that_only_moved(self) -> None:
        assert changed(certificate=replace(LICENCE, path="new/licence.png")) == []

    def test_shows_a_document_that_became_a_url(self) -> None:
        url = Proof(url="https://docs.example/licence.png")
        assert changed(certificate=url) == [
            ("certificate", LICENCE.identity, "url:https://docs.example/licence.png")
        ]

    def test_does_not_show_what_an_update_cannot_send(self) -> None:
        assert changed(description="For codes", international=True, qualification="Q1") == []

    def test_of_a_drifted_one_shows_the_services_content_as_before(self) -> None:
        seen = observed(content=OTHER)
        assert diff(Action.RESUBMIT, Reason.DRIFTED, desired(), recorded(), seen) == [
            ("content", OTHER, "甲乙丙丁")
        ]

    def test_of_a_changed_one_shows_the_recorded_content_as_before(self) -> None:
        want, seen = desired(content=OTHER), observed(content="辰巳午未")
        assert diff(Action.RESUBMIT, Reason.CHANGED, want, recorded(), seen) == [
            ("content", "甲乙丙丁", OTHER)
        ]

    def test_without_a_record_knows_the_services_content_alone(self) -> None:
        seen = observed(content=OTHER)
        fields = diff(Action.RESUBMIT, Reason.CONTENT_DIFFERS, desired(scene="x"), None, seen)
        assert fields == [
            ("content", OTHER, "甲乙丙丁"),
            ("type", None, "company"),
            ("purpose", None, "self-use"),
            ("certificate", None, LICENCE.identity),
            ("scene", None, "x"),
        ]

    def test_without_a_record_does_not_show_a_content_that_is_right(self) -> None:
        fields = diff(Action.RESUBMIT, Reason.FIRST_SUBMISSION, desired(), None)
        assert "content" not in {field for field, _, _ in fields}


class TestAnApplication:
    def test_shows_every_field_it_sends_and_nothing_before(self) -> None:
        want = desired(ids=(), description="For codes", international=True, qualification="Q1")
        assert diff(Action.CREATE, Reason.NEW, want, None, NOT_FOUND) == [
            ("content", None, "甲乙丙丁"),
            ("type", None, "company"),
            ("purpose", None, "self-use"),
            ("certificate", None, LICENCE.identity),
            ("description", None, "For codes"),
            ("international", None, "true"),
            ("qualification", None, "Q1"),
        ]


class TestABlockedRow:
    def test_shows_what_cannot_be_done(self) -> None:
        want = desired(content=OTHER)
        assert diff(Action.BLOCKED, Reason.APPROVED_IMMUTABLE, want, recorded()) == [
            ("content", "甲乙丙丁", OTHER)
        ]

    def test_of_a_tombstone_shows_nothing(self) -> None:
        tombstone = replace(desired(absent=True), submission=None)
        verdict = Verdict(action=Action.BLOCKED, reason=Reason.UNDER_REVIEW)
        assert differences(verdict, tombstone, recorded(), observed()) == NONE
        assert documents(verdict, tombstone) == ()


class TestAnAdoption:
    def test_of_an_untracked_one_has_nothing_to_compare_with(self) -> None:
        assert diff(Action.ADOPT, Reason.UNTRACKED, desired(), None) == []

    def test_that_catches_up_shows_what_the_record_will_learn(self) -> None:
        want, seen = desired(content=OTHER), observed(content=OTHER)
        assert diff(Action.ADOPT, Reason.CAUGHT_UP, want, recorded(), seen) == [
            ("content", "甲乙丙丁", OTHER)
        ]


class TestAQuietRow:
    def test_in_sync_shows_nothing(self) -> None:
        assert diff(Action.NO_OP, Reason.IN_SYNC, desired(), recorded()) == []

    def test_that_drifted_shows_what_the_service_has_instead(self) -> None:
        seen = observed(ReviewStatus.APPROVED, content=OTHER)
        assert diff(Action.NO_OP, Reason.DRIFTED, desired(), recorded(), seen) == [
            ("content", OTHER, "甲乙丙丁")
        ]

    def test_that_is_suspended_shows_nothing_though_it_changed(self) -> None:
        want = desired(content=OTHER, suspend=True)
        assert diff(Action.NO_OP, Reason.SUSPENDED, want, recorded()) == []

    def test_without_a_record_shows_nothing(self) -> None:
        assert diff(Action.NO_OP, Reason.ABSENT, desired(absent=True), None, NOT_FOUND) == []


def test_a_row_that_touches_the_record_alone_shows_nothing() -> None:
    for want in (desired(content=OTHER), None):
        assert diff(Action.FORGET, Reason.ABSENT, want, recorded()) == []


class TestADeletion:
    """It cannot be undone, and a mistyped id is somebody else's signature."""

    @pytest.mark.parametrize("content", [OTHER, None])
    def test_shows_the_content_that_its_tombstone_does_not_name(self, content: str | None) -> None:
        want = desired(content=content, absent=True)
        assert diff(Action.DELETE, Reason.ABSENT, want, None) == [("content", "甲乙丙丁", None)]

    def test_of_the_content_that_its_tombstone_names_shows_nothing(self) -> None:
        assert diff(Action.DELETE, Reason.ABSENT, desired(absent=True), recorded()) == []

    def test_that_nobody_has_looked_at_shows_nothing(self) -> None:
        assert diff(Action.DELETE, Reason.ABSENT, desired(absent=True), None, NOT_FOUND) == []


class TestDocuments:
    @pytest.mark.parametrize(
        "action", [Action.RESUBMIT, Action.CREATE, Action.ADOPT, Action.BLOCKED]
    )
    def test_stand_with_their_roles_certificate_first(self, action: Action) -> None:
        verdict = Verdict(action=action, reason=Reason.CHANGED)
        found = documents(verdict, desired(authorization=LETTER))
        assert [(each.role, each.proof) for each in found] == [
            ("certificate", LICENCE),
            ("authorization", LETTER),
        ]

    def test_are_not_made_up_where_there_is_no_letter(self) -> None:
        verdict = Verdict(action=Action.RESUBMIT, reason=Reason.CHANGED)
        assert [each.role for each in documents(verdict, desired())] == ["certificate"]

    @pytest.mark.parametrize("action", [Action.NO_OP, Action.DELETE, Action.FORGET])
    def test_are_not_shown_where_none_would_be_sent(self, action: Action) -> None:
        verdict = Verdict(action=action, reason=Reason.ABSENT)
        assert documents(verdict, desired()) == ()

    def test_are_not_shown_without_a_manifest(self) -> None:
        assert documents(Verdict(action=Action.ADOPT, reason=Reason.UNTRACKED), None) == ()
