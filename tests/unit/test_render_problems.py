"""The report that every format is written from, and the annotations of a GitHub workflow."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import example, given

from reconciler.problems import Problem, Severity, as_errors, sort_key
from reconciler.render.escape import terminal
from reconciler.render.problems.formats import write
from reconciler.render.problems.github import problems_github
from reconciler.render.problems.kinds import ProblemFormat
from reconciler.render.style import Painter
from tests.unit.render_problems import PROBLEMS, problem, report

_HARMFUL = {"Cc", "Cs", "Zl", "Zp"}


@given(PROBLEMS)
@example([problem(name=""), problem(name=None)])
def test_a_report_is_the_same_in_whatever_order_problems_were_found(found: list[Problem]) -> None:
    assert report(found).problems == tuple(sorted(found, key=sort_key))
    assert report(found).problems == report(found[::-1]).problems
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
@given(found=PROBLEMS)
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


@given(PROBLEMS)
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
        assert unquote(properties["file"]) == "sms/" + terminal(each.path)
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


@given(PROBLEMS)
def test_strict_makes_every_problem_an_error_and_changes_nothing_else(
    found: list[Problem],
) -> None:
    strict = as_errors(found)

    assert all(each.severity is Severity.ERROR for each in strict)
    assert [replace(each, severity=Severity.ERROR) for each in found] == list(strict)
