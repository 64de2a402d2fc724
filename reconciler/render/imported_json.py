"""What `import` did becomes a JSON document."""

from __future__ import annotations

from collections.abc import Sequence

from reconciler.imported import Imported, summarise
from reconciler.render.formats import FORMAT_VERSION


def imported_document(rows: Sequence[Imported]) -> dict[str, object]:
    """The document, rows in the order asked; `schemas/import.schema.json` describes it."""
    return {
        "format_version": FORMAT_VERSION,
        "summary": dict(summarise(rows)),
        "signatures": [_row(row) for row in rows],
    }


def _row(row: Imported) -> dict[str, object]:
    return {
        "id": row.id,
        "outcome": row.fate.value,
        "name": row.name,
        "path": row.path,
        "status": row.status.value,
        "recorded": row.recorded,
        "blanks": list(row.blanks),
        "detail": row.detail,
    }
