"""The skeleton of a JPEG: its size, its scans and its end, without decoding a pixel."""

from __future__ import annotations

import re
from dataclasses import dataclass

_END, _SCAN = 0xD9, 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""SOF0 to SOF15; the three others in between are tables."""
_BARE = frozenset({0x01, 0xD8})
"""Markers that no segment follows."""
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""Inside a scan 0xFF is followed by 0, or begins a restart marker; elsewhere it may repeat."""
_MOST_SEGMENTS = 10_000
"""A real picture has some dozens; each costs a step of Python."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Skeleton:
    """What the header says, and whether the end is there."""

    width: int = 0
    height: int = 0
    scans: int = 0
    """How often the decoder passes over the picture; more than one in a progressive JPEG."""
    ended: bool = False


def skeleton(data: bytes) -> Skeleton:
    """Walk the markers as far as there are any. Never raises."""
    width = height = scans = place = 0
    for _ in range(_MOST_SEGMENTS):
        found = _MARKER.search(data, place)
        marker = _END if found is None else data[found.end() - 1]
        if found is None or marker == _END:
            return Skeleton(width=width, height=height, scans=scans, ended=found is not None)
        place = found.end()
        if marker in _BARE:
            continue
        if marker in _FRAMES and not width:
            height = int.from_bytes(data[place + 3 : place + 5])
            width = int.from_bytes(data[place + 5 : place + 7])
        scans += marker == _SCAN
        place += int.from_bytes(data[place : place + 2])
    return Skeleton(width=width, height=height, scans=scans)
