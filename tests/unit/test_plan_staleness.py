"""What was reviewed and what would be done now, told row by row."""

from __future__ import annotations

from dataclasses import replace

from reconciler.model import Desired, Observed, Proof, Recorded, ReviewStatus
from reconciler.plan.build import change
from reconciler.plan.changes import Change, Failure, Plan
from reconciler.plan.pairing import Target
from reconciler.plan.staleness import ReviewedRow, differences, row_of, unpinned
from tests.unit.builders import LETTER, NOT_FOUND, desired, observed, recorded


def row(want: Desired | None, seen: Observed, had: Recorded | None = None) -> Change:
    return change(Target(desired=want, id=None if seen.id is None else "SIG1", recorded=had), seen)


RESUBMIT = row(desired(content="子丑寅卯"), observed())
BLOCKED = row(desired(content="子丑寅卯"), observed(ReviewStatus.APPROVED))
NOTHING = row(desired(), observed(), recorded())
NEW = row(desired(ids=()), NOT_FOUND)


def told(*now: Change, reviewed: tuple[Change, ...], failed: str | None = None) -> list[str]:
    errors = () if failed is None else (Failure(name="shop", id=failed, summary="no answer"),)
    return list(differences([row_of(each) for each in reviewed], Plan(changes=now, errors=errors)))


def test_the_same_rows_differ_in_nothing() -> None:
    assert told(RESUBMIT, reviewed=(RESUBMIT,)) == []
    assert told(NOTHING, reviewed=(NOTHING,)) == []


def test_a_row_that_is_no_longer_possible_is_told_with_the_reason() -> None:
    assert told(BLOCKED, reviewed=(RESUBMIT,)) == [
        "shop (SIG1): resubmit (content_differs) was reviewed; now blocked (approved_immutable)"
    ]


def test_a_row_that_nobody_reviewed_is_told() -> None:
    assert told(RESUBMIT, reviewed=()) == [
        "shop (SIG1): nothing was reviewed; now resubmit (content_differs)"
    ]
    assert told(RESUBMIT, reviewed=(NOTHING,)) == [
        "shop (SIG1): nothing (under_review) was reviewed; now resubmit (content_differs)"
    ]


def test_a_row_that_is_gone_is_told() -> None:
    assert told(reviewed=(RESUBMIT,)) == [
        "shop (SIG1): resubmit (content_differs) was reviewed; now there is no such signature"
    ]


def test_a_row_that_cannot_be_read_is_told() -> None:
    assert told(reviewed=(RESUBMIT,), failed="SIG1") == [
        "shop (SIG1): resubmit was reviewed; now it cannot be asked about"
    ]


def test_what_would_send_nothing_either_way_is_not_told() -> None:
    assert told(BLOCKED, reviewed=(NOTHING,)) == []
    assert told(reviewed=(NOTHING,)) == []
    assert told(BLOCKED, reviewed=()) == []


def test_a_field_that_would_be_sent_otherwise_is_told_before_and_after() -> None:
    other = row(desired(content="辰巳午未", scene="x" * 80), observed())
    assert told(other, reviewed=(RESUBMIT,)) == [
        "shop (SIG1): content: “子丑寅卯” was reviewed; now “辰巳午未”",
        f"shop (SIG1): scene: no change was reviewed; now “{'x' * 60}…”",
    ]


def test_a_document_that_would_be_sent_otherwise_is_told_by_its_hash() -> None:
    other = row(desired(content="子丑寅卯", certificate=LETTER), observed())
    (line,) = told(other, reviewed=(RESUBMIT,))
    assert line.startswith("shop (SIG1): certificate: “sha256:aaaa")
    assert "now “sha256:bbbb" in line
    uploaded = Proof(url="https://x.example/1")
    (line,) = told(
        row(desired(content="子丑寅卯", certificate=uploaded), observed()), reviewed=(RESUBMIT,)
    )
    assert line.endswith("now “url:https://x.example/1”")


def test_a_signature_without_an_id_is_known_by_its_name() -> None:
    other = row(replace(desired(ids=(), content="辰巳午未"), name="shop"), NOT_FOUND)
    assert told(other, reviewed=(NEW,)) == [
        "shop (no id): content: “甲乙丙丁” was reviewed; now “辰巳午未”"
    ]


def test_a_name_that_looks_like_an_id_is_not_taken_for_one() -> None:
    by_name = ReviewedRow(name="SIG1", id=None, action="create", reason="new")
    assert list(differences([by_name], Plan(changes=(NOTHING,), errors=()))) == [
        "SIG1 (no id): create (new) was reviewed; now there is no such signature"
    ]


def leaves_room(now: Change, then: Change) -> list[str]:
    return list(unpinned([row_of(then)], Plan(changes=(now,), errors=())))


class TestTheSameFingerprint:
    """It covers neither the project nor what an application sends beyond an update."""

    def test_leaves_no_room_where_all_is_the_same(self) -> None:
        for each in (RESUBMIT, NEW, NOTHING):
            assert leaves_room(each, each) == []

    def test_leaves_room_for_another_project(self) -> None:
        elsewhere = row(desired(content="子丑寅卯", project="org-other"), observed())
        assert leaves_room(elsewhere, RESUBMIT) == [
            "shop (SIG1): project: org-tests was reviewed; now org-other"
        ]

    def test_leaves_room_for_another_description_of_an_application(self) -> None:
        other = row(desired(ids=(), description="News"), NOT_FOUND)
        assert leaves_room(other, NEW) == [
            "shop (no id): description: “Login codes” was reviewed; now “News”"
        ]

    def test_is_only_asked_about_rows_that_were_reviewed_and_write(self) -> None:
        assert leaves_room(NOTHING, RESUBMIT) == []
        assert list(unpinned([], Plan(changes=(RESUBMIT,), errors=()))) == []
