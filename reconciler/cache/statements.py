"""Who says what about things that others speak about as well, as it is kept.

A rule that compares manifests has something to say only where what is said about one thing differs.
So whoever knows, for every thing, who says what, can tell to which manifests a change is of
importance: a handful, as a rule, of ten thousand.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property

Group = dict[str, set[int]]
"""What is said about one thing, and the numbers of those who say it."""
_Who = int | Sequence[int]
_BREAK = "\n"
"""Between the cells of a column."""
_NOBODY = b"[[],[],[]]"
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


class Statements:
    """Takes what manifests say, and packs it at once: ten thousand say a good deal."""

    def __init__(self, paths: Sequence[str]) -> None:
        """`paths` are those of all manifests, which go by their numbers."""
        self._packer = zlib.compressobj(level=1)
        self._packed = bytearray()
        self._line(_column([*paths]))

    def note(self, kind: str, noted: Iterable[tuple[str, str, Sequence[int]]]) -> None:
        """Everything of one kind: what is spoken about, what is said, and by which manifests.

        All that is said about one thing comes in a row.
        """
        # In three columns they are written in a third of the time that small lists would take.
        rows = [*noted]
        speakers = [who if len(who) > 1 else who[0] for _, _, who in rows]
        abouts, sayings = [about for about, _, _ in rows], [says for _, says, _ in rows]
        self._line([kind, _column(abouts), _column(sayings), speakers])

    def text(self) -> bytes:
        """Bytes that `Stated` reads; nothing can be noted any more."""
        return bytes(self._packed + self._packer.flush())

    def _line(self, value: object) -> None:
        # What is wrong with a manifest may be a character that UTF-8 has no bytes for.
        text = _ENCODER.encode(value).encode(errors="surrogatepass")
        self._packed += self._packer.compress(text + b"\n")


class Stated:
    """What was noted. Each kind is read when it is asked for."""

    def __init__(self, text: bytes) -> None:
        first, *lines = zlib.decompress(text).split(b"\n")
        self.paths = _cells(json.loads(first))
        """Of all manifests, by their numbers."""
        self._lines = dict(_parted(line) for line in lines if line)
        self.kind = cache(lambda kind: Kind(self._lines.get(kind, _NOBODY)))
        """What was noted of one kind."""


class Kind:
    """What is said about things that one rule compares."""

    def __init__(self, line: bytes) -> None:
        self._who: list[_Who]
        abouts, sayings, self._who = json.loads(line)
        self._abouts, self._says = _cells(abouts), _cells(sayings)
        self._first: dict[str, int] = {}
        for place, about in enumerate(self._abouts):
            self._first.setdefault(about, place)

    def abouts(self) -> Iterable[str]:
        """Everything that somebody speaks about."""
        return self._first

    @cached_property
    def shared(self) -> Sequence[str]:
        """What more than one speak about, or one in two ways."""
        if len(self._first) == len(self._abouts):
            pairs = zip(self._abouts, self._who, strict=True)
            return [about for about, who in pairs if not isinstance(who, int)]
        return [
            about
            for about, first in self._first.items()
            if not isinstance(self._who[first], int) or self._is_about(about, first + 1)
        ]

    def speakers(self, about: str) -> Iterator[int]:
        """The numbers of those who speak about it."""
        for place in self._places(about):
            who = self._who[place]
            yield from (who,) if isinstance(who, int) else who

    def group(self, about: str) -> Group:
        """What is said about it, and by whom; empty where nobody says anything."""
        found: Group = {}
        for place in self._places(about):
            who = self._who[place]
            found[self._says[place]] = {who} if isinstance(who, int) else set(who)
        return found

    def _places(self, about: str) -> Iterator[int]:
        place = self._first.get(about, len(self._abouts))
        while self._is_about(about, place):
            yield place
            place += 1

    def _is_about(self, about: str, place: int) -> bool:
        return place < len(self._abouts) and self._abouts[place] == about


def _parted(line: bytes) -> tuple[str, bytes]:
    """`["kind",[…],[…],[…]]`: the kind, which holds no quotes, and the rest."""
    kind, _, lists = line[2:].partition(b'",')
    return kind.decode(), b"[" + lists


def _column(cells: list[str]) -> str | list[str]:
    """As one text, where that can be taken apart again."""
    text = _BREAK.join(cells)
    return text if cells and text.count(_BREAK) == len(cells) - 1 else cells


def _cells(column: str | list[str]) -> list[str]:
    return column.split(_BREAK) if isinstance(column, str) else column
