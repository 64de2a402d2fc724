"""Text from outside, made fit to stand inside a one-line message."""

from __future__ import annotations

from collections.abc import Sequence


def printable(text: str) -> str:
    """`text` on one line: whatever a terminal would not show becomes its escape, such as \\x1b."""
    if text.isprintable():
        return text
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode("ascii")
        for char in text
    )


def quoted(text: str, limit: int = 60) -> str:
    """`text` in backquotes, printable, and cut after `limit` characters."""
    cut = text if len(text) <= limit else text[: limit - 1] + "…"
    return f"`{printable(cut)}`"


def listed(words: Sequence[str], last: str = "or") -> str:
    """The words in backquotes, as a sentence lists them: `a`, `b` or `c`; at least one."""
    *others, final = [quoted(word) for word in words]
    return f"{', '.join(others)} {last} {final}" if others else final


def is_unicode(text: str) -> bool:
    """Whether `text` can be written as UTF-8; Python lets file names in other encodings pass."""
    return text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text)
