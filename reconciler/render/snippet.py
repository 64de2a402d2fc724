"""The line of a file that a problem is about, with a mark under the very value."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from reconciler.problems import Position
from reconciler.render.escape import terminal
from reconciler.render.width import width

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
"""What YAML 1.1 readers count as the end of a line."""
_BEFORE, _MOST = 60, 120
"""Characters kept before the value and in all, where one line is very long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """A line, ready for a terminal, and the mark that belongs below it."""

    text: str
    mark: str


class Snippets:
    """Finds lines in files; the last file stays split, since problems come sorted by file."""

    def __init__(self, sources: Callable[[str], str | None]) -> None:
        self._sources = sources
        self._path: str | None = None
        self._lines: list[str] = []

    def at(self, path: str, position: Position) -> Snippet | None:
        """The line at `position`; None where there is none to show, as in an image."""
        if path != self._path:
            text = self._sources(path) or ""
            self._path, self._lines = path, _BREAK.split(text.removeprefix("\ufeff"))
        if position.line > len(self._lines) or not self._lines[position.line - 1]:
            return None
        return _cut(self._lines[position.line - 1], position)


def _cut(line: str, position: Position) -> Snippet:
    start = position.column - 1
    end = max(start, _end(line, position))
    first = max(0, start - _BEFORE)
    last = first + _MOST
    left, right = "…" if first else "", "…" if last < len(line) else ""
    before, value, after = line[first:start], line[start : min(end, last)], line[end:last]
    shown = left + _plain(before)
    mark = " " * width(shown) + "^" * max(1, width(_plain(value)))
    return Snippet(text=f"{shown}{_plain(value)}{_plain(after)}{right}", mark=mark)


def _end(line: str, position: Position) -> int:
    """Where the mark ends; 0 for a position without an extent."""
    if position.end_line > position.line:
        return len(line)
    return position.end_column - 1 if position.end_line == position.line else 0


def _plain(text: str) -> str:
    """A tab would move the mark by as much as the terminal likes, so it becomes spaces."""
    return terminal(text.replace("\t", "    "))
