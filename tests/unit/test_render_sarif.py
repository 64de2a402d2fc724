"""Problems as SARIF: what code scanning gets, and what keeps an alert the same."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.problems import Position, Problem
from reconciler.render.problems.fingerprints import fingerprints
from reconciler.render.problems.formats import write
from reconciler.render.problems.kinds import ProblemFormat
from reconciler.render.problems.report import Report
from reconciler.render.problems.sarif import problems_sarif
from reconciler.rules.registry import RULES
from tests.unit import render_cases
from tests.unit.render_problems import PROBLEMS, problem, report


def sarif(made: Report) -> dict[str, Any]:
    """The only run of the SARIF document, checked against the standard's schema."""
    text = write(made, ProblemFormat.SARIF)
    render_cases.check_sarif(text)
    (run,) = json.loads(text)["runs"]
    assert isinstance(run, dict)
    return run


@given(PROBLEMS)
def test_sarif_says_all_of_it_and_fits_the_standard(found: list[Problem]) -> None:
    made = report(found)
    run = sarif(made)

    for result, each in zip(run["results"], made.problems, strict=True):
        place = result["locations"][0]["physicalLocation"]
        assert (result["ruleId"], result["level"]) == (each.rule, each.severity)
        assert "](" not in result["message"]["text"]
        assert place["region"]["startLine"] == each.position.line
        if "ruleIndex" in result:
            assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == each.rule
        else:
            assert each.rule == "USMS999"
    prints = [each["partialFingerprints"]["reconciler/v1"] for each in run["results"]]
    assert len(set(prints)) == len(prints)


@given(st.text(max_size=20), st.sampled_from(["", "sms/", "a b/"]))
def test_a_path_comes_back_from_its_uri(path: str, prefix: str) -> None:
    (result,) = sarif(report([problem(path=path)], prefix=prefix))["results"]
    location = result["locations"][0]["physicalLocation"]["artifactLocation"]

    assert unquote(location["uri"]) == prefix + path
    assert re.fullmatch("[A-Za-z0-9%/._~-]*", location["uri"])
    assert location["uriBaseId"] == "%SRCROOT%"


def test_code_scanning_gets_every_property_that_it_asks_for() -> None:
    where = Position(line=2, column=3, end_line=2, end_column=6)
    run = sarif(report([problem(position=where)], rules=RULES))
    (rule,) = run["tool"]["driver"]["rules"]
    (result,) = run["results"]

    assert rule["shortDescription"]["text"]
    assert rule["fullDescription"]["text"]
    assert rule["help"]["text"]
    assert "```yaml\n" in rule["help"]["markdown"]
    assert rule["defaultConfiguration"]["level"] == "error"
    assert rule["name"] == "WrongShape"
    assert "helpUri" not in rule
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["automationDetails"]["id"].endswith("/")
    assert result["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 2,
        "startColumn": 3,
        "endLine": 2,
        "endColumn": 6,
    }
    assert result["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": "a"}]


def test_a_position_without_extent_has_no_end() -> None:
    where = Position(line=2, column=3, end_line=2, end_column=3)
    (result,) = sarif(report([problem(position=where, name=None)]))["results"]

    assert result["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "signatures/a.yaml", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 2, "startColumn": 3},
            }
        }
    ]


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_can_be_described(rule: str) -> None:
    run = sarif(report([problem(rule=rule)], rules=RULES))

    assert [each["id"] for each in run["tool"]["driver"]["rules"]] == [rule]


@given(PROBLEMS, st.integers(0, 50))
def test_fingerprints_stay_when_lines_move(found: list[Problem], lines: int) -> None:
    moved = [
        replace(each, position=replace(each.position, line=each.position.line + lines))
        for each in found
    ]

    assert list(fingerprints(found)) == list(fingerprints(moved))


@pytest.mark.parametrize(
    "other",
    [
        {"rule": "USMS001"},
        {"path": "signatures/b.yaml"},
        {"name": "b"},
        {"summary": "expires in a month"},
    ],
)
def test_fingerprints_tell_rule_file_name_and_words_apart(other: dict[str, str]) -> None:
    first = problem(summary="expires in 12 days, as signatures/a.yaml:3:4 says")

    assert len(set(fingerprints([first, replace(first, **other)]))) == 2  # type: ignore[arg-type] # the fields are Problem's own


def test_a_fingerprint_stays_while_days_pass_lines_move_and_versions_come() -> None:
    today = problem(summary="expires in 12 days, as signatures/a.yaml:3:4 says")
    later = problem(summary="expires in 9 days, as signatures/a.yaml:5:14 says", severity="warning")

    assert list(fingerprints([today])) == list(fingerprints([later]))
    assert list(fingerprints([today])) == [
        "a8bdcfd2f66ae32f15ba5a20120cb089e46c8f3792ab91ed3866419f99ce8b07"
    ]


def test_sarif_needs_no_rule_and_no_problem() -> None:
    document: Any = problems_sarif(report([]))

    assert document["runs"][0]["results"] == []
    assert document["runs"][0]["tool"]["driver"]["rules"] == []
