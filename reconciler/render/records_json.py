"""Records and their audit trail as JSON documents."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict

from reconciler.model import Recorded
from reconciler.render.formats import FORMAT_VERSION
from reconciler.state.records import encode
from reconciler.state.trail import Event

_OF_THE_FILE = frozenset({"format_version", "run", "checksum", "seal"})


def records_document(records: Iterable[Recorded]) -> dict[str, object]:
    """Whole records by name, then id; `schemas/state-list.schema.json` describes it.

    Each has the form of its file, without what guards the file.
    """
    listed = sorted(records, key=lambda record: (record.name, record.id))
    return {"format_version": FORMAT_VERSION, "records": [_record(each) for each in listed]}


def _record(record: Recorded) -> dict[str, object]:
    body = json.loads(encode(record))
    return {key: value for key, value in body.items() if key not in _OF_THE_FILE}


def trail_document(name: str, events: Iterable[Event]) -> dict[str, object]:
    """What happened, oldest first; `schemas/state-log.schema.json` describes it."""
    return {
        "format_version": FORMAT_VERSION,
        "name": name,
        "events": [asdict(event) for event in events],
    }
