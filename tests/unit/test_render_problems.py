"""Problems in the formats of machines: annotations, SARIF and JUnit; all from one report."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.problems import Position, Problem, Severity, as_errors, sort_key
from reconciler.render.escape import terminal
from reconciler.render.problems.fingerprints import fingerprints
from reconciler.render.problems.formats import write
from reconciler.render.problems.github import problems_github
from reconciler.render.problems.kinds import ProblemFormat
from reconciler.render.problems.report import Report, gather
from reconciler.render.problems.sarif import problems_sarif
from reconciler.render.style import Painter
from reconciler.rules.registry import RULES
from tests.unit import render_cases

_TEXT = st.text(alphabet=st.characters(categories=None), max_size=12) | st.text(
    alphabet="%:,\r\n[]()<>&\"'`|\x00\x1b\ufffe\ud800]a优", max_size=12
)
_HARMFUL = {"Cc", "Cs", "Zl", "Zp"}
_PLACE = st.integers(1, 9)
_PROBLEMS = st.lists(
    st.builds(
        Problem,
        severity=st.sampled_from(Severity),
        rule=st.sampled_from(["USMS001", "USMS003", "USMS999"]),
        summary=_TEXT,
        detail=_TEXT,
        name=st.none() | _TEXT,
        path=_TEXT,
        position=st.builds(
            Position, line=_PLACE, column=_PLACE, end_line=_PLACE, end_column=_PLACE
        ),
    ),
    max_size=30,
)


def report(problems: list[Problem], **more: Any) -> Report:
    """A report of these problems, unless told otherwise without manifests that are fine."""
    fields = {"manifests": {}, "count": 3, "sources": lambda _: None, "rules": render_cases.RULES}
    return gather(problems, **{"tool_version": "0.1.0", **fields, **more})


def problem(**more: Any) -> Problem:
    """An error in a manifest."""
    fields = {
        "severity": Severity.ERROR,
        "rule": "USMS003",
        "summary": "no",
        "detail": "",
        "name": "a",
        "path": "signatures/a.yaml",
    }
    return Problem(**{**fields, **more})


@given(_PROBLEMS)
def test_a_report_is_the_same_in_whatever_order_problems_were_found(found: list[Problem]) -> None:
    assert report(found).problems == tuple(sorted(found, key=sort_key))
    assert set(report(found).errors) | set(report(found).warnings) == set(found)
    assert {each.path for each in report(found).subjects} == {each.path for each in found}


def test_a_report_lists_every_manifest_and_the_rules_that_found_something() -> None:
    made = report(
        [problem(), problem(rule="USMS001", path="b.png", name=None), problem(rule="USMS999")],
        manifests={"signatures/a.yaml": "a", "signatures/c.yaml": "c"},
    )

    assert [(each.path, each.name) for each in made.subjects] == [
        ("b.png", None),
        ("signatures/a.yaml", "a"),
        ("signatures/c.yaml", "c"),
    ]
    assert [rule.id for rule in made.rules] == ["USMS001", "USMS003"]


@pytest.mark.parametrize("kind", ProblemFormat)
@given(found=_PROBLEMS)
def test_every_format_writes_utf_8_that_ends_in_one_newline_and_holds_no_control(
    kind: ProblemFormat, found: list[Problem]
) -> None:
    text = write(report(found), kind)

    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert not {unicodedata.category(character) for character in text.replace("\n", "")} & _HARMFUL
    text.encode("utf-8")


@pytest.mark.parametrize("kind", [kind for kind in ProblemFormat if kind != "text"])
def test_only_text_is_painted(kind: ProblemFormat) -> None:
    painter = Painter(colour=True)

    assert write(report([problem()]), kind, painter=painter) == write(report([problem()]), kind)
    assert "\x1b[" in write(report([problem()]), ProblemFormat.TEXT, painter=painter)


_COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


@given(_PROBLEMS)
def test_each_line_is_one_command_with_its_own_properties(found: list[Problem]) -> None:
    made = report(found, prefix="sms/")
    *lines, closing = problems_github(made).splitlines()
    commands = [_COMMAND.fullmatch(line) for line in lines]

    assert len(lines) == min(10, len(made.errors)) + min(10, len(made.warnings))
    for command, each in zip(commands, [*made.errors[:10], *made.warnings[:10]], strict=True):
        assert command is not None
        assert command[1] == each.severity
        properties = dict(pair.split("=", 1) for pair in command[2].split(","))
        assert set(properties) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        assert unquote(properties["file"]) == unquote("sms/" + terminal(each.path))
        assert int(properties["line"]) <= int(properties["endLine"])
        assert ("col" in properties) == (properties["line"] == properties["endLine"])
        assert int(properties.get("col", 1)) < int(properties.get("endColumn", 99))
    assert closing.startswith("::notice ") == (len(made.errors) > 10 or len(made.warnings) > 10)


@pytest.mark.parametrize(
    ("errors", "warnings", "closing"),
    [
        (0, 0, "No problems in 3 manifests"),
        (10, 10, "10 errors, 10 warnings in 3 manifests"),
        (11, 1, "::notice title=reconciler validate::1 more error without"),
        (1, 12, "::notice title=reconciler validate::2 more warnings without"),
        (12, 11, "::notice title=reconciler validate::2 more errors, 1 more warning without"),
    ],
)
def test_the_closing_line_says_how_many_more_there_are(
    errors: int, warnings: int, closing: str
) -> None:
    found = [problem()] * errors + [problem(severity=Severity.WARNING)] * warnings
    lines = problems_github(report(found)).splitlines()

    assert lines[-1].startswith(closing)
    assert len(lines) == min(10, errors) + min(10, warnings) + 1


def sarif(made: Report) -> dict[str, Any]:
    """The only run of the SARIF document, checked against the standard's schema."""
    text = write(made, ProblemFormat.SARIF)
    render_cases.check_sarif(text)
    (run,) = json.loads(text)["runs"]
    assert isinstance(run, dict)
    return run


