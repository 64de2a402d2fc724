"""How much the service is asked: a word that the command line needs before anything is planned."""

from __future__ import annotations

from enum import StrEnum


class Refresh(StrEnum):
    """About which signatures the service is asked; `plan.asking` says what each may miss."""

    ALL = "all"
    NEEDED = "needed"
    NONE = "none"
