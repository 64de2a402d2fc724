"""Records and their audit trail as JSON documents."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from reconciler.model import Recorded
from reconciler.render.formats import FORMAT_VERSION
from reconciler.state.records import encode
from reconciler.state.trail import Event


def records_document(records: Iterable[Recorded]) -> dict[str, object]:
    """Whole records by name, then id; `schemas/state-list.schema.json` describes it.

    Each has the form of its file, but for `run`, which belongs to the trail.
    """
    listed = sorted(records, key=lambda record: (record.name, record.id))
    return {
        "format_version": FORMAT_VERSION,
        "records": [json.loads(encode(record)) for record in listed],
    }


def trail_document(name: str, events: Iterable[Event]) -> dict[str, object]:
    """What happened, oldest first; `schemas/state-log.schema.json` describes it."""
    return {
        "format_version": FORMAT_VERSION,
        "name": name,
        "events": [asdict(event) for event in events],
    }
