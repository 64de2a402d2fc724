"""What `doctor` found becomes a JSON document."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.checkup import Finding, summarise
from reconciler.render.formats import FORMAT_VERSION


def checkup_document(findings: Sequence[Finding]) -> dict[str, object]:
    """The document, checks as they were made; `schemas/doctor.schema.json` describes it."""
    return {
        "format_version": FORMAT_VERSION,
        "summary": dict(summarise(findings)),
        "checks": [_check(finding) for finding in findings],
    }


def _check(finding: Finding) -> dict[str, object]:
    return {
        "name": finding.name,
        "level": finding.level.value,
        "summary": finding.summary,
        "advice": finding.advice,
    }
