"""The documents that the rules' examples describe in words, as bytes."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from functools import cache

from tests.tools.image_formats import jpeg, png
from tests.tools.pdf_format import pdf
from tests.tools.pixel_font import Grid

CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>"


def picture(width: int = 960, height: int = 640) -> bytes:
    """A png; both numbers are multiples of 8."""
    return png(_grid(width, height))


def photo(width: int = 960, height: int = 640) -> bytes:
    """A jpg; both numbers are multiples of 8."""
    return jpeg(_grid(width, height))


def chunk(name: bytes, data: bytes) -> bytes:
    """A part of a png."""
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def raw_png(width: int, height: int, pixels: bytes, *, bits: int = 8, color: int = 0) -> bytes:
    """A png whose header says whatever it likes."""
    header = struct.pack(">IIBBBBB", width, height, bits, color, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(pixels, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(name, data) for name, data in parts)


def raw_pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A pdf of these objects, numbered from 1, of which the first is the catalogue."""
    body, table = b"%PDF-1.4\n", b"0000000000 65535 f \n"
    for number, content in enumerate(objects, start=1):
        table += b"%010d 00000 n \n" % len(body)
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    size = len(objects) + 1
    body += b"xref\n0 %d\n%b" % (size, table)
    end = b"trailer\n<< /Size %d /Root 1 0 R %b >>\nstartxref\n%d\n%%%%EOF\n"
    return body + end % (size, trailer, body.index(b"xref\n0"))


def pages(kids: bytes) -> bytes:
    """The second object of a pdf: which pages there are."""
    return b"<< /Type /Pages /Kids [%b] /Count 1 >>" % kids


def locked_pdf(*, revision: int = 3, version: int = 2) -> bytes:
    """A pdf whose password nobody knows: what should prove one proves nothing."""
    rest = b"/UE <%b> /OE <%b> /Perms <%b>" % (b"00" * 32, b"00" * 32, b"00" * 16)
    keys = b"/Filter /Standard /V %d /R %d /Length 128 /P -4 /O <%b> /U <%b> %b" % (
        version,
        revision,
        b"11" * (48 if revision > 4 else 32),
        b"22" * (48 if revision > 4 else 32),
        rest if revision > 4 else b"",
    )
    filters = b"/CF << /StdCF << /CFM /AESV3 /Length 32 >> >> /StmF /StdCF /StrF /StdCF"
    extra = filters if version > 4 else b""
    trailer = b"/ID [<%b> <%b>] /Encrypt << %b %b >>" % (b"33" * 16, b"33" * 16, keys, extra)
    return raw_pdf(CATALOG, pages(b"3 0 R"), PAGE, trailer=trailer)


def _grid(width: int, height: int) -> Grid:
    grid = Grid(width // 8, height // 8)
    grid.frame()
    return grid


def _wrong_byte() -> bytes:
    data = picture()
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]


def _heavy() -> bytes:
    """Padded with a part that every reader passes over."""
    data = picture()
    padding = chunk(b"teSt", bytes(3 * 1024 * 1024 + 512 * 1024 - len(data) - 12))
    return data[:33] + padding + data[33:]


_MADE: Mapping[str, Callable[[], bytes]] = {
    "a png of 960 x 640 pixels": picture,
    "a png of 120 x 80 pixels": lambda: picture(120, 80),
    "a jpg of 960 x 640 pixels": photo,
    "a pdf of one page": lambda: pdf(("A page",)),
    "a png of 3.5 MiB": _heavy,
    "a png with one wrong byte": _wrong_byte,
    "a png without its last part": lambda: picture()[:-200],
    "a pdf with a password": locked_pdf,
    "a pdf without a page": lambda: raw_pdf(CATALOG, b"<< /Type /Pages /Kids [] /Count 0 >>"),
    "a png that claims 60000 x 60000 pixels": lambda: raw_png(60_000, 60_000, b""),
}


@cache
def document(words: str) -> bytes:
    """The document that an example describes so."""
    return _MADE[words]()
