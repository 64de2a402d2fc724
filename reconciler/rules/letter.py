"""Rules about the letter of authorization, with which somebody else's brand is used."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model import Purpose
from reconciler.problems import Severity
from reconciler.rules.names import fold, is_company
from reconciler.rules.rule import API, STANDARDS, Finding, Rule, SubjectRule
from reconciler.rules.samples import LETTER, LICENCE, manifest, one
from reconciler.rules.subject import LETTER as ROLE
from reconciler.rules.subject import Paper, Subject
from reconciler.wording import quoted

_NEEDED = (
    "For somebody else's brand reviewers ask for a signed letter in force, in which its owner "
    "authorizes you to use this very signature."
)


def _missing(subject: Subject) -> Iterator[Finding]:
    if subject.purpose is not Purpose.OTHERS_USE:
        return
    if not subject.has_letter:
        yield Finding(
            path=("purpose",),
            summary="`purpose: others-use` needs a letter of authorization",
            detail=f"{_NEEDED} Scan it, and name it below `authorization:`.",
        )
    elif subject.letter is not None and _is_certificate(subject, subject.letter):
        yield Finding(
            path=(ROLE, subject.letter.key),
            summary="the letter of authorization is the certificate once more",
            detail=f"{_NEEDED} The certificate does not replace it.",
        )


def _is_certificate(subject: Subject, letter: Paper) -> bool:
    certificate = subject.certificate
    if certificate is None or letter.identity is None:
        return False
    return letter.identity == certificate.identity


def _needless(subject: Subject) -> Iterator[Finding]:
    if subject.has_letter and subject.purpose is Purpose.SELF_USE:
        yield Finding(
            path=("purpose",),
            summary="`self-use` with a letter of authorization: one of the two is probably wrong",
            detail="A letter is for somebody else's brand, `purpose: others-use`. For your own "
            "delete `authorization`.",
        )


def _other_owner(subject: Subject) -> Iterator[Finding]:
    letter, owner = subject.letter, subject.holder
    signer = None if letter is None else letter.holder
    if subject.purpose is not Purpose.OTHERS_USE or signer is None or owner is None:
        return
    if is_company(signer) and is_company(owner) and fold(signer) != fold(owner):
        yield Finding(
            path=(ROLE, "holder"),
            summary=f"the letter is from {quoted(signer)}, the certificate of {quoted(owner)}",
            detail="Only the owner of a brand can authorize its use: the name in the letter and "
            "the name on the certificate have to be the same.",
        )


_BY_OWNER = manifest(
    "优刻得科技",
    purpose="others-use",
    certificate=f"url: {LICENCE}\nholder: 优刻得科技股份有限公司",
    letter=f"url: {LETTER}\nholder: 优刻得科技股份有限公司",
)

RULES: tuple[Rule, ...] = (
    SubjectRule(
        id="USMS205",
        name="letter-missing",
        severity=Severity.ERROR,
        source=f"{API}: ProxyFile; {STANDARDS}: documents",
        why=f"{_NEEDED} A manifest without the key is refused for its shape already (USMS003); "
        "this rule also sees a certificate that was put in the letter's place.",
        fix="Scan the letter, and name it below `authorization:`.",
        bad=one(
            manifest(
                "优刻得科技",
                purpose="others-use",
                certificate="file: ../../documents/licence.png",
                letter="file: ../../documents/licence.png",
            ),
            ("documents/licence.png", "a png of 960 x 640 pixels"),
        ),
        good=one(_BY_OWNER),
        check=_missing,
    ),
    SubjectRule(
        id="USMS206",
        name="letter-needless",
        severity=Severity.WARNING,
        source=f"{API}: SigPurpose, ProxyFile",
        why="A letter of authorization belongs to `purpose: others-use`. Beside `self-use` it says "
        "that the purpose is probably wrong, which a reviewer sees at once.",
        fix="Write `purpose: others-use`, or delete `authorization`.",
        bad=one(manifest("优刻得科技", letter=f"url: {LETTER}")),
        good=one(_BY_OWNER),
        check=_needless,
    ),
    SubjectRule(
        id="USMS207",
        name="letter-of-another",
        severity=Severity.WARNING,
        source=f"{STANDARDS}: documents",
        why="The letter authorizes the use of the very brand that the certificate proves, so its "
        "author is the certificate's holder. Judged where both `holder`s are names of companies.",
        fix="Put the right letter or the right certificate here, or correct the `holder`.",
        bad=one(
            manifest(
                "优刻得科技",
                purpose="others-use",
                certificate=f"url: {LICENCE}\nholder: 优刻得科技股份有限公司",
                letter=f"url: {LETTER}\nholder: 示例咖啡有限公司",
            )
        ),
        good=one(_BY_OWNER),
        check=_other_owner,
    ),
)
