"""Makes tests/cases/rules/_documents: `python -m tests.tools.make_bad_documents`.

Each is a document that somebody could hand in, or that somebody made to do harm. Nothing here uses
a clock, chance, or a library outside Python.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from tests.tools import odd_documents as odd
from tests.tools.pdf_format import pdf

FOLDER = Path(__file__).resolve().parents[1] / "cases" / "rules" / "_documents"


def _huge_jpg() -> bytes:
    """The header of a real one, with the largest size that it can say."""
    data = odd.photo(64, 64)
    frame = data.index(b"\xff\xc0")
    return data[: frame + 5] + b"\xff\xff\xff\xff" + data[frame + 9 :]


def _linearized() -> bytes:
    """Made for the web, and cut off: it says in front how long it should be."""
    return pdf(("A page",)).replace(b"\n", b"\n% << /Linearized 1 /L 99999 >>\n", 1)


def _nested() -> bytes:
    return odd.raw_pdf(odd.CATALOG, b"[" * 20_000)


_MADE: Mapping[str, Callable[[], bytes]] = {
    "damaged.pdf": lambda: b"%PDF-1.4\nnothing that any reader could follow\n%%EOF\n",
    "damaged.png": lambda: odd.document("a png with one wrong byte"),
    "good.jpg": lambda: odd.photo(320, 320),
    "good.pdf": lambda: pdf(("A page",)),
    "good.png": lambda: odd.picture(320, 320),
    "huge.jpg": _huge_jpg,
    "huge.png": lambda: odd.raw_png(60_000, 60_000, b""),
    "jpeg.png": lambda: odd.photo(320, 320),
    "linearized-cut.pdf": _linearized,
    "locked-aes-256.pdf": lambda: odd.locked_pdf(revision=6, version=5),
    "locked.pdf": odd.locked_pdf,
    "nested.pdf": _nested,
    "no-page.pdf": lambda: odd.document("a pdf without a page"),
    "small.png": lambda: odd.picture(120, 80),
    "truncated.jpg": lambda: odd.photo(320, 320)[:-40],
    "truncated.pdf": lambda: pdf(("A page",))[:-200],
    "truncated.png": lambda: odd.picture(320, 320)[:-20],
}


def documents() -> dict[str, bytes]:
    """Every document, by its name."""
    return {name: make() for name, make in _MADE.items()}


def main() -> None:
    """Write them all."""
    FOLDER.mkdir(exist_ok=True)
    for name, content in documents().items():
        (FOLDER / name).write_bytes(content)
        print(f"{name}: {len(content)} bytes")


if __name__ == "__main__":
    main()
