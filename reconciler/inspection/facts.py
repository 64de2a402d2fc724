"""What was found out about one document. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Fault(StrEnum):
    """Why nobody could read the document."""

    UNREADABLE = "unreadable"
    """It is damaged: it does not decode."""
    TRUNCATED = "truncated"
    """Its end is missing."""
    ENCRYPTED = "encrypted"
    """It asks for a password."""
    NO_PAGE = "no-page"
    """A PDF without a single page."""
    EXCESSIVE = "excessive"
    """It asks for more work or memory than any scan needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything that the rules want to know; None is what could not be found out."""

    fault: Fault | None = None
    detail: str = ""
    """What exactly is at fault, as the end of a sentence; never any of the document's own words."""
    width: int | None = None
    """Of an image, in pixels."""
    height: int | None = None


UNKNOWN = Facts()
