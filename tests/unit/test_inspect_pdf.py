"""PDFs: their pages are found, and what is made to do harm is stopped."""

from __future__ import annotations

import struct
import sys
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.inspection.facts import UNKNOWN, Facts, Fault
from reconciler.inspection.inspect import inspect
from reconciler.inspection.limits import bounded
from reconciler.inspection.pdf import pdf as look
from reconciler.inspection.pdf_plain import shows_a_page
from tests.tools.odd_documents import CATALOG, PAGE, locked_pdf, pages, raw_pdf
from tests.tools.pdf_format import pdf

MEBIBYTE = 1024 * 1024


def _facts(data: bytes) -> Facts:
    return inspect(data, "application/pdf")


def _stream(number: int, keys: bytes, data: bytes) -> bytes:
    packed = zlib.compress(data, 9)
    size = len(packed)
    head = b"%d 0 obj\n<< %b /Filter /FlateDecode /Length %d >>\nstream\n" % (number, keys, size)
    return head + packed + b"\nendstream\nendobj\n"


def _packed_pdf(objects: bytes, first: int, count: int) -> bytes:
    """A pdf as programs of today make it: its objects are in a packed stream."""
    keys = b"/Type /ObjStm /N %d /First %d" % (count, first)
    body = b"%PDF-1.5\n" + _stream(1, keys, objects)
    rows = [(0, 0, 65535), (1, 9, 0), (2, 1, 0), (2, 1, 1), (2, 1, 2), (1, len(body), 0)]
    table = b"".join(struct.pack(">BIH", *row) for row in rows)
    keys = b"/Type /XRef /W [1 4 2] /Size 6 /Root 2 0 R"
    return body + _stream(5, keys, table) + b"startxref\n%d\n%%%%EOF\n" % len(body)


def _objects(*contents: bytes) -> tuple[bytes, int, int]:
    index, place = b"", 0
    for number, content in enumerate(contents, start=2):
        index += b"%d %d " % (number, place)
        place += len(content) + 1
    return index + b"\n".join(contents) + b"\n", len(index), len(contents)


_CATALOG = b"<< /Type /Catalog /Pages 3 0 R >>"
_PAGES = b"<< /Type /Pages /Kids [4 0 R] /Count 1 >>"
_PAGE = b"<< /Type /Page /Parent 3 0 R /MediaBox [0 0 9 9] >>"


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(pdf(("One page",)), id="plain"),
        pytest.param(_packed_pdf(*_objects(_CATALOG, _PAGES, _PAGE)), id="packed"),
        pytest.param(b"\n\n" + pdf(("One page",)) + bytes(3000), id="with junk around it"),
        pytest.param(pdf(("One page",)).replace(b"startxref\n", b"startxref\n9"), id="mended"),
    ],
)
def test_a_readable_pdf_has_no_fault_whichever_way_it_is_read(data: bytes) -> None:
    assert _facts(data) == UNKNOWN
    assert bounded(look, data) == UNKNOWN


def test_a_hundred_pages_are_no_crime() -> None:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 103))

    assert _facts(raw_pdf(CATALOG, pages(kids), *[PAGE] * 100)) == UNKNOWN


@pytest.mark.parametrize("kids", [b"", b"null", b"99 0 R"])
def test_a_pdf_can_be_valid_and_show_nothing(kids: bytes) -> None:
    facts = _facts(raw_pdf(CATALOG, pages(kids)))

    assert (facts.fault, facts.detail) == (Fault.NO_PAGE, "it has no page")


def test_a_pdf_that_was_cut_off_is_not_complete() -> None:
    whole = pdf(("One page",))
    linearized = whole.replace(b"\n", b"\n% << /Linearized 1 /L 9999 >>\n", 1)

    assert _facts(whole[:-100]).fault is Fault.TRUNCATED
    assert _facts(linearized).fault is Fault.TRUNCATED
    assert _facts(linearized + bytes(9999)).fault is None


@pytest.mark.parametrize(("version", "revision"), [(1, 2), (2, 3), (5, 6)])
def test_a_password_that_nobody_has_is_told(version: int, revision: int) -> None:
    assert _facts(locked_pdf(version=version, revision=revision)).fault is Fault.ENCRYPTED


def test_what_the_empty_password_opens_anybody_can_read() -> None:
    from io import BytesIO

    from pypdf import PdfWriter

    writer, file = PdfWriter(), BytesIO()
    writer.add_blank_page(200, 200)
    writer.encrypt("", "owner", algorithm="RC4-128")
    writer.write(file)

    assert _facts(file.getvalue()) == UNKNOWN


def test_a_cipher_that_is_not_there_after_the_password_fits_leaves_the_pages_unknown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from pypdf import PdfReader
    from pypdf.errors import DependencyError

    def no_cipher(_reader: PdfReader) -> int:
        raise DependencyError("cryptography>=3.1 is required for AES algorithm")

    monkeypatch.setattr(PdfReader, "pages", property(no_cipher))

    assert bounded(look, pdf(("One page",))) == UNKNOWN


