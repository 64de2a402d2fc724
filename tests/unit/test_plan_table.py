"""The decision table, exhaustively: `tests/cases/decisions.txt` names every situation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import NamedTuple

import pytest

from reconciler.model import Desired, Observed, Recorded, ReviewStatus, SignatureType
from reconciler.plan.changes import Action, Reason, Verdict
from reconciler.plan.facts import Facts, establish
from reconciler.plan.table import decide
from tests.unit.builders import NOT_FOUND, desired, observed, recorded

CASES = Path(__file__).parent.parent / "cases" / "decisions.txt"
WANTED, RECORDED, OTHER = "甲乙丙丁", "甲乙丙丁戊", "子丑寅卯"


class Case(NamedTuple):
    had: str
    id: str
    seen: str
    content: str
    action: str
    reason: str
    attention: bool

    @property
    def situation(self) -> tuple[str, str, str, str]:
        return (self.had, self.id, self.seen, self.content)


def read_cases() -> list[Case]:
    lines = [line.split() for line in CASES.read_text(encoding="utf-8").splitlines()]
    rows = [line for line in lines if line and line[0] != "#"]
    return [
        Case(had, known, seen, content, action, reason, attention=rest == ["attention"])
        for had, known, seen, content, action, reason, *rest in rows
    ]


def had(case: Case) -> Recorded | None:
    return {
        "none": None,
        "same": recorded(content=WANTED),
        "content": recorded(content=RECORDED),
        "more": recorded(content=RECORDED, type=SignatureType.TRADEMARK),
    }[case.had]


def seen(case: Case) -> Observed:
    status = ReviewStatus(case.seen)
    if case.content == "-":
        return Observed(status=status)
    shown = {"wanted": WANTED, "recorded": RECORDED, "other": OTHER}[case.content]
    return observed(status, content=shown)


def decision(want: Desired | None, case: Case) -> Verdict:
    known = "SIG1" if case.id == "yes" else None
    return decide(establish(desired=want, id=known, recorded=had(case), observed=seen(case)))


@pytest.mark.parametrize("case", read_cases(), ids=lambda case: "-".join(case.situation))
class TestEveryCase:
    def test_is_decided_as_its_line_says(self, case: Case) -> None:
        verdict = decision(desired(content=WANTED), case)
        assert verdict.action == Action(case.action)
        assert verdict.reason == Reason(case.reason)
        assert verdict.attention == case.attention

    def test_is_left_alone_when_suspended(self, case: Case) -> None:
        for absent in (True, False):
            want = desired(content=WANTED, suspend=True, absent=absent)
            expected = Verdict(action=Action.NO_OP, reason=Reason.SUSPENDED)
            assert decision(want, case) == expected

    def test_is_forgotten_when_recorded_without_a_manifest(self, case: Case) -> None:
        if had(case) is None:
            assert case.had == "none"  # neither manifest nor record: nothing to decide about
            return
        expected = Verdict(action=Action.FORGET, reason=Reason.UNMANAGED)
        assert decision(None, case) == expected

    def test_is_deleted_by_a_tombstone_unless_under_review_or_gone(self, case: Case) -> None:
        verdict = decision(desired(content=WANTED, absent=True), case)
        gone = Action.NO_OP if case.had == "none" else Action.FORGET
        expected = {
            "reviewing": Verdict(action=Action.BLOCKED, reason=Reason.UNDER_REVIEW),
            "not-found": Verdict(action=gone, reason=Reason.ABSENT),
        }.get(case.seen, Verdict(action=Action.DELETE, reason=Reason.ABSENT))
        assert verdict == expected


def test_the_cases_name_every_situation_once() -> None:
    contents = {
        "none": ("wanted", "other"),
        "same": ("wanted", "other"),
        "content": ("wanted", "recorded", "other"),
        "more": ("wanted", "recorded", "other"),
    }
    silent = {"not-found", "unknown"}
    spoken = {status.value for status in ReviewStatus} - silent
    situations = {
        (had, "yes", status, content)
        for had, shown in contents.items()
        for status, content in product(spoken, shown)
    }
    situations |= {(had, "yes", status, "-") for had, status in product(contents, silent)}
    situations |= {("none", "no", status, "-") for status in silent}
    named = [case.situation for case in read_cases()]
    assert sorted(named) == sorted(situations)


def all_facts(statuses: Iterable[ReviewStatus]) -> Iterator[Facts]:
    """Every combination, those left out where there is neither a manifest nor a record."""
    flags = [name for name in Facts.__dataclass_fields__ if name != "status"]
    for status in statuses:
        for values in product((True, False), repeat=len(flags)):
            facts = Facts(status=status, **dict(zip(flags, values, strict=True)))
            if facts.managed or facts.recorded:
                yield facts


def test_some_row_fits_every_combination_of_facts() -> None:
    """`decide` never falls off the table's end, even for combinations that cannot come up."""
    for facts in all_facts(ReviewStatus):
        assert decide(facts).action in Action


def test_an_approved_or_disabled_signature_is_never_resubmitted() -> None:
    for facts in all_facts((ReviewStatus.APPROVED, ReviewStatus.DISABLED)):
        assert decide(facts).action is not Action.RESUBMIT


def test_a_rejected_signature_is_not_sent_again_unchanged() -> None:
    same = establish(
        desired=desired(),
        id="SIG1",
        recorded=recorded(),
        observed=observed(ReviewStatus.REJECTED),
    )
    assert decide(same).reason is Reason.REJECTED_UNCHANGED
    assert decide(replace(same, changed=True)).action is Action.RESUBMIT


def test_an_id_known_from_the_record_alone_counts_as_an_id() -> None:
    facts = establish(
        desired=desired(ids=(), content="子丑寅卯"),
        id="SIG1",
        recorded=recorded(),
        observed=NOT_FOUND,
    )
    assert decide(facts).action is Action.BLOCKED
