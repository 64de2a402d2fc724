"""What apply did, one outcome a row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Result(StrEnum):
    """How one row ended; `UNKNOWN` means that no answer came."""

    SUBMITTED = "submitted"
    ADOPTED = "adopted"
    CREATED = "created"
    DELETED = "deleted"
    FORGOTTEN = "forgotten"
    SKIPPED = "skipped"
    FAILED = "failed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One row of apply's answer (contract 6)."""

    name: str
    id: str | None
    result: Result
    reason: str
    """The plan's reason, or why it was skipped, as a word of contract 4."""
    request_uuid: str | None = None
    detail: str = ""
    """One sentence for a person; empty when the result says it all."""
    refused: bool = False
    """Skipped because the service would not allow it (any more): the wish stays undone."""


def summarise(outcomes: Iterable[Outcome]) -> Mapping[str, int]:
    """How many of each result, every result named."""
    counts = Counter(outcome.result for outcome in outcomes)
    return {result.value: counts[result] for result in Result}
