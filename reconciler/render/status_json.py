"""The status board becomes the JSON document of contract 6."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.plan.board import Row, summarise
from reconciler.render.formats import FORMAT_VERSION


def status_document(rows: Iterable[Row]) -> dict[str, object]:
    """The document, rows by name, then id; `schemas/status.schema.json` describes it."""
    listed = sorted(rows, key=lambda row: (row.name, row.id or ""))
    return {
        "format_version": FORMAT_VERSION,
        "summary": dict(summarise(listed)),
        "signatures": [_signature(row) for row in listed],
    }


def _signature(row: Row) -> dict[str, object]:
    return {
        "name": row.name,
        "id": row.id,
        "content": row.content,
        "status": row.status.value,
        "health": row.health.value,
        "in_sync": row.in_sync,
        "rejection": row.rejection,
        "submitted_at": row.submitted_at,
        "age_hours": None if row.age_hours is None else round(row.age_hours, 2),
        "waited_hours": row.waited_hours,
        "rules": list(row.rules),
    }