def test_a_damaged_pdf_is_unreadable_and_none_of_its_words_are_told(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for body in (b"nothing", b"1 0 obj\n<< /Secret (words) >>\nendobj\nstartxref\n9"):
        facts = _facts(b"%PDF-1.4\n" + body + b"\n%%EOF\n")

        assert facts.fault is Fault.UNREADABLE
        assert "words" not in facts.detail
    assert (capsys.readouterr(), caplog.records) == (("", ""), [])


_BOMBS = {
    "arrays in arrays": raw_pdf(CATALOG, b"[" * (4 * MEBIBYTE - 500)),
    "mappings in mappings": raw_pdf(CATALOG, b"<< /Kids " * 400_000),
    "a page that holds itself": raw_pdf(CATALOG, pages(b"2 0 R")),
    "a page forty thousand times": raw_pdf(CATALOG, pages(b"3 0 R " * 40_000), PAGE),
    "a page half a million times": raw_pdf(CATALOG, pages(b"3 0 R " * 600_000), PAGE),
    "a hundred thousand objects": raw_pdf(CATALOG, pages(b"3 0 R"), PAGE, *[b"1"] * 90_000),
    "objects without end": b"%PDF-1.4\n" + b"1 0 obj\n" * 500_000 + b"startxref\n5\n%%EOF",
    "blanks": b"%PDF-1.4\n" + b" " * (4 * MEBIBYTE - 100) + b"\n%%EOF",
    "a comment": b"%PDF-1.4\n" + b"%" * (4 * MEBIBYTE - 100) + b"\n%%EOF",
    "a string in strings": raw_pdf(CATALOG, b"(" * 4_000_000),
    "a long number": raw_pdf(CATALOG, b"9" * 4_000_000),
    "a table of tables": b"%PDF-1.4\nxref\n"
    + b"0 0\n" * 900_000
    + b"trailer << /Root 1 0 R /Size 5 >>\nstartxref\n9\n%%EOF",
    "a stream that unpacks into 100 MB": _packed_pdf(b"2 0 3 9 " + b"[" * (100 * MEBIBYTE), 8, 2),
    "a stream of 300 000 objects": _packed_pdf(b"2 0 " * 300_000, 1_000_000, 300_000),
    "a stream of deep objects": _packed_pdf(b"2 0 3 9 " + b"[" * 900_000, 8, 2),
    "a table of a billion lines": b"%PDF-1.5\n"
    + _stream(1, b"/Type /XRef /W [1 4 2] /Size 1000000000 /Root 2 0 R", bytes(900_000))
    + b"startxref\n9\n%%EOF\n",
    "columns without end": b"%PDF-1.5\n"
    + _stream(
        1,
        b"/Type /XRef /W [1 4 2] /Size 9 /Root 2 0 R"
        b" /DecodeParms << /Predictor 15 /Columns 2147483647 >>",
        bytes(900_000),
    )
    + b"startxref\n9\n%%EOF\n",
}


@pytest.mark.parametrize("name", _BOMBS)
def test_a_bomb_is_refused_in_no_time(name: str) -> None:
    look(pdf(("so that the library is loaded",)))
    started = time.thread_time()

    facts = _facts(_BOMBS[name])

    assert facts.fault in {Fault.EXCESSIVE, Fault.UNREADABLE, Fault.NO_PAGE}
    assert time.thread_time() - started < 3, "a second, on a machine that is much slower"


_PLAIN = raw_pdf(CATALOG, pages(b"3 0 R 4 0 R"), pages(b"4 0 R"), PAGE)


def test_the_straight_way_needs_no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdf", None)

    assert shows_a_page(_PLAIN)
    assert _facts(_PLAIN) == UNKNOWN
    with pytest.raises(ImportError):
        _facts(_PLAIN.replace(b"/Root 1", b"/Root 9"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"%%EOF", b"%%EOF" + b"x" * 20),
        (b"startxref\n", b"startxref\n9"),
        (b"xref\n0 5", b"xref\n1 5"),
        (b"xref\n0 5", b"xref\n0 50001"),
        (b"trailer", b"trailor"),
        (b"/Root 1 0 R", b"/Root 1 0 R /Prev 9"),
        (b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 9 0 R"),
        (b"/Root 1 0 R", b"/Root 0 0 R"),
        (b"/Root 1 0 R", b"/Boot 1 0 R"),
        (b"/Root 1 0 R", b"/Root 5 0 R"),
        (b"0000000009 00000 n", b"0000000009 00000 f"),
        (b"0000000009 00000 n", b"000000000x 00000 n"),
        (b"0000000009 00000 n", b"0000000019 00000 n"),
        (b"0000000009 00000 n", b"9999999999 00000 n"),
        (b"1 0 obj", b"7 0 obj"),
        (b"endobj\n2 0", b"endorb\n2 0"),
        (b"/Kids [4", b"/Kids [3"),
        (b"/Kids [4", b"/Nids [4"),
        (b"/Type /Page /", b"/Type /Pate /"),
    ],
)
def test_whatever_is_not_plain_is_left_to_the_library(old: bytes, new: bytes) -> None:
    assert old in _PLAIN
    changed = _PLAIN.replace(old, new)
    if b"endorb" in changed:
        changed = changed.replace(b"endobj", b"endorb")

    assert not shows_a_page(changed)


@given(st.binary(max_size=30), st.floats(0, 1, exclude_max=True))
def test_the_straight_way_ends_for_any_bytes(other: bytes, where: float) -> None:
    place = int(where * len(_PLAIN))

    assert shows_a_page(_PLAIN[:place] + other + _PLAIN[place:]) in {True, False}
