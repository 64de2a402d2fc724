"""The straight way to a page of a PDF, for files that are written plainly, as scanners do.

A quarter of a second goes into loading pypdf, which most files do not need. Whatever is less than
plain (objects packed into streams, several versions in one file, a lock) is left to it.
"""

from __future__ import annotations

import re

_END = re.compile(rb"startxref\s{1,4}([0-9]{1,8})\s{1,4}%%EOF\s{0,8}\Z")
_TABLE = re.compile(rb"xref\s{1,3}0 ([0-9]{1,6})\s{1,3}")
_ROW = 20
"""Bytes of a line of the table, by the standard: place, generation, n or f, two for its end."""
_OBJECT = re.compile(rb"\s{0,2}([0-9]{1,7}) 0 obj\b")
_NOT_PLAIN = (b"/Prev", b"/Encrypt", b"/XRefStm")
_ROOT = re.compile(rb"/Root\s+([0-9]{1,7}) 0 R\b")
_PAGES = re.compile(rb"/Pages\s+([0-9]{1,7}) 0 R\b")
_KID = re.compile(rb"/Kids\s*\[\s*([0-9]{1,7}) 0 R\b")
_PAGE = re.compile(rb"/Type\s*/Page\b")
_MOST_OBJECTS = 10_000
_LONGEST_OBJECT = 4096
_MOST_LEVELS = 8


def shows_a_page(data: bytes) -> bool:
    """Whether a page was found; if not, nothing is known. Never raises."""
    found = _END.search(data, max(0, len(data) - 64))
    if found is None:
        return False
    return _Plain(data, int(found[1]), found.start()).shows_a_page()


class _Plain:
    """A file with one table, which begins at `place`; the trailer ends at `end`."""

    def __init__(self, data: bytes, place: int, end: int) -> None:
        self._data = data
        table = _TABLE.match(data, place)
        self._rows = 0 if table is None else table.end()
        self._count = 0 if table is None else int(table[1])
        self._trailer = data[self._rows + self._count * _ROW : end]

    def shows_a_page(self) -> bool:
        if self._count > _MOST_OBJECTS or not self._trailer.startswith(b"trailer"):
            return False
        if any(key in self._trailer for key in _NOT_PLAIN):
            return False
        node = self._follow(self._follow(self._trailer, _ROOT), _PAGES)
        for _ in range(_MOST_LEVELS):
            if _PAGE.search(node):
                return True
            node = self._follow(node, _KID)
        return False

    def _follow(self, source: bytes, reference: re.Pattern[bytes]) -> bytes:
        """The object that `source` refers to; empty where there is none."""
        found = reference.search(source)
        number = 0 if found is None else int(found[1])
        if not 0 < number < self._count:
            return b""
        start = self._rows + number * _ROW
        row = self._data[start : start + _ROW]
        if row[17:18] != b"n" or not row[:10].isdigit():
            return b""
        head = _OBJECT.match(self._data, int(row[:10]))
        if head is None or int(head[1]) != number:
            return b""
        end = self._data.find(b"endobj", head.end(), head.end() + _LONGEST_OBJECT)
        return self._data[head.end() : max(end, head.end())]
