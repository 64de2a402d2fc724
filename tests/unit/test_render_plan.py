"""The plan's text and JSON, beyond the cases in files."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model import Proof, ReviewStatus
from reconciler.plan.changes import (
    Action,
    Change,
    FieldDiff,
    Plan,
    PlannedDocument,
    Reason,
    Verdict,
)
from reconciler.plan.table import TABLE
from reconciler.problems import Position, Problem, Severity
from reconciler.render.actions import look
from reconciler.render.dump import dumps
from reconciler.render.plan_json import plan_document
from reconciler.render.plan_text import plan_summary, plan_text
from reconciler.render.reasons import explain, explain_word
from reconciler.render.style import Painter
from tests.unit import render_cases
from tests.unit.builders import LICENCE, desired, recorded

HEADER = render_cases.header({})
COLOUR = Painter(colour=True)


def change(
    action: Action = Action.RESUBMIT, reason: Reason = Reason.CHANGED, **more: object
) -> Change:
    """A row of a plan with nothing but what is named."""
    row = Change(
        name="shop",
        id="SIG1",
        project="org-tests",
        path="signatures/shop.yaml",
        line=2,
        verdict=Verdict(action=action, reason=reason),
        status=ReviewStatus.PENDING,
        rejection=None,
        diff=(),
        documents=(),
        unverifiable=(),
        desired=desired(),
        recorded=recorded(),
    )
    return replace(row, **more)  # type: ignore[arg-type]  # the fields are Change's own


def plan(*changes: Change) -> Plan:
    """A plan without errors."""
    return Plan(changes=changes, errors=())


_TEXT = st.text(max_size=8)
_CHANGES = st.builds(
    change,
    st.sampled_from(Action),
    st.sampled_from(Reason),
    name=_TEXT,
    id=st.none() | _TEXT,
    status=st.sampled_from(ReviewStatus),
    rejection=st.none() | _TEXT,
    diff=st.lists(
        st.builds(
            FieldDiff,
            field=st.sampled_from(["content", "certificate", "authorization"]),
            before=st.none() | _TEXT,
            after=st.none() | _TEXT,
        ),
        max_size=2,
    ).map(tuple),
    desired=st.sampled_from([None, desired()]),
    recorded=st.sampled_from([None, recorded()]),
)
_PLANS = st.lists(_CHANGES, max_size=5).map(lambda changes: plan(*changes))


@given(_PLANS)
def test_the_same_plan_makes_the_same_bytes_and_fits_the_schema(made: Plan) -> None:
    first, second = (dumps(plan_document(made, HEADER)) for _ in range(2))

    assert first == second
    render_cases.check_schema("plan", first)


@given(_PLANS)
def test_two_runs_differ_in_nothing_but_the_timestamp(made: Plan) -> None:
    later = replace(HEADER, timestamp="2027-01-01T00:00:00+00:00")
    first, second = (plan_document(made, header) for header in (HEADER, later))

    assert {**first, "timestamp": ""} == {**second, "timestamp": ""}
    assert plan_text(made, HEADER) == plan_text(made, later)


@given(_PLANS)
def test_the_summary_is_the_last_line_whatever_the_plan_says(made: Plan) -> None:
    lines = plan_text(made, HEADER).split("\n")

    assert lines[-2:] == [plan_summary(made), ""]


def test_json_begins_with_its_version_and_keeps_the_contracts_order() -> None:
    document = plan_document(plan(change()), HEADER)

    assert list(document) == [
        "format_version", "tool_version", "timestamp", "project", "endpoint", "head",
        "refreshed", "fingerprint", "summary", "changes", "errors", "refresh",
    ]  # fmt: skip
    assert document["format_version"] == "1.0"


def test_json_names_a_row_by_exactly_the_contracts_keys() -> None:
    document = PlannedDocument(role="certificate", proof=LICENCE)
    (row,) = rows_of(plan(change(documents=(document,))))

    assert list(row) == [
        "name", "id", "project", "path", "line", "action", "reason", "attention", "status",
        "rejection", "diff", "documents", "unverifiable",
    ]  # fmt: skip
    assert row["documents"] == [
        {
            "role": "certificate",
            "path": "documents/licence.png",
            "sha256": "a" * 64,
            "size": 10,
            "media_type": "image/png",
        }
    ]


def rows_of(made: Plan) -> list[dict[str, object]]:
    """The rows of the JSON document."""
    rows = plan_document(made, HEADER)["changes"]
    assert isinstance(rows, list)
    return rows


def test_a_document_uploaded_before_is_named_by_its_address() -> None:
    document = PlannedDocument(role="certificate", proof=Proof(url="https://files.example/a"))
    (row,) = rows_of(plan(change(documents=(document,))))

    assert row["documents"] == [
        {
            "role": "certificate",
            "path": None,
            "sha256": None,
            "size": None,
            "media_type": None,
            "url": "https://files.example/a",
        }
    ]


def test_a_row_of_no_project_has_none() -> None:
    (row,) = rows_of(plan(change(project="")))

    assert row["project"] is None


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_words_that_are_no_code_word(reason: Reason) -> None:
    words = explain(Verdict(action=Action.RESUBMIT, reason=reason))

    assert "_" not in words
    assert explain_word(reason.value) == words


def test_every_row_of_the_decision_table_has_words_and_a_look() -> None:
    for row in TABLE:
        verdict = Verdict(action=row.action, reason=row.reason, attention=row.attention)
        assert explain(verdict)
        assert len(look(verdict).symbol) == 1


def test_symbols_tell_the_actions_apart() -> None:
    verdicts = [Verdict(action=action, reason=Reason.CHANGED) for action in Action]

    assert len({look(verdict).symbol for verdict in verdicts}) == len(Action)


def test_a_word_that_is_no_reason_stays_as_it_is() -> None:
    assert explain_word("interrupted") == "interrupted"


def test_a_deletion_is_red_and_says_that_it_cannot_be_undone() -> None:
    deletion = change(Action.DELETE, Reason.ABSENT)
    text = plan_text(plan(deletion), HEADER, painter=COLOUR)

    assert "\x1b[1;31m- delete" in text
    assert "\x1b[1;31mmarked absent in its manifest; cannot be undone\x1b[0m" in text


def test_colours_change_nothing_but_colours() -> None:
    made = plan(change(rejection="no"), change(Action.NO_OP, Reason.IN_SYNC))
    coloured = plan_text(made, HEADER, painter=COLOUR, verbose=True)
    codes = ("1;31", "1;33", "0", "1", "2", "31", "32", "33", "34", "36")
    for code in codes:
        coloured = coloured.replace(f"\x1b[{code}m", "")

    assert coloured == plan_text(made, HEADER, verbose=True)


def test_an_unchanged_row_without_warnings_is_only_counted() -> None:
    quiet = plan(change(Action.NO_OP, Reason.IN_SYNC))

    assert "shop" not in plan_text(quiet, HEADER, warnings={"shop": ()})
    assert "shop" in plan_text(quiet, HEADER, verbose=True)


def test_an_error_beside_a_signature_is_shown_as_one() -> None:
    problem = Problem(
        severity=Severity.ERROR,
        rule="USMS003",
        summary="no\x1b such",
        detail="",
        name="shop",
        path="signatures/shop.yaml",
        position=Position(line=3, column=4),
    )
    text = plan_text(plan(change()), HEADER, warnings={"shop": (problem,)})

    assert r"error[USMS003] no\x1b such (signatures/shop.yaml:3:4)" in text


def test_an_offline_plan_offers_no_apply_since_the_service_may_say_otherwise() -> None:
    text = plan_text(plan(change()), replace(HEADER, refreshed=False))

    assert "The service was not asked" in text
    assert "To apply" not in text


@pytest.mark.parametrize("had", [recorded(), None])
def test_a_field_without_before_is_none_only_where_a_record_says_so(had: object) -> None:
    diff = (FieldDiff(field="scene", before=None, after="codes"),)
    text = plan_text(plan(change(diff=diff, recorded=had)), HEADER)

    assert ('scene: (none) -> "codes"' in text) == (had is not None)
    assert 'scene: "codes"' in text or had is not None


def test_a_document_is_described_by_what_is_known_of_it() -> None:
    bare = PlannedDocument(role="authorization", proof=Proof(sha256="c" * 64))
    text = plan_text(plan(change(documents=(bare,))), HEADER)

    assert "authorization: sha256 cccccccccccc (unchanged, sent again)" in text


def test_a_diff_without_its_submissions_shows_the_plain_values() -> None:
    diff = (FieldDiff(field="certificate", before="sha256:a", after="url:b"),)
    text = plan_text(plan(change(diff=diff, desired=None, recorded=None)), HEADER)

    assert 'certificate: "sha256:a" -> "url:b"' in text
