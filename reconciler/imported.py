"""What `import` did, one row an id."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from reconciler.model import ReviewStatus


class Fate(StrEnum):
    """What became of one id."""

    IMPORTED = "imported"
    """A manifest was written."""
    UNCHANGED = "unchanged"
    """A manifest names it already."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """One id."""

    id: str
    fate: Fate
    name: str | None = None
    path: str | None = None
    """The manifest that names it."""
    status: ReviewStatus = ReviewStatus.UNKNOWN
    recorded: bool = False
    """The state has a record of it now, as adopted."""
    blanks: tuple[str, ...] = ()
    """What a person has to fill in."""
    detail: str = ""
    """Why it failed, or why it is not recorded though nothing is blank."""


def summarise(rows: Iterable[Imported]) -> Mapping[str, int]:
    """How many of each fate, every fate named."""
    counts = Counter(row.fate for row in rows)
    return {fate.value: counts[fate] for fate in Fate}
