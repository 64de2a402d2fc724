"""Problems, outcomes and the status board, beyond the cases in files; and the schemas."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.model import ReviewStatus
from reconciler.plan.board import Health, Row
from reconciler.plan.changes import Action, Reason
from reconciler.plan.outcomes import Outcome, Result
from reconciler.plan.refresh import Refresh
from reconciler.problems import Position, Problem, Severity
from reconciler.render.dump import dumps
from reconciler.render.formats import FORMAT_VERSION
from reconciler.render.outcomes_json import outcomes_document
from reconciler.render.outcomes_text import outcome_line
from reconciler.render.problems.json import problems_document
from reconciler.render.problems.text import problems_summary, problems_text
from reconciler.render.snippet import Snippets
from reconciler.render.status_json import status_document
from reconciler.render.status_text import age, status_text
from reconciler.render.style import Painter
from reconciler.render.width import width
from tests.unit import render_cases

COLOUR = Painter(colour=True)
_PLACE = st.integers(1, 12)
_POSITIONS = st.builds(Position, line=_PLACE, column=_PLACE, end_line=_PLACE, end_column=_PLACE)
_SOURCE = st.text(alphabet="a优\t\n\r\x1b\u2028\ufeff:", max_size=40)


def problem(path: str = "signatures/a.yaml", **more: Any) -> Problem:
    """An error at the start of a manifest, unless told otherwise."""
    fields = {"severity": Severity.ERROR, "rule": "USMS003", "summary": "no", "detail": ""}
    return Problem(**{**fields, "name": None, "path": path, **more})


@given(_SOURCE, _POSITIONS)
def test_a_mark_stands_below_the_line_whatever_the_line_and_the_place(
    source: str, position: Position
) -> None:
    snippet = Snippets({"a": source}.get).at("a", position)

    if snippet is not None:
        assert set(snippet.mark) <= {" ", "^"}
        assert snippet.mark.endswith("^")
        assert width(snippet.mark) <= width(snippet.text) + 1
        assert snippet.text.isprintable()


@given(st.lists(st.builds(problem, position=_POSITIONS, path=st.sampled_from("ab")), max_size=5))
def test_problems_print_the_same_in_whatever_order_they_were_found(found: list[Problem]) -> None:
    sources = {"a": "one\ntwo\n"}.get
    texts = {problems_text(order, manifests=1, sources=sources) for order in (found, found[::-1])}
    documents = {dumps(problems_document(order)) for order in (found, found[::-1])}

    assert len(texts) == len(documents) == 1
    render_cases.check_schema("validate", documents.pop())


def test_a_source_is_asked_for_once_for_all_its_problems() -> None:
    asked: list[str] = []

    def sources(path: str) -> str:
        asked.append(path)
        return "one\ntwo\n"

    found = [problem("b"), problem("a"), problem("a", position=Position(line=2, end_line=2))]
    problems_text(found, manifests=2, sources=sources)

    assert asked == ["a", "b"]


def test_the_place_and_the_label_are_painted_by_severity() -> None:
    text = problems_text(
        [problem(), problem(severity=Severity.WARNING)],
        manifests=1,
        sources=lambda _: "type: 0",
        painter=COLOUR,
    )

    assert "\x1b[1;31merror[USMS003]\x1b[0m" in text
    assert "\x1b[1;33mwarning[USMS003]\x1b[0m" in text


@pytest.mark.parametrize(
    ("errors", "warnings", "summary"),
    [
        (2, 1, "2 errors, 1 warning in 12 manifests"),
        (0, 2, "2 warnings in 12 manifests"),
        (1, 0, "1 error in 12 manifests"),
        (0, 0, "No problems in 12 manifests"),
    ],
)
def test_problems_are_counted_in_one_line(errors: int, warnings: int, summary: str) -> None:
    found = [problem()] * errors + [problem(severity=Severity.WARNING)] * warnings

    assert problems_summary(found, manifests=12) == summary


def test_warnings_alone_leave_the_manifests_valid() -> None:
    document = problems_document([problem(severity=Severity.WARNING)])

    assert (document["valid"], document["error_count"], document["warning_count"]) == (True, 0, 1)


def outcome(**more: Any) -> Outcome:
    """An accepted submission, unless told otherwise."""
    fields = {"name": "shop", "id": "SIG1", "result": Result.SUBMITTED, "reason": "changed"}
    return Outcome(**{**fields, **more})


_OUTCOMES = st.builds(
    outcome,
    name=st.text(max_size=5),
    id=st.none() | st.text(max_size=5),
    result=st.sampled_from(Result),
    reason=st.sampled_from(Reason).map(str) | st.text(max_size=5),
    request_uuid=st.none() | st.text(max_size=5),
    detail=st.text(max_size=5),
)


@given(_OUTCOMES)
def test_an_outcome_is_one_printable_line(done: Outcome) -> None:
    line = outcome_line(done)

    assert "\n" not in line
    assert line.startswith(done.result.value)


@given(st.lists(_OUTCOMES, max_size=4, unique_by=lambda done: (done.name, done.id or "")))
def test_outcomes_are_sorted_by_name_then_id_and_fit_the_schema(done: list[Outcome]) -> None:
    text = dumps(outcomes_document(done))

    assert text == dumps(outcomes_document(done[::-1]))
    render_cases.check_schema("apply", text)


def test_the_failed_request_is_named_for_the_services_support() -> None:
    done = outcome(result=Result.FAILED, request_uuid="uuid-7", detail="refused")

    assert outcome_line(done, painter=COLOUR).endswith("shop  SIG1  refused (request uuid-7)")


_ROWS = st.builds(
    Row,
    name=st.text(max_size=5),
    id=st.none() | st.text(max_size=5),
    content=st.none() | st.text(max_size=5),
    status=st.sampled_from(ReviewStatus),
    health=st.sampled_from(Health),
    in_sync=st.none() | st.booleans(),
    rejection=st.none() | st.text(max_size=5),
    submitted_at=st.none() | st.just("2026-11-20T08:00:00+00:00"),
    age_hours=st.none() | st.floats(0, 1000),
)


@given(st.lists(_ROWS, max_size=4, unique_by=lambda row: (row.name, row.id or "")))
def test_the_board_is_sorted_and_fits_the_schema(rows: list[Row]) -> None:
    text = dumps(status_document(rows))

    assert text == dumps(status_document(rows[::-1]))
    assert status_text(rows) == status_text(rows[::-1])
    render_cases.check_schema("status", text)


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        (None, "-"),
        (-3, "under an hour ago"),
        (0.99, "under an hour ago"),
        (1.99, "1 hour ago"),
        (2, "2 hours ago"),
        (47.9, "47 hours ago"),
        (48, "2 days ago"),
    ],
)
def test_ages_are_rough(hours: float | None, words: str) -> None:
    assert age(hours) == words


def enums(value: Any) -> list[list[str]]:
    """Every enumeration in a schema."""
    if isinstance(value, list):
        return [each for item in value for each in enums(item)]
    if not isinstance(value, dict):
        return []
    own = [value["enum"]] if "enum" in value else []
    return own + [each for item in value.values() for each in enums(item)]


def schema(name: str) -> Any:
    """A published schema."""
    return json.loads((render_cases.SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("plan", [Action, Reason, ReviewStatus, Severity, Refresh]),
        ("apply", [Result]),
        ("validate", [Severity]),
        ("status", [ReviewStatus, Health]),
    ],
)
def test_schemas_list_exactly_the_words_of_the_model(name: str, kinds: list[Any]) -> None:
    listed = [each for each in enums(schema(name)) if each != ["certificate", "authorization"]]

    assert listed == [[word.value for word in kind] for kind in kinds]


OPTIONAL = {"url", "since", "elsewhere", "only", "warnings"}
"""What is there only where there is something to say."""


@pytest.mark.parametrize("name", ["plan", "apply", "validate", "status"])
def test_schemas_require_every_key_and_allow_further_ones(name: str) -> None:
    def objects(value: Any) -> list[dict[str, Any]]:
        if isinstance(value, list):
            return [each for item in value for each in objects(item)]
        if not isinstance(value, dict):
            return []
        own = [value] if isinstance(value.get("properties"), dict) else []
        return own + [each for item in value.values() for each in objects(item)]

    for each in objects(schema(name)):
        assert set(each["properties"]) - set(each["required"]) <= OPTIONAL
        assert all("description" in key for key in each["properties"].values())
        assert "additionalProperties" not in each


@pytest.mark.parametrize("name", ["plan", "apply", "validate", "status"])
def test_the_version_that_is_written_is_one_that_the_schema_allows(name: str) -> None:
    pattern = schema(name)["properties"]["format_version"]["pattern"]

    assert FORMAT_VERSION == "1.0"
    assert pattern == "^1\\.[0-9]+$"