@given(_PROBLEMS)
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


@given(_PROBLEMS, st.integers(0, 50))
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


def junit(made: Report) -> ElementTree.Element:
    """The root of the XML document."""
    return ElementTree.fromstring(write(made, ProblemFormat.JUNIT))  # noqa: S314 - our own text


@given(_PROBLEMS)
def test_junit_is_xml_with_one_case_a_file_and_counts_that_are_true(found: list[Problem]) -> None:
    made = report(found, manifests={"signatures/fine.yaml": "fine"})
    root = junit(made)
    cases = root.findall("testsuite/testcase")
    failed = {each.path for each in made.errors}

    assert len(cases) == len(made.subjects)
    for suite in (root, root[0]):
        assert int(suite.attrib["tests"]) == len(cases)
        assert int(suite.attrib["failures"]) + int(suite.attrib["errors"]) == len(failed)
    for subject, case in zip(made.subjects, cases, strict=True):
        verdicts = [*case.findall("failure"), *case.findall("error")]
        assert len(verdicts) == (subject.path in failed)


def test_a_manifest_that_cannot_be_read_is_an_error_and_a_bad_one_a_failure() -> None:
    found = [
        problem(),
        problem(rule="USMS001", path="signatures/b.yaml", name="b"),
        problem(rule="USMS002", path="signatures/c.yaml", name="c", summary="not YAML"),
        problem(severity=Severity.WARNING, path="signatures/d.yaml", name="d"),
    ]
    cases = {case.attrib["name"]: case for case in junit(report(found)).iter("testcase")}

    assert {name: [child.tag for child in case] for name, case in cases.items()} == {
        "a": ["failure"],
        "b": ["error"],
        "c": ["error"],
        "d": ["system-out"],
    }


def test_a_case_has_one_failure_with_all_errors_and_the_warnings_beside_it() -> None:
    found = [
        problem(summary="first", detail="do\nthis"),
        problem(summary="second", position=Position(line=7)),
        problem(summary="third", position=Position(line=9), severity=Severity.WARNING),
    ]
    (case,) = junit(report(found)).iter("testcase")
    (failure,) = case.findall("failure")

    assert failure.attrib == {"type": "USMS003", "message": "first (and 1 more)"}
    assert failure.text == (
        "signatures/a.yaml:1:1: error[USMS003]: first\n  do\n  this\n"
        "signatures/a.yaml:7:1: error[USMS003]: second"
    )
    assert case.findtext("system-out") == "signatures/a.yaml:9:1: warning[USMS003]: third"


@given(_PROBLEMS)
def test_strict_makes_every_problem_an_error_and_changes_nothing_else(
    found: list[Problem],
) -> None:
    strict = as_errors(found)

    assert all(each.severity is Severity.ERROR for each in strict)
    assert [replace(each, severity=Severity.ERROR) for each in found] == list(strict)


def test_sarif_needs_no_rule_and_no_problem() -> None:
    document: Any = problems_sarif(report([]))

    assert document["runs"][0]["results"] == []
    assert document["runs"][0]["tool"]["driver"]["rules"] == []
