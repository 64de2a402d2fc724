"""Problems as JUnit's XML."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given

from reconciler.problems import Position, Problem, Severity
from reconciler.render.problems.formats import write
from reconciler.render.problems.kinds import ProblemFormat
from reconciler.render.problems.report import Report
from tests.unit.render_problems import PROBLEMS, problem, report


def junit(made: Report) -> ElementTree.Element:
    """The root of the XML document."""
    return ElementTree.fromstring(write(made, ProblemFormat.JUNIT))  # noqa: S314 - our own text


@given(PROBLEMS)
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
