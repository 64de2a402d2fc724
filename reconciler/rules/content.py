"""Rules about the content by itself: its characters, and whether it names anybody."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.model import SignatureType
from reconciler.problems import Severity
from reconciler.rules.names import accepted, fold, is_bracket, refused, shown
from reconciler.rules.rule import STANDARDS, Finding, Rule, SubjectRule
from reconciler.rules.samples import manifest, one
from reconciler.rules.subject import Subject
from reconciler.rules.words import COMMON, consists_of
from reconciler.wording import quoted

_PATH = ("content",)
_MOST_SHOWN = 3
_FILLING = re.compile(r"[0-9_]+")
_NAME_SOMEBODY = (
    "The text in 【】 has to tell the receiver who is writing. Write the company's name, an "
    "abbreviation of it, or a trademark of its own."
)


def _characters(subject: Subject) -> Iterator[Finding]:
    content = subject.content or ""
    odd = [char for char in refused(content) if not is_bracket(char)]
    if not odd:
        return
    more = f", and {len(odd) - _MOST_SHOWN} more" if len(odd) > _MOST_SHOWN else ""
    yield Finding(
        path=_PATH,
        summary=f"reviewers refuse {shown(odd[:_MOST_SHOWN])}{more} in a content",
        detail="They take Chinese characters, English letters, digits and the underscore, although "
        f"the service itself takes more.{_instead(content)}",
    )


def _brackets(subject: Subject) -> Iterator[Finding]:
    content = subject.content or ""
    found = [char for char in refused(content) if is_bracket(char)]
    if found:
        yield Finding(
            path=_PATH,
            summary=f"reviewers refuse the brackets {' '.join(found)} in a content",
            detail="The service sets 【】 around it, and nothing else is bracketed."
            f"{_instead(content)}",
        )


def _instead(content: str) -> str:
    """What it would be with ordinary characters, where that is still a content."""
    plain = accepted(content)
    return f" Write {quoted(plain)}." if len(plain) > 1 else ""


def _neutral(subject: Subject) -> Iterator[Finding]:
    if subject.content is not None and _is_neutral(subject, subject.content):
        yield Finding(
            path=_PATH,
            summary=f"{quoted(subject.content)} names nobody: reviewers refuse neutral words",
            detail=_NAME_SOMEBODY,
        )


def _everyday(subject: Subject) -> Iterator[Finding]:
    content = subject.content
    # A registered mark names its owner, whatever it is made of; and so does a full name.
    if content is None or subject.type is SignatureType.TRADEMARK:
        return
    if not _is_made_of(content, COMMON) or _is_full_name(subject):
        return
    if not _is_neutral(subject, content):
        yield Finding(
            path=_PATH,
            summary=f"{quoted(content)} is made of words that everybody uses, and names nobody",
            detail="Reviewers refuse what is neutral, or could be any of several companies. "
            f"{_NAME_SOMEBODY}",
        )


def _no_name(subject: Subject) -> Iterator[Finding]:
    content = subject.content
    if content is None or subject.type is SignatureType.TRADEMARK:
        return
    if _FILLING.fullmatch(content):
        yield Finding(
            path=_PATH,
            summary=f"{quoted(content)} has no letter and no Chinese character, so it names nobody",
            detail=f"{_NAME_SOMEBODY} A number passes where it is registered as a trademark.",
        )


def _is_neutral(subject: Subject, content: str) -> bool:
    return _is_made_of(content, subject.around.neutral_words)


def _is_made_of(content: str, words: frozenset[str]) -> bool:
    """Digits and underscores do not turn neutral words into a name."""
    plain = fold(content)
    return consists_of(_FILLING.sub("", plain) if _FILLING.search(plain) else plain, words)


def _is_full_name(subject: Subject) -> bool:
    return subject.holder is not None and fold(subject.holder) == fold(subject.content or "")


_GOOD = one(manifest("优刻得科技"))

RULES: tuple[Rule, ...] = (
    SubjectRule(
        id="USMS101",
        name="content-characters",
        severity=Severity.ERROR,
        source=f"{STANDARDS}: content",
        why="Reviewers take Chinese characters, English letters, digits and the underscore. The "
        "service's own check lets other signs pass, so that the refusal comes a working day later.",
        fix="Leave other signs out: spaces, hyphens, dots, full-width letters, other scripts, "
        "letters that only look English.",
        bad=one(manifest('"优刻得-科技"')),
        good=one(manifest("优刻得_科技")),
        check=_characters,
    ),
    SubjectRule(
        id="USMS102",
        name="content-brackets",
        severity=Severity.ERROR,
        source=f"{STANDARDS}: content",
        why="The service sets 【】 around the content itself, and reviewers refuse any other "
        "brackets or quotation marks in it.",
        fix="Write the name without them. 【】 and [] are refused before that, by USMS003.",
        bad=one(manifest("优刻得（上海）")),
        good=one(manifest("优刻得上海")),
        check=_brackets,
    ),
    SubjectRule(
        id="USMS103",
        name="content-neutral",
        severity=Severity.ERROR,
        source=f"{STANDARDS}: content",
        why="A content has to identify the sender. Neutral words such as 告警通知 or 尊敬的客户 "
        "could come from anybody. A content is neutral when it consists of such words alone; a "
        "name that merely contains one is not. Digits and underscores do not count.",
        fix="Name the sender. `neutral-words` in [tool.reconciler.rules] adds words of your own.",
        bad=one(manifest("告警通知")),
        good=_GOOD,
        check=_neutral,
    ),
    SubjectRule(
        id="USMS104",
        name="content-everyday",
        severity=Severity.WARNING,
        source=f"{STANDARDS}: content, abbreviations; the list of words is this project's",
        why="What is neutral or shared by several companies is refused, and the standards give "
        "examples, not a list. A content that is made of everyday words and legal forms alone, "
        "such as 短信通知 or 科技股份, is probably one.",
        fix="Write a part of the name that is yours alone. Trademarks and full names are exempt.",
        bad=one(manifest("短信验证码")),
        good=_GOOD,
        check=_everyday,
    ),
    SubjectRule(
        id="USMS105",
        name="content-number",
        severity=Severity.WARNING,
        source=f"{STANDARDS}: content",
        why="A content has to identify the sender, which digits and underscores alone seldom do.",
        fix="Write the name. A number that is a registered mark passes with `type: trademark`.",
        bad=one(manifest('"20261122"')),
        good=one(manifest('"12306"', type="trademark")),
        check=_no_name,
    ),
)
