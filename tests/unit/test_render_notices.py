"""A few lines for a chat: what went wrong first, and nothing that a chat would act on."""

from __future__ import annotations

from reconciler.model import ReviewStatus
from reconciler.plan.board import Health, Row
from reconciler.plan.outcomes import Outcome, Result
from reconciler.render.notices import applied_notice, status_notice


def outcome(name: str, result: Result, detail: str = "", id: str | None = "SIG1") -> Outcome:
    return Outcome(name=name, id=id, result=result, reason="changed", detail=detail)


def row(name: str, health: Health, status: ReviewStatus, rejection: str | None = None) -> Row:
    return Row(
        name=name,
        id="SIG1",
        content=None,
        status=status,
        health=health,
        in_sync=True,
        rejection=rejection,
        submitted_at=None,
        age_hours=None,
    )


def test_of_an_apply_what_went_wrong_comes_first_with_its_reason() -> None:
    notice = applied_notice(
        [
            outcome("a", Result.SUBMITTED),
            outcome("b", Result.FAILED, "no answer", id=None),
            outcome("c", Result.SKIPPED),
        ]
    )
    assert notice.command == "apply"
    assert notice.title == "reconciler: Apply: 1 submitted, 1 skipped, 1 failed"
    assert notice.text.splitlines() == [
        "failed b (no id): no answer",
        "skipped c SIG1: changed",
        "submitted a SIG1",
    ]
    assert notice.summary["failed"] == 1


def test_of_a_board_only_those_that_are_not_well_are_named() -> None:
    notice = status_notice(
        [
            row("a", Health.HEALTHY, ReviewStatus.APPROVED),
            row("b", Health.PROGRESSING, ReviewStatus.PENDING),
            row("c", Health.DEGRADED, ReviewStatus.REJECTED, "名称不规范"),
            row("d", Health.SUSPENDED, ReviewStatus.REJECTED),
        ]
    )
    assert notice.title.startswith("reconciler: Status: 1 healthy, 1 progressing, 1 degraded")
    assert notice.text.splitlines() == ["rejected c SIG1: 名称不规范", "pending b SIG1"]


def test_a_board_that_is_well_says_so() -> None:
    notice = status_notice([row("a", Health.HEALTHY, ReviewStatus.APPROVED)])
    assert (notice.text, notice.command) == ("All is well.", "status")


def test_a_message_is_short_whatever_there_is() -> None:
    notice = applied_notice(
        [outcome(f"n{number:03}", Result.FAILED, "x" * 999) for number in range(50)]
    )
    lines = notice.text.splitlines()
    assert (len(lines), lines[-1]) == (21, "and 30 more")
    assert max(map(len, lines)) <= 201


def test_no_text_of_the_service_mentions_anybody_or_links_anywhere() -> None:
    hostile = "<!channel> @all [x](http://evil) `code` \x1b[31m\n- forged line"
    notice = applied_notice([outcome("a", Result.FAILED, hostile)])
    assert len(notice.text.splitlines()) == 1
    assert not set(notice.text) & set("<>@[]`\x1b")
