"""Problems become the JSON document of `validate` (contract 6)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from reconciler.problems import Problem, Severity, sort_key
from reconciler.render.formats import FORMAT_VERSION


def problems_document(problems: Iterable[Problem]) -> dict[str, object]:
    """The document, keys in the contract's order; `schemas/validate.schema.json` describes it."""
    found = sorted(problems, key=sort_key)
    counts = Counter(problem.severity for problem in found)
    return {
        "format_version": FORMAT_VERSION,
        "valid": not counts[Severity.ERROR],
        "error_count": counts[Severity.ERROR],
        "warning_count": counts[Severity.WARNING],
        "diagnostics": [diagnostic(problem) for problem in found],
    }


def diagnostic(problem: Problem) -> dict[str, object]:
    """One of them, also as it stands beside its signature in a plan."""
    return {
        "severity": problem.severity.value,
        "rule": problem.rule,
        "summary": problem.summary,
        "detail": problem.detail,
        "name": problem.name,
        "path": problem.path,
        "line": problem.position.line,
        "column": problem.position.column,
    }
