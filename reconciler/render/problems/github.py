"""Problems as annotations: commands that the runner of a GitHub workflow reads off the log."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.problems import Position, Problem
from reconciler.render.counts import join, plural
from reconciler.render.escape import workflow_message, workflow_property
from reconciler.render.problems.report import Report
from reconciler.render.problems.text import problems_summary

_MOST = 10
"""GitHub shows that many errors and that many warnings of a step, and drops the rest unsaid."""


def problems_github(report: Report) -> str:
    """The commands, errors first, one a line, and a closing line that counts; a last newline.

    Where something is left out the closing line is a notice that says how much.
    """
    names = {rule.id: rule.name for rule in report.rules}
    shown = (*report.errors[:_MOST], *report.warnings[:_MOST])
    commands = [_command(problem, names.get(problem.rule, ""), report.prefix) for problem in shown]
    return "\n".join([*commands, _closing(report)]) + "\n"


def _command(problem: Problem, rule: str, prefix: str) -> str:
    properties = {
        "file": prefix + problem.path,
        **_region(problem.position),
        "title": f"{problem.rule} {rule}".strip(),
    }
    listed = ",".join(f"{key}={workflow_property(value)}" for key, value in properties.items())
    words = f"{problem.summary}\n{problem.detail}".strip()
    return f"::{problem.severity.value} {listed}::{workflow_message(words)}"


def _region(where: Position) -> dict[str, str]:
    """The runner refuses columns where lines differ, and an end before the start."""
    if where.end_line > where.line:
        return {"line": str(where.line), "endLine": str(where.end_line)}
    region = {"line": str(where.line), "endLine": str(where.line), "col": str(where.column)}
    if where.end_line == where.line and where.end_column > where.column:
        region["endColumn"] = str(where.end_column)
    return region


def _closing(report: Report) -> str:
    summary = problems_summary(report.problems, manifests=report.count)
    left_out = join(_left_out((report.errors, report.warnings)))
    if not left_out:
        return summary
    words = f"{left_out} without an annotation, since GitHub shows {_MOST} of a kind. {summary}."
    return f"::notice title=reconciler validate::{workflow_message(words)}"


def _left_out(kinds: Sequence[Sequence[Problem]]) -> Iterator[tuple[int, str]]:
    for problems in kinds:
        number = max(0, len(problems) - _MOST)
        yield number, f"more {plural(number, problems[0].severity.value)}" if number else ""
