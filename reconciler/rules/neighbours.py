"""Rules about what several manifests say of brands, owners and scenes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reconciler.model import Purpose, SignatureType
from reconciler.problems import Severity
from reconciler.rules.compare import CUP, OTHER_URL, SECOND_ID, STAR, contradictions, held, place
from reconciler.rules.names import fold, is_company
from reconciler.rules.rule import STANDARDS, Finding, Placed, RepositoryRule, Rule
from reconciler.rules.samples import manifest, two
from reconciler.rules.subject import Subject
from reconciler.wording import quoted

_WORD = re.compile(r"\S+")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LONGEST_CHINESE_WORD = 4


def _same_scene(subjects: tuple[Subject, ...]) -> Iterator[Placed]:
    by_scene: dict[str, list[Subject]] = {}
    for subject in subjects:
        if subject.scene is not None and _is_word(subject.scene.strip()):
            by_scene.setdefault(subject.scene.strip().casefold(), []).append(subject)
    for users in by_scene.values():
        for subject in users if len(users) > 1 else ():
            yield subject, _scene(subject, users[1] if subject is users[0] else users[0])


def _scene(subject: Subject, other: Subject) -> Finding:
    return Finding(
        path=("scene",),
        summary=f"the scene {quoted(subject.scene or '')} is one word, which "
        f"{place(other, 'scene')} uses too",
        detail="The scene tells the reviewer what the messages are for. Write a sentence of this "
        "signature's own, such as: Login codes for the Acme shop.",
    )


def _is_word(scene: str) -> bool:
    """One word; in Chinese, which has no spaces between them, up to four characters."""
    if not _WORD.fullmatch(scene):
        return False
    return not _CHINESE.search(scene) or len(scene) <= _LONGEST_CHINESE_WORD


def _shared_content(subjects: tuple[Subject, ...]) -> Iterator[Placed]:
    for first, subject in contradictions(_companies(subjects)):
        yield (
            subject,
            Finding(
                path=("content",),
                summary=f"{quoted(subject.content or '')} stands for {quoted(first.holder or '')} "
                f"in {place(first, 'content')}, and for another company here",
                detail="Reviewers refuse what several companies share. Write more of each name.",
            ),
        )


def _companies(subjects: tuple[Subject, ...]) -> Iterator[tuple[str, str, Subject]]:
    """Contents of companies and the full names that they stand for, folded."""
    for subject in subjects:
        if subject.type is SignatureType.COMPANY and subject.content and subject.holder:
            content, holder = fold(subject.content), fold(subject.holder)
            if content and holder:
                yield content, holder, subject


def _other_owner(subjects: tuple[Subject, ...]) -> Iterator[Placed]:
    marks = tuple(_own(subjects, SignatureType.TRADEMARK))
    applicants: dict[str | None, set[str]] = {}
    for subject, owner in _own(subjects, SignatureType.COMPANY) if marks else ():
        applicants.setdefault(subject.project, set()).add(fold(owner))
    for subject, owner in marks:
        companies = applicants.get(subject.project)
        if companies and fold(owner) not in companies:
            yield (
                subject,
                Finding(
                    path=("certificate", "holder"),
                    summary=f"the mark belongs to {quoted(owner)}, and the company that applies "
                    "is another in this project's other manifests",
                    detail="A trademark's owner has to be the company that applies. For another "
                    "owner's mark write `purpose: others-use`, with the owner's letter.",
                ),
            )


def _own(subjects: tuple[Subject, ...], type: SignatureType) -> Iterator[tuple[Subject, str]]:
    """Signatures of one type for the applicant's own use, with the company that holds them."""
    for subject in subjects:
        if subject.type is type and subject.purpose is Purpose.SELF_USE:
            owner = subject.holder or ""
            if is_company(owner):
                yield subject, owner


_KITCHENS = manifest(
    "示例杯星餐饮",
    id=SECOND_ID,
    certificate=held(CUP, OTHER_URL),
    more="scene: Order updates of our kitchens",
)


def _mark(owner: str) -> str:
    certificate = held(owner, OTHER_URL)
    return manifest("示例星碗", id=SECOND_ID, type="trademark", certificate=certificate)


def _branch(town: str, url: str, project: str = "", id: str = SECOND_ID) -> str:
    certificate = held(f"示例星杯咖啡{town}有限公司", url)
    return manifest("示例星杯咖啡", id=id, certificate=certificate, more=project)


RULES: tuple[Rule, ...] = (
    RepositoryRule(
        id="USMS403",
        name="scene-reused",
        severity=Severity.WARNING,
        source="UCloud API, UpdateUSMSSignature: SceneDesc; the judgement is this project's",
        why="A reviewer who reads the same single word beside several signatures learns nothing "
        "about any of them.",
        fix="Write what these messages are for, in a sentence.",
        bad=two(
            manifest("示例星杯咖啡", more="scene: codes"),
            manifest("示例杯星餐饮", id=SECOND_ID, more="scene: codes"),
        ),
        good=two(manifest("示例星杯咖啡", more="scene: Login codes of our shop"), _KITCHENS),
        check=_same_scene,
    ),
    RepositoryRule(
        id="USMS405",
        name="content-of-two-holders",
        severity=Severity.WARNING,
        source=f"{STANDARDS}: company signatures",
        why="An abbreviation that several companies share is refused. Two projects of this "
        "repository use the same content for two companies.",
        fix="Write a longer part of each name.",
        bad=two(
            _branch("北京", OTHER_URL, id="SIG20190XXX2C1844"),
            _branch("上海", "https://documents.example.com/third.png", "project: org-other"),
        ),
        good=two(manifest("示例星杯咖啡", certificate=held(STAR)), _KITCHENS),
        check=_shared_content,
    ),
    RepositoryRule(
        id="USMS406",
        name="trademark-owner",
        severity=Severity.WARNING,
        source=f"{STANDARDS}: trademark signatures",
        why="The owner of a trademark is the company that applies. Judged where other manifests "
        "of the project, for the applicant's own use, tell which company that is.",
        fix="Write `purpose: others-use` with the owner's letter, or correct the `holder`.",
        bad=two(manifest("示例星杯咖啡", certificate=held(STAR)), _mark(CUP)),
        good=two(manifest("示例星杯咖啡", certificate=held(STAR)), _mark(STAR)),
        check=_other_owner,
    ),
)
