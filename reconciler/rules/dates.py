"""Rules about days: since when a type is refused, and until when a document is valid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from reconciler.model import SignatureType
from reconciler.problems import Severity
from reconciler.rules.rule import STANDARDS, Example, Finding, PaperRule, Rule, SubjectRule
from reconciler.rules.samples import LETTER, LICENCE, manifest, one
from reconciler.rules.subject import Paper, Subject
from reconciler.wording import quoted

ICP_END = date(2026, 5, 1)
"""The first day on which domestic signatures of these types are refused (ministry order 74)."""
ICP_NOTICE = timedelta(days=60)
_ICP = (SignatureType.APP, SignatureType.WEBSITE, SignatureType.PUBLIC_ACCOUNT)
_ICP_INSTEAD = (
    "What passes is a company's full name or abbreviation, a trademark, or a public body. "
    "International messages are not concerned: `international: true`. If this one was approved "
    "before and stays as it is, say so above the line: `# reconciler: ignore[{rule}] approved in …`"
)


def _icp_refused(subject: Subject) -> Iterator[Finding]:
    if subject.type in _ICP and subject.around.today >= ICP_END:
        yield from _icp(subject, f"has been refused since {ICP_END}", "USMS201")


def _icp_ending(subject: Subject) -> Iterator[Finding]:
    if subject.type in _ICP and ICP_END - ICP_NOTICE <= subject.around.today < ICP_END:
        yield from _icp(subject, f"will be refused from {ICP_END} on", "USMS202")


def _icp(subject: Subject, fate: str, rule: str) -> Iterator[Finding]:
    if subject.type is not None and not subject.international:
        yield Finding(
            path=("type",),
            summary=f"{quoted(subject.type)} {fate} for messages inside mainland China",
            detail="Apps, websites and public accounts are what ministry order 74 took off the "
            f"list. {_ICP_INSTEAD.format(rule=rule)}",
        )


def _expired(paper: Paper) -> Iterator[Finding]:
    if paper.expires is not None and paper.expires < paper.around.today:
        yield Finding(
            path=(paper.role, "expires"),
            summary=f"the {paper.name} expired on {paper.expires}",
            detail="Reviewers refuse documents that are out of date. Get a new one, put its "
            "scan in the place of the old, and write its last day here.",
        )


def _expiring(paper: Paper) -> Iterator[Finding]:
    if paper.expires is None:
        return
    left = (paper.expires - paper.around.today).days
    if 0 <= left <= paper.around.expiry_days:
        when = "today" if left == 0 else f"in {left} {'day' if left == 1 else 'days'}"
        yield Finding(
            path=(paper.role, "expires"),
            summary=f"the {paper.name} expires {when}, on {paper.expires}",
            detail="A review takes a working day, and a refused one begins anew. Get the next "
            "document now; `expiry-days` in the settings says how early this warns.",
        )


def _until(day: str) -> str:
    return f"url: {LICENCE}\nexpires: {day}"


def _letter(day: str) -> str:
    return f"url: {LETTER}\nexpires: {day}"


def _on(day: date, example: Example) -> Example:
    return replace(example, today=day)


_IN_DATE = one(
    manifest(
        "优刻得科技",
        purpose="others-use",
        certificate=_until("2031-12-31"),
        letter=_letter("2031-12-31"),
    )
)

RULES: tuple[Rule, ...] = (
    SubjectRule(
        id="USMS201",
        name="icp-type",
        severity=Severity.ERROR,
        source=f"{STANDARDS}: types; ministry order 74, in force since {ICP_END}",
        why="Domestic signatures that name an app, a website or a public account (types 1, 2 and "
        "3, known as ICP types) are not accepted any more.",
        fix="Apply with the company's name or with a trademark. For messages abroad write "
        "`international: true`. One that was approved before goes on working: ignore the rule in "
        "its manifest, with that reason, or set `suspend: true`.",
        bad=one(manifest("示例星杯", type="app")),
        good=one(manifest("示例星杯", type="app", more="international: true")),
        check=_icp_refused,
    ),
    SubjectRule(
        id="USMS202",
        name="icp-type-ending",
        severity=Severity.WARNING,
        source=f"{STANDARDS}: types; ministry order 74, in force since {ICP_END}",
        why="The same as USMS201, in the sixty days before: what is submitted late may be judged "
        "too late.",
        fix="Submit now, or apply with the company's name or a trademark.",
        bad=_on(date(2026, 3, 15), one(manifest("示例星杯", type="app"))),
        good=_on(date(2026, 3, 1), one(manifest("示例星杯", type="app"))),
        check=_icp_ending,
    ),
    PaperRule(
        id="USMS203",
        name="document-expired",
        severity=Severity.ERROR,
        source=f"{STANDARDS}: documents",
        why="Certificates and letters of authorization have to be in date when they are reviewed. "
        "`expires` is the last day.",
        fix="Replace the document, and the date. If the signature is approved already and nothing "
        "will be submitted, ignore the rule with that reason.",
        bad=one(manifest("优刻得科技", certificate=_until("2026-11-21"))),
        good=_IN_DATE,
        check=_expired,
    ),
    PaperRule(
        id="USMS204",
        name="document-expires-soon",
        severity=Severity.WARNING,
        source=f"{STANDARDS}: documents",
        why="A document that is in date today may be out of date when it is reviewed, or when the "
        "signature has to be submitted again.",
        fix="Get the next document in time. `expiry-days` in [tool.reconciler.rules] sets how many "
        "days before (30).",
        bad=one(
            manifest("优刻得科技", purpose="others-use", letter=_letter("2026-12-01")),
        ),
        good=_IN_DATE,
        check=_expiring,
    ),
)
