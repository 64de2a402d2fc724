"""Writes capital letters into a grid of square cells: enough to make a readable sample document."""

from __future__ import annotations

from collections.abc import Iterable

_ADVANCE = 6  # a letter is five cells wide, and one cell of space follows it
_MARGIN = 2

# Seven rows of five cells, written as seven numbers; the highest bit is the leftmost cell.
_GLYPHS: dict[str, tuple[int, ...]] = {
    " ": (0, 0, 0, 0, 0, 0, 0),
    "-": (0, 0, 0, 14, 0, 0, 0),
    ".": (0, 0, 0, 0, 0, 12, 12),
    "0": (14, 17, 19, 21, 25, 17, 14),
    "1": (4, 12, 4, 4, 4, 4, 14),
    "2": (14, 17, 1, 2, 4, 8, 31),
    "3": (31, 2, 4, 2, 1, 17, 14),
    "4": (2, 6, 10, 18, 31, 2, 2),
    "5": (31, 16, 30, 1, 1, 17, 14),
    "6": (6, 8, 16, 30, 17, 17, 14),
    "7": (31, 1, 2, 4, 8, 8, 8),
    "8": (14, 17, 17, 14, 17, 17, 14),
    "9": (14, 17, 17, 15, 1, 2, 12),
    "A": (14, 17, 17, 31, 17, 17, 17),
    "B": (30, 17, 17, 30, 17, 17, 30),
    "C": (14, 17, 16, 16, 16, 17, 14),
    "D": (28, 18, 17, 17, 17, 18, 28),
    "E": (31, 16, 16, 30, 16, 16, 31),
    "F": (31, 16, 16, 30, 16, 16, 16),
    "G": (14, 17, 16, 23, 17, 17, 15),
    "H": (17, 17, 17, 31, 17, 17, 17),
    "I": (14, 4, 4, 4, 4, 4, 14),
    "J": (7, 2, 2, 2, 2, 18, 12),
    "K": (17, 18, 20, 24, 20, 18, 17),
    "L": (16, 16, 16, 16, 16, 16, 31),
    "M": (17, 27, 21, 21, 17, 17, 17),
    "N": (17, 17, 25, 21, 19, 17, 17),
    "O": (14, 17, 17, 17, 17, 17, 14),
    "P": (30, 17, 17, 30, 16, 16, 16),
    "Q": (14, 17, 17, 17, 21, 18, 13),
    "R": (30, 17, 17, 30, 20, 18, 17),
    "S": (15, 16, 16, 14, 1, 1, 30),
    "T": (31, 4, 4, 4, 4, 4, 4),
    "U": (17, 17, 17, 17, 17, 17, 14),
    "V": (17, 17, 17, 17, 17, 10, 4),
    "W": (17, 17, 17, 21, 21, 21, 10),
    "X": (17, 17, 10, 4, 10, 17, 17),
    "Y": (17, 17, 17, 10, 4, 4, 4),
    "Z": (31, 1, 2, 4, 8, 16, 31),
}


class Grid:
    """Cells of paper (False) and ink (True), `width` by `height`."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.rows = [[False] * width for _ in range(height)]

    def frame(self) -> None:
        """Ink the outermost cells, so that a cropped copy is easy to see."""
        for row in self.rows:
            row[0] = row[-1] = True
        self.rows[0] = [True] * self.width
        self.rows[-1] = [True] * self.width

    def write(self, text: str, *, top: int, scale: int = 1) -> None:
        """Write `text` in the middle, from row `top` down; ValueError when it is too wide."""
        left = (self.width - len(text) * _ADVANCE * scale) // 2
        if left < _MARGIN:
            raise ValueError(f"too wide for this grid: {text}")
        for column, row in _ink(text):
            for down in range(scale):
                for right in range(scale):
                    self.rows[top + row * scale + down][left + column * scale + right] = True


def _ink(text: str) -> Iterable[tuple[int, int]]:
    """The (column, row) of every inked cell of `text`."""
    for place, letter in enumerate(text):
        for row, bits in enumerate(_GLYPHS[letter]):
            for column in range(5):
                if bits >> (4 - column) & 1:
                    yield place * _ADVANCE + column, row
