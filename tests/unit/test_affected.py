"""Whom the rules have to look at again: who speaks about what is not, or was not, agreed."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.affected import Affected, Fresh, beside, note_in, users
from reconciler.cache.statements import Stated, Statements
from reconciler.problems import CLASH
from reconciler.rules.beside import READ, SCANS, USES, WRITTEN, Noted

HOLDER, OWNER, SCENE = "USMS401", "USMS406", "USMS403"


def stated(**kinds: Sequence[Noted]) -> Stated:
    statements = Statements([f"signatures/{name}.yaml" for name in "abcdef"])
    for kind, noted in kinds.items():
        statements.note(kind, noted)
    return Stated(statements.text())


def affected(known: Stated, gone: set[int], fresh: Fresh) -> set[int]:
    """Those who have to be looked at besides."""
    return Affected(known).by(gone, fresh) - gone


def fresh(kind: str, *noted: Noted) -> Fresh:
    found: Fresh = {}
    note_in(found, kind, noted)
    return found


AGREED = stated(USMS401=[("licence", "star", [0, 1, 2]), ("letter", "cup", [3])])


def test_nobody_where_all_go_on_to_agree() -> None:
    assert affected(AGREED, {1}, fresh(HOLDER, ("licence", "star", [0]))) == set()


def test_all_who_speak_about_it_where_somebody_contradicts() -> None:
    assert affected(AGREED, {1}, fresh(HOLDER, ("licence", "cup", [0]))) == {0, 2}


def test_nobody_where_the_only_one_changes_his_mind() -> None:
    assert affected(AGREED, {3}, fresh(HOLDER, ("letter", "star", [0]))) == set()


def test_all_others_where_the_one_who_contradicted_is_gone() -> None:
    disputed = stated(USMS401=[("licence", "star", [0, 2]), ("licence", "cup", [1])])
    assert affected(disputed, {1}, {}) == {0, 2}


def test_those_too_with_whom_one_of_them_disputes_something_else() -> None:
    disputed = stated(
        USMS401=[("licence", "star", [0, 1])],
        USMS403=[("codes", "1", [1]), ("codes", "4", [4])],
    )
    assert affected(disputed, {0}, fresh(HOLDER, ("licence", "cup", [0]))) == {1, 4}
    assert Affected(disputed).with_disputes({0}) == {0}
    assert Affected(disputed).with_disputes({1, 0}) == {0, 1, 4}


def test_nobody_with_whom_he_only_agrees() -> None:
    disputed = stated(USMS403=[("codes", "1", [1]), ("codes", "4", [4])])
    assert affected(disputed, {0}, {}) == set()


OWNERS: Sequence[Noted] = [
    ("", "mark star", [0]),
    ("", "applicant star", [1]),
    ("", "applicant cup", [2]),
]


def test_owners_of_marks_where_their_company_applies_no_more() -> None:
    assert affected(stated(USMS406=OWNERS), {1}, {}) == {0, 2}


def test_nobody_where_another_company_applies_no_more() -> None:
    assert affected(stated(USMS406=OWNERS), {2}, {}) == set()


def test_owners_of_marks_where_their_company_begins_to_apply() -> None:
    before = stated(USMS406=[OWNERS[0], OWNERS[2]])
    assert affected(before, set(), fresh(OWNER, OWNERS[1])) == {0, 2}


def test_who_has_claimed_it_already() -> None:
    claimed: Sequence[Noted] = [("id SIG1", "", [0]), ("id SIG2", "", [1])]
    claims = stated(**{CLASH: claimed})
    assert affected(claims, {1}, fresh(CLASH, ("id SIG1", "", [0]))) == {0}
    assert affected(claims, {0, 1}, fresh(CLASH, ("id SIG1", "", [0]))) == set()
    assert affected(claims, set(), fresh(CLASH, ("id SIG3", "", [0, 1]))) == set()


def test_those_beside_are_known_by_what_they_say() -> None:
    papers: dict[str, Sequence[Noted]] = {
        HOLDER: [("licence", "star", [0, 1])],
        USES: [("one.png", READ, [1]), ("one.png", WRITTEN, [0, 1]), ("two.png", READ, [0, 1])],
        SCANS: [("1f", "", [1])],
    }
    known = stated(**papers)
    others = beside(known, {1})
    assert (others.agreed(HOLDER, "licence"), others.agreed(HOLDER, "letter")) == (True, False)
    assert (others.uses, others.scans) == ({"one.png", "two.png"}, set())
    assert others.reads == {"two.png"}, "who only writes of a document does not find it there"
    assert beside(known, {0, 1}).agreed(HOLDER, "licence") is False
    assert users(known, ["two.png", "three.png"]) == {0, 1}
