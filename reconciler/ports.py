"""The Protocols between the engine and the world. In-memory fakes implement the same ones."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from reconciler.model import Observed, Recorded, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """The service accepted a write for review; `id` is set by `create` alone."""

    request_uuid: str | None
    id: str | None = None


class ReadOnlyService(Protocol):
    """All that `plan` is given: it cannot write because there is nothing to write with.

    Every method raises `ServiceError` (its subclasses tell what is known about the request).
    """

    def find(self, *, project: str, id: str) -> Observed:
        """Ask about one id; `NOT_FOUND` when the service has nothing under it."""
        ...

    def find_content(self, *, project: str, content: str) -> Observed:
        """Ask about one content; `NOT_FOUND` when the service has none such."""
        ...


class Service(ReadOnlyService, Protocol):
    """What `apply` is given."""

    def resubmit(self, *, project: str, ids: tuple[str, ...], submission: Submission) -> Receipt:
        """Update the ids with one description, in one request. Idempotent."""
        ...

    def create(self, *, project: str, submission: Submission) -> Receipt:
        """Apply for a new one. Not idempotent: the caller asks by content first."""
        ...

    def delete(self, *, project: str, ids: tuple[str, ...]) -> Receipt:
        """Delete for good."""
        ...


class IntentStore(Protocol):
    """Applications that were begun and whose end is not known; every method raises `StateError`.

    An intent is the record as it will stand, under a stand-in for its id (`apply.intents`).
    """

    def intents(self) -> Mapping[str, Recorded]:
        """All of them by stand-in."""
        ...

    def begin(self, intent: Recorded) -> None:
        """Note one, durably and for every runner that shares the state, before returning."""
        ...

    def end(self, id: str) -> None:
        """Drop the one with this stand-in; nothing happens when there is none."""
        ...


class StateStore(IntentStore, Protocol):
    """Where the record of what was submitted is kept; every method raises `StateError`."""

    def load(self) -> Mapping[str, Recorded]:
        """All records by id."""
        ...

    def put(self, record: Recorded) -> None:
        """Record one, durably, before returning.

        Raises `KeptError` where that is done, but nothing more should be sent.
        """
        ...

    def remove(self, id: str, *, why: str = "forgotten") -> None:
        """Forget one, durably, before returning; nothing happens when there is none.

        `why` is the word that the audit trail has for it.
        """
        ...

    def lock(self) -> AbstractContextManager[None]:
        """Hold the state for writing; raises `RefusedError` when somebody else does."""
        ...
