"""Lines of Chinese and English text → a PDF of one A4 page."""

from __future__ import annotations

from collections.abc import Sequence

_TOP, _LEFT, _LEADING = 760, 72, 30  # in points, from the lower left corner

# A font that every reader has or replaces: nothing is embedded, so the file stays small.
_FONT = (
    b"<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light-UniGB-UTF16-H"
    b" /Encoding /UniGB-UTF16-H /DescendantFonts [6 0 R] >>"
)
_GLYPHS = (
    b"<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light"
    b" /CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 4 >>"
    b" /DW 1000 /W [1 95 500] /FontDescriptor 7 0 R >>"
)
_METRICS = (
    b"<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [-25 -254 1000 880]"
    b" /ItalicAngle 0 /Ascent 880 /Descent -120 /CapHeight 880 /StemV 93 >>"
)


def pdf(lines: Sequence[str]) -> bytes:
    """One page with the lines below each other; the first is the heading."""
    text = _text(lines)
    return _file(
        (
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
            b" /Resources << /Font << /F1 5 0 R >> >> >>",
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(text), text),
            _FONT,
            _GLYPHS,
            _METRICS,
        )
    )


def _text(lines: Sequence[str]) -> bytes:
    shown = "\n".join(
        f"/F1 {24 if place == 0 else 14} Tf 1 0 0 1 {_LEFT} {_TOP - place * _LEADING} Tm"
        f" <{line.encode('utf-16-be').hex().upper()}> Tj"
        for place, line in enumerate(lines)
    )
    return f"BT\n{shown}\nET".encode("ascii")


def _file(objects: Sequence[bytes]) -> bytes:
    """The objects, numbered from 1, with the table of where each begins."""
    body = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
    table = b"0000000000 65535 f \n"
    for number, content in enumerate(objects, start=1):
        table += b"%010d 00000 n \n" % len(body)
        body += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n%b" % (size, table)
        + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(body))
    )
