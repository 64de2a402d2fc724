"""What apply did becomes the JSON document of contract 6."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.plan.outcomes import Outcome, summarise
from reconciler.render.formats import FORMAT_VERSION


def outcomes_document(outcomes: Iterable[Outcome]) -> dict[str, object]:
    """The document, rows by name, then id; `schemas/apply.schema.json` describes it."""
    rows = sorted(outcomes, key=lambda outcome: (outcome.name, outcome.id or ""))
    return {
        "format_version": FORMAT_VERSION,
        "summary": dict(summarise(rows)),
        "outcomes": [_outcome(outcome) for outcome in rows],
    }


def _outcome(outcome: Outcome) -> dict[str, object]:
    return {
        "name": outcome.name,
        "id": outcome.id,
        "outcome": outcome.result.value,
        "reason": outcome.reason,
        "request_uuid": outcome.request_uuid,
        "detail": outcome.detail,
    }
