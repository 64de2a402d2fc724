"""Grid → PNG and JPEG, with the standard library alone, so that every machine makes the same files.

A cell becomes 8 × 8 pixels. In a PNG of one bit a pixel that is one byte; in a JPEG it is one
block of a single grey, which needs no cosine transform: its mean is all there is to say.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterable, Iterator

from tests.tools.pixel_font import Grid

CELL = 8
"""Pixels a cell is wide and high."""

_PAPER, _INK = 127, -128  # mean grey of a block, less 128, as JPEG counts it


def png(grid: Grid) -> bytes:
    """A greyscale PNG of one bit a pixel."""
    header = struct.pack(">IIBBBBB", grid.width * CELL, grid.height * CELL, 1, 0, 0, 0, 0)
    lines = (b"\0" + bytes(0 if ink else 255 for ink in row) for row in grid.rows)
    pixels = b"".join(line * CELL for line in lines)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def jpeg(grid: Grid) -> bytes:
    """A greyscale baseline JPEG (JFIF)."""
    size = struct.pack(">BHHB", 8, grid.height * CELL, grid.width * CELL, 1)
    means = (_INK if ink else _PAPER for row in grid.rows for ink in row)
    segments = (
        (0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
        (0xDB, b"\0" + b"\x08" * 64),  # one step for all: 8 makes a block's mean its coefficient
        (0xC0, size + b"\1\x11\0"),
        (0xC4, _huffman_table(0x00, (0, 7, 8))),
        (0xC4, _huffman_table(0x10, (0,))),
        (0xDA, b"\1\1\0\0\x3f\0"),
    )
    head = b"".join(struct.pack(">BBH", 255, mark, len(data) + 2) + data for mark, data in segments)
    return b"\xff\xd8" + head + _packed(_codes(means)) + b"\xff\xd9"


def _huffman_table(kind: int, symbols: tuple[int, ...]) -> bytes:
    """A table whose codes are 0, 10, 110: one symbol a length."""
    counts = bytes(1 if length < len(symbols) else 0 for length in range(16))
    return bytes([kind]) + counts + bytes(symbols)


def _codes(means: Iterable[int]) -> Iterator[str]:
    """For each block the change of its mean, then "nothing else in this block", as bits."""
    before = 0
    for mean in means:
        change, before = mean - before, mean
        bits = abs(change).bit_length()
        value = change if change >= 0 else change + (1 << bits) - 1
        yield {0: "0", 7: "10", 8: "110"}[bits] + (f"{value:0{bits}b}" if bits else "") + "0"


def _packed(codes: Iterable[str]) -> bytes:
    """Bits to bytes, filled up with ones; a 255 is followed by 0, so that it is no marker."""
    bits = "".join(codes)
    bits += "1" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8).replace(b"\xff", b"\xff\0")
