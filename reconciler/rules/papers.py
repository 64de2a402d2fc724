"""Rules about a document's file: its name, its size, and whether anybody can read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from urllib.parse import urlsplit

from reconciler.inspection.facts import Fault
from reconciler.problems import Severity
from reconciler.rules.rule import API, OWN, STANDARDS, Example, Finding, PaperRule, Rule
from reconciler.rules.samples import manifest, one
from reconciler.rules.subject import Paper
from reconciler.wording import quoted

LARGE = 3 * 1024 * 1024
_MOST = 4 * 1024 * 1024
SMALL = 300
"""Pixels along the shorter side. The small print of a licence takes twice as many."""

_ENDINGS: Mapping[str, tuple[str, ...]] = {
    "image/jpeg": (".jpg", ".jpeg", ".jpe", ".jfif"),
    "image/png": (".png",),
    "application/pdf": (".pdf",),
}
_NAMES = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
_KNOWN = {ending: kind for kind, endings in _ENDINGS.items() for ending in endings}
_OTHER_KINDS = """
.7z .bmp .doc .docx .gif .heic .odt .ofd .ppt .pptx .rar .svg .tif .tiff .txt .webp .xls .xlsx .zip
"""
_NOT_TAKEN = frozenset(_OTHER_KINDS.split())
_SCAN_AGAIN = "Reviewers refuse what they cannot read. Scan or export it again, and look at it."


def _ending(paper: Paper) -> Iterator[Finding]:
    if paper.file is None or paper.proof is None or paper.proof.media_type not in _NAMES:
        return
    # An ending that we do not know says nothing that could be wrong.
    if _KNOWN.get(_suffix(paper.file), paper.proof.media_type) != paper.proof.media_type:
        kind = _NAMES[paper.proof.media_type]
        yield Finding(
            path=(paper.role, "file"),
            summary=f"{quoted(paper.file)} is a {kind}, whatever its name says",
            detail="It is sent as what it is. Somebody probably renamed it instead of "
            f"converting it, or took the wrong file: check it, and call it .{kind}.",
        )


def _large(paper: Paper) -> Iterator[Finding]:
    size = 0 if paper.proof is None else paper.proof.size or 0
    if paper.file is not None and LARGE < size <= _MOST:
        yield Finding(
            path=(paper.role, "file"),
            summary=f"the {paper.name} has {size / 1024 / 1024:.1f} of the 4 MiB that the "
            "service takes",
            detail="The next scan may be too large. 200 dots per inch and grey instead of "
            "colour are enough to read; a photo is far smaller as a jpg than as a png.",
        )


def _small(paper: Paper) -> Iterator[Finding]:
    width, height = paper.facts.width, paper.facts.height
    if paper.file is None or width is None or height is None:
        return
    if min(width, height) < SMALL:
        yield Finding(
            path=(paper.role, "file"),
            summary=f"the {paper.name} has {width} x {height} pixels: too few to be read",
            detail=f"Reviewers refuse what they cannot read. Use a scan of at least {SMALL} "
            "pixels along the shorter side; 1000 are better.",
        )


def _address(paper: Paper) -> Iterator[Finding]:
    ending = "" if paper.url is None else _suffix(_path(paper.url))
    if ending in _NOT_TAKEN:
        yield Finding(
            path=(paper.role, "url"),
            summary=f"the {paper.name} at this address is a {ending} file by its name",
            detail="Reviewers take jpg, png and pdf. Upload a scan as one of those.",
        )


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _suffix(path: str) -> str:
    name = path.rpartition("/")[2].lower()
    return f".{name.rpartition('.')[2]}" if "." in name else ""


def _faulty(fault: Fault, words: str, advice: str) -> Callable[[Paper], Iterator[Finding]]:
    """A check for one fault; they differ in their words alone."""

    def check(paper: Paper) -> Iterator[Finding]:
        if paper.facts.fault is fault and paper.file is not None:
            yield Finding(
                path=(paper.role, "file"),
                summary=f"the {paper.name} {quoted(paper.file)} {words}: {paper.facts.detail}",
                detail=advice,
            )

    return check


def _example(ending: str, what: str) -> Example:
    path = f"documents/licence.{ending}"
    return one(manifest("优刻得科技", certificate=f"file: ../../{path}"), (path, what))


_GOOD = _example("png", "a png of 960 x 640 pixels")
_GOOD_PDF = _example("pdf", "a pdf of one page")

RULES: tuple[Rule, ...] = (
    PaperRule(
        id="USMS301",
        name="document-ending",
        severity=Severity.WARNING,
        source=f"{API}: File; {OWN}",
        why="What a document is, is told by its content, and sent so. A name that says something "
        "else means that the file was renamed rather than converted, or is the wrong one.",
        fix="Look at the file, and give it the ending that fits.",
        bad=_example("png", "a jpg of 960 x 640 pixels"),
        good=_GOOD,
        check=_ending,
    ),
    PaperRule(
        id="USMS302",
        name="document-large",
        severity=Severity.WARNING,
        source=f"{API}: File; the margin is this project's",
        why="The service takes documents of at most 4 MB; a larger one is refused by USMS005. "
        "Above 3 MiB the next scan may be.",
        fix="Scan with 200 dots per inch, in grey; save photos as jpg; print a pdf into a new one.",
        bad=_example("png", "a png of 3.5 MiB"),
        good=_GOOD,
        check=_large,
    ),
    PaperRule(
        id="USMS303",
        name="document-unreadable",
        severity=Severity.WARNING,
        source=f"{STANDARDS}: documents",
        why="A damaged document reaches the reviewer as a blank, if at all. It is a warning, since "
        "another program may still read what ours cannot.",
        fix="Scan or export it again. Git may have damaged it, if .gitattributes calls it text.",
        bad=_example("png", "a png with one wrong byte"),
        good=_GOOD,
        check=_faulty(Fault.UNREADABLE, "is damaged", _SCAN_AGAIN),
        needs_inspection=True,
    ),
    PaperRule(
        id="USMS304",
        name="document-truncated",
        severity=Severity.WARNING,
        source=f"{STANDARDS}: documents",
        why="A file that was cut off, in a download or on a full disk, shows half a document.",
        fix="Copy, scan or export it again.",
        bad=_example("png", "a png without its last part"),
        good=_GOOD,
        check=_faulty(Fault.TRUNCATED, "is not complete", _SCAN_AGAIN),
        needs_inspection=True,
    ),
    PaperRule(
        id="USMS305",
        name="document-encrypted",
        severity=Severity.ERROR,
        source=f"{STANDARDS}: documents",
        why="Nobody can tell a reviewer the password. A pdf that opens without one, and merely "
        "forbids printing, passes; with AES-256 that cannot be told, and it is refused too.",
        fix="Save it without protection, or print it into a new pdf.",
        bad=_example("pdf", "a pdf with a password"),
        good=_GOOD_PDF,
        check=_faulty(
            Fault.ENCRYPTED, "is encrypted", "Save it without a password: reviewers have none."
        ),
        needs_inspection=True,
    ),
    PaperRule(
        id="USMS306",
        name="image-too-small",
        severity=Severity.WARNING,
        source=f"{STANDARDS}: documents; the number of pixels is this project's",
        why="Reviewers read the small print of a certificate. A thumbnail of it is refused.",
        fix=f"Use the scan itself: at least {SMALL} pixels along the shorter side.",
        bad=_example("png", "a png of 120 x 80 pixels"),
        good=_GOOD,
        check=_small,
        needs_inspection=True,
    ),
    PaperRule(
        id="USMS307",
        name="pdf-without-page",
        severity=Severity.WARNING,
        source=f"{STANDARDS}: documents",
        why="A pdf can be valid and hold no page at all; programs that fail make such ones.",
        fix="Export it again, and look at it.",
        bad=_example("pdf", "a pdf without a page"),
        good=_GOOD_PDF,
        check=_faulty(Fault.NO_PAGE, "shows nothing", _SCAN_AGAIN),
        needs_inspection=True,
    ),
    PaperRule(
        id="USMS308",
        name="document-excessive",
        severity=Severity.ERROR,
        source=OWN,
        why="A small file can unfold into gigabytes, or keep a program busy for hours. No scan "
        "does; whoever opens such a file, a reviewer or this program, is harmed by it.",
        fix="Scan or export the document anew, with another program.",
        bad=_example("png", "a png that claims 60000 x 60000 pixels"),
        good=_GOOD,
        check=_faulty(
            Fault.EXCESSIVE,
            "asks for more than any scan",
            "Do not open it if you do not know where it is from. Scan the document anew.",
        ),
        needs_inspection=True,
    ),
    PaperRule(
        id="USMS309",
        name="address-ending",
        severity=Severity.WARNING,
        source=f"{STANDARDS}: documents",
        why="Reviewers take jpg, png and pdf. An address that ends in .docx or .zip leads to "
        "something else.",
        fix="Upload a scan as jpg, png or pdf.",
        bad=one(manifest("优刻得科技", certificate="url: https://documents.example.com/a.docx")),
        good=one(manifest("优刻得科技", certificate="url: https://documents.example.com/a.pdf")),
        check=_address,
    ),
)
