"""Every format of `validate`; a new one is a file beside this one and a line in here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reconciler.render.dump import dumps
from reconciler.render.problems.github import problems_github
from reconciler.render.problems.json import problems_document
from reconciler.render.problems.junit import problems_junit
from reconciler.render.problems.kinds import ProblemFormat
from reconciler.render.problems.report import Report
from reconciler.render.problems.sarif import problems_sarif
from reconciler.render.problems.text import problems_text
from reconciler.render.style import PLAIN, Painter

Writer = Callable[[Report, Painter], str]


def _text(report: Report, painter: Painter) -> str:
    return problems_text(
        report.problems, manifests=report.count, sources=report.sources, painter=painter
    )


_WRITERS: Mapping[ProblemFormat, Writer] = {
    ProblemFormat.TEXT: _text,
    ProblemFormat.JSON: lambda report, _: dumps(problems_document(report.problems)),
    ProblemFormat.GITHUB: lambda report, _: problems_github(report),
    ProblemFormat.SARIF: lambda report, _: dumps(problems_sarif(report)),
    ProblemFormat.JUNIT: lambda report, _: problems_junit(report),
}


def write(report: Report, kind: ProblemFormat, *, painter: Painter = PLAIN) -> str:
    """The whole text in one format, with a last newline; only `text` is painted."""
    return _WRITERS[kind](report, painter)
