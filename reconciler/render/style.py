"""Colours for a terminal. Whether there are any is the caller's decision (contract 3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """A look, as the number of its ANSI code."""

    BOLD = "1"
    DIM = "2"
    RED = "31"
    GREEN = "32"
    YELLOW = "33"
    BLUE = "34"
    CYAN = "36"


@dataclass(frozen=True, slots=True, kw_only=True)
class Painter:
    """Paints text, or leaves it as it is where `colour` is False."""

    colour: bool

    def __call__(self, text: str, *styles: Style) -> str:
        """`text` in these styles, and back to normal after it."""
        if not (self.colour and styles and text):
            return text
        return f"\x1b[{';'.join(styles)}m{text}\x1b[0m"


PLAIN = Painter(colour=False)
