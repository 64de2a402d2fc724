"""Troubles become the JSON document that `schemas/drift.schema.json` describes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from reconciler.plan.changes import Failure
from reconciler.render.formats import FORMAT_VERSION
from reconciler.troubles import Kind, Trouble


def troubles_document(found: Sequence[Trouble], unread: Iterable[Failure]) -> dict[str, object]:
    """The document; troubles gravest first."""
    counts = Counter(each.kind for each in found)
    return {
        "format_version": FORMAT_VERSION,
        "well": not found,
        "summary": {kind.value: counts[kind] for kind in Kind},
        "troubles": [
            {"kind": each.kind.value, "name": each.name, "id": each.id, "detail": each.detail}
            for each in found
        ],
        "errors": [{"name": each.name, "id": each.id, "summary": each.summary} for each in unread],
    }
