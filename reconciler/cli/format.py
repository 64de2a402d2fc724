"""How a command prints its data; apart from the options, which take Typer to be read."""

from __future__ import annotations

from enum import StrEnum


class Format(StrEnum):
    """How a command prints its data."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"
