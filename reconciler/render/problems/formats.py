"""Every format of `validate`; a new one is a file beside this one and a line in here."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from reconciler.render.problems.kinds import ProblemFormat
from reconciler.render.problems.report import Report
from reconciler.render.style import PLAIN, Painter

Writer = Callable[[Report, Painter], str]

# Each loads what it needs by itself: together they take a tenth of a small repository's run.


def _text(report: Report, painter: Painter) -> str:
    from reconciler.render.problems.text import problems_text

    return problems_text(
        report.problems, manifests=report.count, sources=report.sources, painter=painter
    )


def _json(report: Report, _: Painter) -> str:
    from reconciler.render.dump import dumps
    from reconciler.render.problems.json import problems_document

    return dumps(problems_document(report.problems))


def _github(report: Report, _: Painter) -> str:
    from reconciler.render.problems.github import problems_github

    return problems_github(report)


def _sarif(report: Report, _: Painter) -> str:
    from reconciler.render.dump import dumps
    from reconciler.render.problems.sarif import problems_sarif

    return dumps(problems_sarif(report))


def _junit(report: Report, _: Painter) -> str:
    from reconciler.render.problems.junit import problems_junit

    return problems_junit(report)


_WRITERS: Mapping[ProblemFormat, Writer] = {
    ProblemFormat.TEXT: _text,
    ProblemFormat.JSON: _json,
    ProblemFormat.GITHUB: _github,
    ProblemFormat.SARIF: _sarif,
    ProblemFormat.JUNIT: _junit,
}


def write(report: Report, kind: ProblemFormat, *, painter: Painter = PLAIN) -> str:
    """The whole text in one format, with a last newline; only `text` is painted."""
    return _WRITERS[kind](report, painter)
