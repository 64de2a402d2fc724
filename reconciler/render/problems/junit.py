"""Problems as JUnit's XML: one test case a manifest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from xml.etree import ElementTree

from reconciler.problems import NOT_YAML, UNREADABLE, Problem, Severity
from reconciler.render.escape import paragraph, terminal
from reconciler.render.problems.report import Report, Subject

_NAME = "reconciler validate"
_UNCHECKED = frozenset({UNREADABLE, NOT_YAML})
"""Nothing else could be checked after one of these: an error of the test, not a failure."""


def problems_junit(report: Report) -> str:
    """The document, without times: two runs over the same files make the same bytes.

    A test case has one failure at most, with all of its problems in it, since most readers of
    these files look at the first one alone.
    """
    found: dict[str, list[Problem]] = defaultdict(list)
    for problem in report.problems:
        found[problem.path].append(problem)
    cases = [_case(each, found[each.path], report.prefix) for each in report.subjects]
    counts = _counts(cases)
    root = ElementTree.Element("testsuites", {"name": _NAME, **counts})
    suite = ElementTree.SubElement(root, "testsuite", {"name": "signatures", **counts})
    suite.extend(cases)
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


def _case(subject: Subject, problems: Sequence[Problem], prefix: str) -> ElementTree.Element:
    case = ElementTree.Element(
        "testcase",
        name=terminal(subject.name or subject.path),
        classname="manifests" if subject.name is not None else "files",
        file=terminal(prefix + subject.path),
    )
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    warnings = [problem for problem in problems if problem.severity is Severity.WARNING]
    if errors:
        case.append(_failure(errors))
    if warnings:
        ElementTree.SubElement(case, "system-out").text = _listing(warnings)
    return case


def _failure(errors: Sequence[Problem]) -> ElementTree.Element:
    first, *others = errors
    more = f" (and {len(others)} more)" if others else ""
    kind = "error" if any(problem.rule in _UNCHECKED for problem in errors) else "failure"
    element = ElementTree.Element(kind, type=first.rule, message=f"{terminal(first.summary)}{more}")
    element.text = _listing(errors)
    return element


def _listing(problems: Sequence[Problem]) -> str:
    """As in a terminal, but for the source lines."""
    return "\n".join(map(_entry, problems))


def _entry(problem: Problem) -> str:
    place = f"{problem.path}:{problem.position.line}:{problem.position.column}"
    head = terminal(f"{place}: {problem.severity.value}[{problem.rule}]: {problem.summary}")
    return "\n  ".join([head, *paragraph(problem.detail).splitlines()])


def _counts(cases: Sequence[ElementTree.Element]) -> dict[str, str]:
    def with_a(tag: str) -> str:
        return str(sum(case.find(tag) is not None for case in cases))

    return {
        "tests": str(len(cases)),
        "failures": with_a("failure"),
        "errors": with_a("error"),
        "skipped": "0",
    }
