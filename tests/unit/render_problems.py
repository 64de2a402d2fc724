"""Reports of problems to be written in the formats of machines."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from reconciler.problems import Position, Problem, Severity
from reconciler.render.problems.report import Report, gather
from tests.unit import render_cases

_TEXT = st.text(alphabet=st.characters(categories=None), max_size=12) | st.text(
    alphabet="%:,\r\n[]()<>&\"'`|\x00\x1b\ufffe\ud800]a优", max_size=12
)
_PLACE = st.integers(1, 9)
PROBLEMS = st.lists(
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
