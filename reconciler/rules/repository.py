"""Rules about documents: what one manifest says of a file, another contradicts; or none uses it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from reconciler.model import Purpose, SignatureType
from reconciler.problems import Severity
from reconciler.rules.compare import CUP, OTHER_URL, SECOND_ID, STAR, contradictions, held, place
from reconciler.rules.names import fold
from reconciler.rules.rule import (
    OWN,
    STANDARDS,
    FileFinding,
    FileRule,
    Finding,
    Placed,
    RepositoryRule,
    Rule,
    Saying,
    Statement,
)
from reconciler.rules.samples import LETTER as LETTER_URL
from reconciler.rules.samples import manifest, one, two
from reconciler.rules.subject import LETTER, Paper, Subject
from reconciler.wording import quoted

_Use = tuple[Subject, Paper]


def _two_holders(statements: Sequence[Statement]) -> Iterator[Placed]:
    for (subject, paper), (first, earlier) in _contradicting(statements):
        yield (
            subject,
            Finding(
                path=(paper.role, "holder"),
                summary=f"the same document is of {quoted(earlier.holder or '')} in "
                f"{place(first, earlier.role, 'holder')}",
                detail="One document bears one name. Correct the `holder`, or put the right "
                "document here: the wrong one is refused.",
            ),
        )


def _holders(subject: Subject) -> Iterator[Saying]:
    """Documents, and whose name is on them."""
    for paper in subject.papers:
        holder = fold(paper.holder) if paper.holder is not None else ""
        if holder and paper.identity is not None:
            yield Saying(paper.identity, holder, paper)


def _contradicting(statements: Sequence[Statement]) -> Iterator[tuple[_Use, _Use]]:
    """Where a document is spoken of in another way than at first, and where that was."""
    return (
        ((subject, other.paper), (before, first.paper))
        for (before, first), (subject, other) in contradictions(statements)
        if first.paper is not None and other.paper is not None
    )


def _two_kinds(statements: Sequence[Statement]) -> Iterator[Placed]:
    for (subject, paper), (first, earlier) in _contradicting(statements):
        yield (
            subject,
            Finding(
                path=(paper.role, paper.key),
                summary=f"the same document is {_KINDS[_kind(first, earlier)]} in "
                f"{place(first, earlier.role)}, and {_KINDS[_kind(subject, paper)]} here",
                detail="Each type of signature has a certificate of its own, and a letter is no "
                "certificate. One of the two manifests names the wrong file, or the wrong type.",
            ),
        )


_KINDS: Mapping[str, str] = {
    "company": "a company's or public body's certificate",
    "app": "an app's certificate",
    "website": "a website's certificate",
    "public-account": "a public account's certificate",
    "trademark": "a trademark's certificate",
    "letter": "a letter of authorization",
}


def _kinds(subject: Subject) -> Iterator[Saying]:
    """Documents, and what they are said to be; USMS205 compares the two of one manifest."""
    seen = None
    for paper in subject.papers:
        kind = _kind(subject, paper)
        if kind and paper.identity is not None and paper.identity != seen:
            yield Saying(paper.identity, kind, paper)
        seen = paper.identity


def _kind(subject: Subject, paper: Paper) -> str:
    """What the document is said to be. A social credit code certificate proves two types."""
    if paper.role == LETTER:
        return "letter"
    if subject.type is None:
        return ""
    return "company" if subject.type is SignatureType.GOVERNMENT else subject.type.value


def _two_signatures(statements: Sequence[Statement]) -> Iterator[Placed]:
    for (subject, paper), (first, _) in _contradicting(statements):
        yield (
            subject,
            Finding(
                path=(paper.role, paper.key),
                summary=f"the same letter authorizes {quoted(first.content or '')} in "
                f"{place(first, paper.role)}, and {quoted(subject.content or '')} here",
                detail="A letter has to name the very signature that it is for. Get one for each; "
                "or, if this one names both, say so above the line: `# reconciler: "
                "ignore[USMS407] it names both`",
            ),
        )


def _authorization(subject: Subject) -> object:
    return subject.letter and (subject.letter, subject.content, subject.purpose)


def _authorized(subject: Subject) -> Iterator[Saying]:
    """Letters, and the signature that each has to name."""
    paper = subject.letter
    if paper is None or paper.identity is None or subject.content is None:
        return
    content = fold(subject.content)
    if content and subject.purpose is Purpose.OTHERS_USE:
        yield Saying(paper.identity, content, paper)


def _unused(used: AbstractSet[str], files: Sequence[str]) -> Iterator[FileFinding]:
    for file in files:
        if file not in used:
            yield FileFinding(
                file=file,
                summary=f"no manifest uses the document {quoted(file)}",
                detail="Documents of people and companies should not lie about. Delete it (git "
                "keeps it), or name it in the manifest that it is for.",
            )


def _authorizing(content: str, id: str, letter: str) -> str:
    return manifest(
        content, id=id, purpose="others-use", certificate=held(STAR), letter=f"url: {letter}"
    )


_FIRST_ID = "SIG20190XXX2C1844"
_SCAN = "a png of 960 x 640 pixels"
_FILE = manifest("示例星杯咖啡", certificate="file: ../../documents/star.png")

RULES: tuple[Rule, ...] = (
    RepositoryRule(
        id="USMS401",
        name="document-of-two-holders",
        severity=Severity.ERROR,
        source=f"{STANDARDS}: documents",
        why="A certificate or letter bears one name. Where two manifests give two for the same "
        "document, one of them sends the wrong file.",
        fix="Correct the `holder`, or name the right document.",
        bad=two(
            manifest("示例星杯咖啡", certificate=held(STAR)),
            manifest("示例杯星餐饮", id=SECOND_ID, certificate=held(CUP)),
        ),
        good=two(
            manifest("示例星杯咖啡", certificate=held(STAR)),
            manifest("示例杯星餐饮", id=SECOND_ID, certificate=held(CUP, OTHER_URL)),
        ),
        traits=lambda subject: subject.papers or None,
        says=_holders,
        check=_two_holders,
    ),
    FileRule(
        id="USMS402",
        name="document-unused",
        severity=Severity.WARNING,
        source=OWN,
        why="A document that nothing uses is a scan of somebody's papers that everybody with "
        "access can read, for no reason; or a manifest names the wrong one. Looked at are "
        "`signatures/`, `documents/` and the folders in and beside which used documents lie.",
        fix="Delete it, or name it in its manifest.",
        bad=one(_FILE, ("documents/star.png", _SCAN), ("documents/old.png", _SCAN)),
        good=one(_FILE, ("documents/star.png", _SCAN)),
        check=_unused,
    ),
    RepositoryRule(
        id="USMS404",
        name="document-of-two-kinds",
        severity=Severity.WARNING,
        source=f"{STANDARDS}: documents; UCloud API: CertificateType",
        why="The certificate's type must be consistent with the signature's: a business licence "
        "proves no trademark, and a letter of authorization proves neither. The same file in two "
        "such places is wrong in one of them.",
        fix="Name the document that goes with the type.",
        bad=two(
            manifest("示例星杯咖啡"),
            manifest("示例星杯", id=SECOND_ID, type="trademark"),
        ),
        good=two(
            manifest("示例星杯咖啡"),
            manifest("示例星杯", id=SECOND_ID, type="trademark", certificate=f"url: {OTHER_URL}"),
        ),
        traits=lambda subject: (subject.papers, subject.type),
        says=_kinds,
        check=_two_kinds,
    ),
    RepositoryRule(
        id="USMS407",
        name="letter-of-two-signatures",
        severity=Severity.WARNING,
        source=f"{STANDARDS}: documents",
        why="For somebody else's brand the letter of authorization has to name the same signature. "
        "One letter beside two contents names one of them, unless it names both.",
        fix="Get a letter for each, or ignore the rule with the reason that the letter names both.",
        bad=two(
            _authorizing("示例星杯咖啡", _FIRST_ID, LETTER_URL),
            _authorizing("星杯咖啡", SECOND_ID, LETTER_URL),
        ),
        good=two(
            _authorizing("示例星杯咖啡", _FIRST_ID, LETTER_URL),
            _authorizing("星杯咖啡", SECOND_ID, OTHER_URL),
        ),
        traits=_authorization,
        says=_authorized,
        check=_two_signatures,
    ),
)
