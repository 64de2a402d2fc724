"""How many terminal cells a text takes: a Chinese character takes two."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

from rich.cells import cell_len


def width(text: str) -> int:
    """The cells that `text` takes; it holds no control characters (see `escape.terminal`)."""
    return cell_len(text)


def pad(text: str, cells: int) -> str:
    """`text` and as many spaces as make it `cells` wide; never cut."""
    return text + " " * (cells - width(text))


def align(rows: Sequence[Sequence[str]]) -> tuple[tuple[str, ...], ...]:
    """The same rows with every column padded, but for empty cells at a row's end, which go."""
    columns = zip_longest(*rows, fillvalue="")
    widths = [max(map(width, column)) for column in columns]
    return tuple(_padded(row, widths) for row in rows)


def _padded(row: Sequence[str], widths: Sequence[int]) -> tuple[str, ...]:
    length = max((index for index, cell in enumerate(row, start=1) if cell), default=0)
    if not length:
        return ()
    full = [pad(cell, cells) for cell, cells in zip(row, widths, strict=False)]
    return (*full[: length - 1], *row[length - 1 : length])
