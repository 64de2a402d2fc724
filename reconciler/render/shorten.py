"""Long values cut to what a person reads in a line."""

from __future__ import annotations

from itertools import takewhile

from reconciler.render.width import width

_KEPT = 12
"""Characters shown before the first difference of two long values."""


def shorten(text: str, cells: int) -> str:
    """`text`, or as much of it as fits into `cells` with an ellipsis at its end."""
    if width(text) <= cells:
        return text
    kept = text[:cells]
    while width(kept) > cells - 1:
        kept = kept[:-1]
    return f"{kept}…"


def shorten_pair(before: str, after: str, cells: int) -> tuple[str, str]:
    """Both shortened, from shortly before the first difference, so that it stays visible."""
    if width(before) <= cells and width(after) <= cells:
        return before, after
    start = _common(before, after) - _KEPT
    if start > 0:
        before, after = f"…{before[start:]}", f"…{after[start:]}"
    return shorten(before, cells), shorten(after, cells)


def _common(before: str, after: str) -> int:
    """How many characters both begin with."""
    pairs = zip(before, after, strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
