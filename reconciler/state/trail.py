"""The audit trail: what was done about each signature, read from the records that followed it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from reconciler.model import Recorded

RENAMED = "renamed"
DAMAGED = "damaged"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A record as it was written, or that it went."""

    id: str
    at: str
    """When it was written, ISO 8601, UTC, by the clock of whoever wrote it."""
    record: Recorded | None
    """None when the record went, or when what stands there cannot be read (`damaged`)."""
    why: str
    """What the writer said about it; it counts where there is no record to tell."""
    run: str | None
    """Which run wrote it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the trail."""

    at: str
    """ISO 8601, UTC."""
    id: str
    name: str | None
    """None when the record that went was never seen."""
    what: str
    """`submitted`, `adopted`, `created`, `seen STATUS`, `renamed`, `deleted`, `forgotten`, …"""
    rejection: str | None = None
    """The reviewer's reason."""
    fingerprint: str | None = None
    """Of what was submitted."""
    request_uuid: str | None = None
    head: str | None = None
    """The commit of the manifests."""
    run: str | None = None
    tool_version: str | None = None


def events(versions: Iterable[Version]) -> Iterator[Event]:
    """What happened from each version to the next one of its id; `versions` are oldest first.

    A version may hold two events, when an answer was seen before the submission had been shared.
    """
    last: dict[str, Recorded] = {}
    for version in versions:
        before = last.get(version.id)
        if version.record is None:
            yield _without_record(version, before)
            if version.why != DAMAGED:
                last.pop(version.id, None)
        else:
            yield from _between(before, version.record, version)
            last[version.id] = version.record


def of(wanted: str, versions: Iterable[Version]) -> list[Event]:
    """The events of all ids that bear this name, or once did; or of the id that this is."""
    found = list(events(versions))
    ids = {event.id for event in found if wanted in (event.name, event.id)}
    return [event for event in found if event.id in ids]


def _between(before: Recorded | None, record: Recorded, version: Version) -> Iterator[Event]:
    if before is None or _deed(before) != _deed(record):
        yield _event(record, version, what=record.origin.value, at=record.at)
    elif before.name != record.name:
        yield _event(record, version, what=RENAMED, at=version.at)
    seen = record.observation
    if seen is None or (before is not None and seen == before.observation):
        return
    yield _event(
        record, version, what=f"seen {seen.status.value}", at=seen.at, rejection=seen.rejection
    )


def is_renaming(before: Recorded | None, record: Recorded) -> bool:
    """Whether nothing but the name is new."""
    return before is not None and before != record and replace(before, name=record.name) == record


def _deed(record: Recorded) -> tuple[object, ...]:
    return (record.origin, record.at, record.request_uuid, record.fingerprint)


def _event(
    record: Recorded, version: Version, *, what: str, at: str, rejection: str | None = None
) -> Event:
    return Event(
        at=at,
        id=record.id,
        name=record.name,
        what=what,
        rejection=rejection,
        fingerprint=record.fingerprint,
        request_uuid=record.request_uuid,
        head=record.head,
        run=version.run,
        tool_version=record.tool_version,
    )


def _without_record(version: Version, before: Recorded | None) -> Event:
    return Event(
        at=version.at,
        id=version.id,
        name=None if before is None else before.name,
        what=version.why,
        run=version.run,
    )
