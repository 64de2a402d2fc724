"""Problems as SARIF 2.1.0, the exchange format of code scanning."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from reconciler.problems import Position, Problem
from reconciler.render.escape import paragraph, terminal
from reconciler.render.problems.fingerprints import fingerprints
from reconciler.render.problems.report import Report
from reconciler.render.problems.sarif_rules import descriptor

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "%SRCROOT%"
"""The name by which code scanning knows the top of the repository."""
_FINGERPRINT = "reconciler/v1"
"""Not `primaryLocationLineHash`: that one is GitHub's, which computes it while uploading."""


def problems_sarif(report: Report) -> dict[str, object]:
    """The document; its JSON Schema is the standard's own."""
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [_run(report)]}


def _run(report: Report) -> dict[str, object]:
    return {
        "tool": {
            "driver": {
                "name": "reconciler",
                "semanticVersion": report.tool_version,
                "rules": [descriptor(rule) for rule in report.rules],
            }
        },
        # What it found is no failure of the run: it looked at everything.
        "invocations": [{"executionSuccessful": True}],
        # Tells our results from those of other tools on the same commit.
        "automationDetails": {"id": "reconciler/validate/"},
        "originalUriBaseIds": {
            _ROOT: {"description": {"text": "The top of the version control's repository."}}
        },
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "results": list(_results(report)),
    }


def _results(report: Report) -> Iterator[dict[str, object]]:
    indexes = {rule.id: index for index, rule in enumerate(report.rules)}
    prints = fingerprints(report.problems)
    for problem, fingerprint in zip(report.problems, prints, strict=True):
        index = indexes.get(problem.rule)
        yield {
            "ruleId": problem.rule,
            **({} if index is None else {"ruleIndex": index}),
            "level": problem.severity.value,
            "message": {"text": _message(problem)},
            "locations": [_location(problem, report.prefix)],
            "partialFingerprints": {_FINGERPRINT: fingerprint},
        }


def _message(problem: Problem) -> str:
    """`[words](target)` would become a link, so nothing may follow a bracket directly."""
    words = paragraph(f"{problem.summary}\n{problem.detail}".strip())
    return words.replace("](", "] (")


def _location(problem: Problem, prefix: str) -> dict[str, object]:
    location: dict[str, object] = {
        "physicalLocation": {
            "artifactLocation": {"uri": _uri(prefix + problem.path), "uriBaseId": _ROOT},
            "region": _region(problem.position),
        }
    }
    if problem.name is None:
        return location
    return {**location, "logicalLocations": [{"fullyQualifiedName": terminal(problem.name)}]}


def _uri(path: str) -> str:
    """Everything but letters, digits, `-._~` and the slashes is written as its UTF-8 bytes."""
    return quote(path, safe="/", errors="replace")


def _region(where: Position) -> dict[str, int]:
    """Lines and columns from 1, the end excluded, as ours are; without an end where there is none.

    SARIF then means the rest of the line.
    """
    region = {"startLine": where.line, "startColumn": where.column}
    if (where.end_line, where.end_column) <= (where.line, where.column):
        return region
    return {**region, "endLine": where.end_line, "endColumn": where.end_column}
