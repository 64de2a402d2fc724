"""What somebody should look at, from a plan and the findings about its manifests."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from reconciler.model import Desired, Observed, Recorded, ReviewStatus
from reconciler.plan.build import build
from reconciler.plan.changes import Failure, Plan
from reconciler.plan.pairing import pair
from reconciler.problems import Position, Problem, Severity
from reconciler.render.troubles_json import troubles_document
from reconciler.render.troubles_markdown import troubles_markdown
from reconciler.render.troubles_text import troubles_text
from reconciler.resources import schema_path
from reconciler.rules.registry import RULES
from reconciler.troubles import EXPIRY_RULES, Kind, Trouble, troubles
from tests.unit.builders import NOT_FOUND, desired, observed, recorded

NOTHING = Plan(changes=(), errors=())
UNREAD = Failure(name="lost", id="SIG9", summary="it timed out")


def plan(want: Desired | None, had: Recorded | None, seen: Observed) -> Plan:
    records = {} if had is None else {had.id: had}
    targets = pair([] if want is None else [want], records)
    return build([(target, seen) for target in targets], records)


def problem(rule: str, severity: Severity, *, name: str | None = "shop") -> Problem:
    return Problem(
        severity=severity,
        rule=rule,
        summary="the words",
        detail="",
        name=name,
        path="signatures/shop.yaml",
        position=Position(line=7),
    )


def kinds(want: Desired | None, had: Recorded | None, seen: Observed) -> list[Kind]:
    return [each.kind for each in troubles(plan(want, had, seen), ())]


@pytest.mark.parametrize(
    ("want", "had", "seen", "kind"),
    [
        (desired(), recorded(), observed(ReviewStatus.REJECTED), Kind.REJECTED),
        (desired(scene="new"), recorded(), observed(ReviewStatus.REJECTED), Kind.REJECTED),
        (desired(), recorded(), observed(ReviewStatus.DISABLED), Kind.DISABLED),
        (desired(), recorded(), NOT_FOUND, Kind.MISSING),
        (desired(), recorded(), observed(content="子丑寅卯"), Kind.DRIFTED),
        (desired(scene="new"), recorded(), observed(), Kind.NOT_APPLIED),
        (desired(ids=()), None, NOT_FOUND, Kind.NOT_APPLIED),
        (desired(scene="new"), recorded(), observed(ReviewStatus.APPROVED), Kind.BLOCKED),
        (desired(), recorded(), observed(), None),
        (desired(), recorded(), observed(ReviewStatus.APPROVED), None),
        (desired(), None, observed(ReviewStatus.APPROVED), None),
        (desired(suspend=True), recorded(), observed(ReviewStatus.REJECTED), None),
        (None, recorded(), observed(ReviewStatus.REJECTED), None),
    ],
)
def test_each_state_is_the_trouble_that_it_is(
    want: Desired | None, had: Recorded | None, seen: Observed, kind: Kind | None
) -> None:
    assert kinds(want, had, seen) == ([] if kind is None else [kind])


def test_the_reviewer_s_reason_is_the_detail() -> None:
    seen = replace(observed(ReviewStatus.REJECTED), rejection="名称不规范")
    (found,) = troubles(plan(desired(), recorded(), seen), ())
    assert (found.name, found.id, found.detail) == ("shop", "SIG1", "名称不规范")


def test_documents_that_expire_and_errors_in_manifests_are_troubles_too() -> None:
    found = troubles(
        NOTHING,
        [
            problem("USMS204", Severity.WARNING),
            problem("USMS203", Severity.ERROR),
            problem("USMS003", Severity.ERROR, name=None),
            problem("USMS301", Severity.WARNING),
        ],
    )
    assert [(each.kind, each.name) for each in found] == [
        (Kind.INVALID, "signatures/shop.yaml"),
        (Kind.EXPIRING, "shop"),
        (Kind.EXPIRING, "shop"),
    ]
    assert found[0].detail == "signatures/shop.yaml:7: the words"


def test_the_rules_about_days_are_those_that_there_are() -> None:
    assert {RULES[rule].name for rule in EXPIRY_RULES} == {
        "document-expired",
        "document-expires-soon",
    }


FOUND = (
    Trouble(kind=Kind.REJECTED, name="a|b`c\x1b[31m", id="SIG1", detail="@all <b>no</b>"),
    Trouble(kind=Kind.EXPIRING, name="shop"),
)


def test_the_text_says_what_to_do_and_sums_up_last() -> None:
    lines = troubles_text(FOUND, [UNREAD]).splitlines()
    assert lines[0].startswith(r"rejected  a|b`c\x1b[31m  SIG1  do what the reviewer asks for")
    assert lines[1] == "  @all <b>no</b>"
    assert lines[2].startswith("expiring  shop")
    assert lines[3] == "could not be read  lost  it timed out"
    assert lines[-1] == "Drift: 1 rejected, 1 expiring"


def test_all_is_well_in_one_line() -> None:
    assert troubles_text((), ()) == "Drift: all is well\n"
    assert troubles_markdown(()) == "### SMS signatures: all is well\n"


def test_the_markdown_holds_foreign_text_in() -> None:
    made = troubles_markdown(FOUND, [UNREAD])
    assert r"``a\|b`c\x1b[31m``" in made
    assert "`@all <b>no</b>`" in made
    assert "`it timed out`" in made


def test_the_markdown_keeps_to_its_length() -> None:
    many = tuple(
        Trouble(kind=Kind.REJECTED, name=f"shop-{n}", detail="x" * 250) for n in range(1_000)
    )
    made = troubles_markdown(many)
    assert len(made) <= 65_536
    assert "more rows left out" in made


def test_the_json_is_what_its_schema_says() -> None:
    schema = json.loads(schema_path("drift.schema.json").read_text("utf-8"))
    document = troubles_document(FOUND, [UNREAD])
    Draft202012Validator(schema).validate(document)
    assert document["well"] is False
    assert document["summary"] == {kind.value: kind in {f.kind for f in FOUND} for kind in Kind}
    assert troubles_document((), ())["well"] is True
