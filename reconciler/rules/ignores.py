"""`# reconciler: ignore[USMS104] reason`: comments that let a finding pass, where they stand."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from reconciler.manifests import KeyPath, Manifest
from reconciler.problems import Position

_COMMENT = re.compile(
    r"(?:^|(?<=[ \t\r\n]))#[ \t]*reconciler:[ \t]*ignore\b(?P<rest>[^\r\n]*)", re.IGNORECASE
)
_REST = re.compile(r"[ \t]*\[(?P<ids>[^\]]*)\](?P<reason>.*)")
_BREAK = re.compile(r"\r\n|\r|\n")
_MOST = 100
"""Comments of one file that are looked at, and rules that they name: nobody writes so many, and for
each there may be something to say."""

Place = tuple[int, int]
"""Line and column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ignore:
    """One comment."""

    position: Position
    ids: tuple[str, ...]
    """As they are written; empty where there are none."""
    reason: str
    """May be empty."""
    line: int
    """The line for whose values it holds."""

    @property
    def is_whole(self) -> bool:
        """It says which rule, and why; any other ignores nothing."""
        return bool(self.ids and self.reason)


def ignores(manifest: Manifest) -> tuple[Ignore, ...]:
    """The comments of a manifest, in its order; a hundred at most, or a hundred rules in them."""
    if b"econciler" not in manifest.raw and b"ECONCILER" not in manifest.raw:
        return ()  # as nearly every manifest; to decode or fold all of them would take longer
    found: list[Ignore] = []
    for each in islice(_Finder(manifest).run(), _MOST):
        found.append(each)
        if sum(len(ignore.ids) for ignore in found) > _MOST:
            break
    return tuple(found)


def lines(manifest: Manifest, path: KeyPath) -> range:
    """The lines on which a comment holds for the value at `path`: from its key to its end.

    For a mapping or list the line of its key alone: what is inside has lines of its own.
    """
    where = manifest.locate(*path)
    key = manifest.key_positions.get(path)
    first = where.line if key is None else key.line
    if key is not None and isinstance(_at(manifest, path), dict | list):
        return range(first, first + 1)
    return range(first, where.end_line + 1)


def _at(manifest: Manifest, path: KeyPath) -> object:
    value: object = manifest.data
    for part in path:
        value = value[part]  # type: ignore[index] # the path is one of the manifest's own
    return value


def _named(ids: str) -> tuple[str, ...]:
    """What stands in the brackets, each once; a hundred at most."""
    words = (word.strip().upper() for word in ids.split(","))
    return tuple(islice(dict.fromkeys(word for word in words if word), _MOST))


class _Finder:
    """Looks for comments between the scalars of a text: `#` inside one is none."""

    def __init__(self, manifest: Manifest) -> None:
        self._text = manifest.text
        self._starts = [0, *(found.end() for found in _BREAK.finditer(self._text))]
        self._scalars = sorted(_scalars(manifest))
        self._block = range(0)
        """Lines of comments alone, of which the last one found was one."""

    def run(self) -> Iterator[Ignore]:
        for found in _COMMENT.finditer(self._text):
            position = self._position(found.start(), found.end())
            if not self._is_inside((position.line, position.column)):
                yield self._ignore(found["rest"], position)

    def _ignore(self, rest: str, position: Position) -> Ignore:
        parts = _REST.match(rest)
        ids = "" if parts is None else parts["ids"]
        return Ignore(
            position=position,
            ids=_named(ids),
            reason="" if parts is None else parts["reason"].strip(" \t:-–—"),
            line=self._meant(position),
        )

    def _meant(self, position: Position) -> int:
        """Its own line, if there is something on it; else the next that is no comment."""
        if self._line(position.line)[: position.column - 1].strip():
            return position.line
        if position.line not in self._block:  # else a hundred of them would each walk it
            end = position.line + 1
            while end < len(self._starts) and self._line(end).lstrip().startswith("#"):
                end += 1
            self._block = range(position.line, end)
        return self._block.stop

    def _line(self, number: int) -> str:
        end = self._starts[number] if number < len(self._starts) else len(self._text)
        return self._text[self._starts[number - 1] : end]

    def _position(self, start: int, end: int) -> Position:
        line = bisect_right(self._starts, start)
        begin = self._starts[line - 1] - 1
        return Position(line=line, column=start - begin, end_line=line, end_column=end - begin)

    def _is_inside(self, place: Place) -> bool:
        """Scalars do not overlap, so only the last that begins before can hold the place."""
        index = bisect_right(self._scalars, (place, (0, 0))) - 1
        if index < 0:
            return False
        start, end = self._scalars[index]
        return start < place < end and not self._is_header(start, place)

    def _is_header(self, start: Place, place: Place) -> bool:
        """After the sign that begins a block of text (| or >) there may be a comment."""
        return place[0] == start[0] and self._line(start[0])[start[1] - 1] in "|>"


def _scalars(manifest: Manifest) -> Iterator[tuple[Place, Place]]:
    for path, where in manifest.positions.items():
        if not isinstance(_at(manifest, path), dict | list):
            yield _ends(where)
    for where in manifest.key_positions.values():
        yield _ends(where)


def _ends(where: Position) -> tuple[Place, Place]:
    return (where.line, where.column), (where.end_line, where.end_column)
