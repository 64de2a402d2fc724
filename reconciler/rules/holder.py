"""Rules that compare the content with the name on the certificate; silent where it is not given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from reconciler.model import SignatureType
from reconciler.problems import Severity
from reconciler.rules.names import SHORTEST, abbreviation, fold, is_company
from reconciler.rules.rule import STANDARDS, Finding, Rule, SubjectRule
from reconciler.rules.samples import LICENCE, manifest, one
from reconciler.rules.subject import Subject
from reconciler.wording import quoted

_PATH = ("content",)
_RUN = (
    "For a company reviewers take the full name on the certificate, or an abbreviation: an "
    "unbroken part of it, longer than three characters, nothing skipped or reordered."
)


def _broken(subject: Subject) -> Iterator[Finding]:
    named = _company(subject)
    if named is not None and named.plain not in named.full:
        yield Finding(
            path=_PATH,
            summary=f"{quoted(named.content)} is no unbroken part of the holder's name "
            f"{quoted(named.holder)}",
            detail=f"{_RUN}{_suggestion(named)} A brand that is not in the name passes as `type: "
            "trademark`, with the certificate of its registration.",
        )


def _short(subject: Subject) -> Iterator[Finding]:
    named = _company(subject)
    if named is None or len(named.content) >= SHORTEST:
        return
    if named.plain in named.full and named.plain != named.full:
        yield Finding(
            path=_PATH,
            summary=f"{quoted(named.content)} is too short an abbreviation: it needs at least four "
            "characters",
            detail=f"{_RUN}{_suggestion(named)}",
        )


def _surely_short(subject: Subject) -> Iterator[Finding]:
    content = subject.content
    if subject.type is not SignatureType.COMPANY or content is None or subject.holder is not None:
        return
    if len(content) < SHORTEST:
        yield Finding(
            path=_PATH,
            summary=f"{quoted(content)} is shorter than companies' names and their abbreviations",
            detail=f"{_RUN} With the full name in `certificate.holder` this is checked exactly. A "
            "short brand passes as `type: trademark`.",
        )


class _Named(NamedTuple):
    """A content and the name on the certificate, as written and folded."""

    content: str
    holder: str
    plain: str
    full: str


def _company(subject: Subject) -> _Named | None:
    """Both, where both are known and the content names a company."""
    content, holder = subject.content, subject.holder
    if subject.type is not SignatureType.COMPANY or content is None or holder is None:
        return None
    plain, full = fold(content), fold(holder)
    # Without a character that can be compared, there is nothing to say here.
    return _Named(content, holder, plain, full) if plain and full else None


def _suggestion(named: _Named) -> str:
    part = abbreviation(named.holder, named.plain)
    return "" if part is None else f" Write {quoted(part)}."


def _trademark(subject: Subject) -> Iterator[Finding]:
    content, holder = subject.content, subject.holder
    if subject.type is not SignatureType.TRADEMARK or content is None or holder is None:
        return
    if is_company(holder) or fold(holder) == fold(content):
        return
    yield Finding(
        path=_PATH,
        summary=f"{quoted(content)} is not the {quoted(holder)} that the certificate is said to "
        "bear",
        detail="A trademark is taken as it is registered, sign by sign, and its owner has to be "
        "the company that applies. Write the mark as the certificate shows it, or, if `holder` "
        "is its owner, the owner's full name (…公司).",
    )


def _other_kind(subject: Subject) -> Iterator[Finding]:
    holder = subject.holder or ""
    if subject.type is SignatureType.GOVERNMENT and is_company(holder):
        seems, wanted = "a company", "company"
    elif subject.type is SignatureType.COMPANY and holder.endswith(_OFFICES):
        seems, wanted = "an office of government", "government"
    else:
        return
    yield Finding(
        path=("type",),
        summary=f"{quoted(holder)} looks like {seems}, and the type is {subject.type.value}",
        detail="The certificate has to be of the signature's own type, and reviewers compare them. "
        f"Write `type: {wanted}`, or put the certificate here that goes with the type.",
    )


_OFFICES = ("人民政府", "人民法院", "人民检察院", "公安局", "税务局", "管理局", "监督局", "办公厅")


def _certified(holder: str) -> str:
    return f"url: {LICENCE}\nholder: {holder}"


_UCLOUD = _certified("优刻得科技股份有限公司")
_OWNER = _certified("示例咖啡有限公司")

RULES: tuple[Rule, ...] = (
    SubjectRule(
        id="USMS110",
        name="company-name-broken",
        severity=Severity.ERROR,
        source=f"{STANDARDS}: company signatures",
        why="An abbreviation of a company is a contiguous run of its full name. 优刻得股份 skips "
        "two characters of 优刻得科技股份有限公司, and is refused. Spaces, brackets and other "
        "signs that no content may hold are passed over, and case does not count.",
        fix="Write the full name, or an unbroken part of it that has four characters or more.",
        bad=one(manifest("优刻得股份", certificate=_UCLOUD)),
        good=one(manifest("优刻得科技股份", certificate=_UCLOUD)),
        check=_broken,
    ),
    SubjectRule(
        id="USMS111",
        name="company-name-short",
        severity=Severity.ERROR,
        source=f"{STANDARDS}: company signatures",
        why="An abbreviation of a company is longer than three characters. 优刻得 is refused for "
        "优刻得科技股份有限公司.",
        fix="Take more of the name.",
        bad=one(manifest("优刻得", certificate=_UCLOUD)),
        good=one(manifest("优刻得科技", certificate=_UCLOUD)),
        check=_short,
    ),
    SubjectRule(
        id="USMS114",
        name="company-name-unproved",
        severity=Severity.WARNING,
        source=f"{STANDARDS}: company signatures",
        why="An abbreviation of a company is longer than three characters, and hardly a full name "
        "is shorter. Judged where no `holder` says what the full name is; where one does, USMS110 "
        "and USMS111 know for certain.",
        fix="Write more of the company's name, and the whole of it in `certificate.holder`.",
        bad=one(manifest("优刻得")),
        good=one(manifest("优刻得科技")),
        check=_surely_short,
    ),
    SubjectRule(
        id="USMS112",
        name="trademark-name",
        severity=Severity.ERROR,
        source=f"{STANDARDS}: trademark signatures",
        why="A trademark is taken as it stands on the certificate, whose owner is the applying "
        "company. So `holder` is the name of a company, or the mark itself.",
        fix="Write the mark as it is registered, or the owner's full name in `holder`.",
        bad=one(manifest("示例星杯", type="trademark", certificate=_certified("示例星碗"))),
        good=one(manifest("示例星杯", type="trademark", certificate=_OWNER)),
        check=_trademark,
    ),
    SubjectRule(
        id="USMS113",
        name="type-of-holder",
        severity=Severity.WARNING,
        source=f"{STANDARDS}: documents; UCloud API: CertificateType",
        why="The certificate's type must be consistent with the signature's type. The program "
        "sends the one that goes with `type`, so a company's licence under `type: government` is "
        "announced as something that it is not.",
        fix="Correct the type, or the certificate.",
        bad=one(manifest("优刻得科技", type="government", certificate=_UCLOUD)),
        good=one(manifest("优刻得科技", certificate=_UCLOUD)),
        check=_other_kind,
    ),
)
