"""What has been decided about one record, and whether it still holds when others were quicker."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from reconciler.model import Origin, Recorded
from reconciler.state.layout import intent_path_of, path_of

FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One outcome on its way to the remote."""

    id: str
    name: str
    record: Recorded | None
    """None forgets it."""
    text: str | None
    """The record as it will stand in its file."""
    at: str
    """When it was decided, ISO 8601, UTC."""
    why: str
    """What happened, in a word or two of the audit trail."""
    is_intent: bool = False
    """It is about an application without a known end, not about a record."""
    base: str | None = None
    """The name of the bytes that it replaces, None where there were none."""

    @property
    def path(self) -> str:
        """Where it stands in the tree."""
        return intent_path_of(self.id) if self.is_intent else path_of(self.id)


def happened(record: Recorded) -> str:
    """The word for a record that is put: how it came to be, or what the reviewer said since."""
    seen = record.observation
    if seen is None or (record.origin is Origin.ADOPTED and seen.at == record.at):
        return record.origin.value
    return f"seen {seen.status.value}"


def age(record: Recorded) -> tuple[datetime, datetime]:
    """When it was submitted, then when it was last looked at: the later record is the newer one."""
    submitted = datetime.fromisoformat(record.at)
    seen = record.observation
    return submitted, submitted if seen is None else datetime.fromisoformat(seen.at)


def still_ours(entry: Entry, current: Recorded | None, *, untouched: bool) -> bool:
    """Whether the entry goes in over `current`, the record that stands there now.

    `untouched` says that it is the one the entry was made from, or an earlier one of ours: then no
    clock is asked. Otherwise the newer one wins, and a tie leaves what everybody sees already.
    """
    if untouched:
        return True
    if current is None:
        # Somebody forgot it meanwhile, but the service has accepted what we know about.
        return entry.record is not None
    if entry.record is None:
        return datetime.fromisoformat(entry.at) > age(current)[0]
    return age(entry.record) > age(current)
