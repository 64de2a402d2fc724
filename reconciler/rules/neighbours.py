"""Rules about what several manifests say of brands, owners and scenes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from reconciler.model import Purpose, SignatureType
from reconciler.problems import Severity
from reconciler.rules.compare import CUP, OTHER_URL, SECOND_ID, STAR, contradictions, held, place
from reconciler.rules.names import fold, is_company
from reconciler.rules.rule import (
    STANDARDS,
    Finding,
    Placed,
    RepositoryRule,
    Rule,
    Saying,
    Statement,
)
from reconciler.rules.samples import manifest, two
from reconciler.rules.subject import Subject
from reconciler.wording import quoted

_WORD = re.compile(r"\S+")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LONGEST_CHINESE_WORD = 4


def _scenes(subject: Subject) -> Iterator[Saying]:
    """Scenes of one word: each manifest should have its own, so each says something else."""
    yield Saying((subject.scene or "").strip().casefold(), subject.manifest.path)


def _scene_of_one_word(subject: Subject) -> object:
    return subject if subject.scene is not None and _is_word(subject.scene.strip()) else None


def _same_scene(statements: Sequence[Statement]) -> Iterator[Placed]:
    first, second, *_ = (each.subject for each in statements)
    for subject in (each.subject for each in statements):
        yield subject, _scene(subject, second if subject is first else first)


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


def _shared_content(statements: Sequence[Statement]) -> Iterator[Placed]:
    for (first, _), (subject, _) in contradictions(statements):
        yield (
            subject,
            Finding(
                path=("content",),
                summary=f"{quoted(subject.content or '')} stands for {quoted(first.holder or '')} "
                f"in {place(first, 'content')}, and for another company here",
                detail="Reviewers refuse what several companies share. Write more of each name.",
            ),
        )


def _company(subject: Subject) -> object:
    if subject.type is not SignatureType.COMPANY:
        return None
    return (subject.content, subject.holder)


def _companies(subject: Subject) -> Iterator[Saying]:
    """Contents of companies and the full names that they stand for, folded."""
    content, holder = fold(subject.content or ""), fold(subject.holder or "")
    if subject.type is SignatureType.COMPANY and content and holder:
        yield Saying(content, holder)


def _ownership(subject: Subject) -> object:
    if subject.purpose is not Purpose.SELF_USE or subject.type not in _ROLES:
        return None
    return (subject.type, subject.holder, subject.project)


def _owners(subject: Subject) -> Iterator[Saying]:
    """Of a project: the companies that use something for themselves, and the owners of marks."""
    role, owner = _ROLES.get(subject.type), subject.holder or ""
    if role is not None and is_company(owner):
        # A project that is not written is another one than any that is.
        project = "" if subject.project is None else f"project {subject.project}"
        yield Saying(project, f"{role}{fold(owner)}")


_MARK, _APPLICANT = "mark ", "applicant "
_ROLES: Mapping[SignatureType | None, str] = {
    SignatureType.TRADEMARK: _MARK,
    SignatureType.COMPANY: _APPLICANT,
}


def _are_applicants(says: Collection[str]) -> bool:
    """Whether all owners of marks are companies that apply; where none applies, nobody knows."""
    applicants = {each.removeprefix(_APPLICANT) for each in says if each.startswith(_APPLICANT)}
    owners = {each.removeprefix(_MARK) for each in says if each.startswith(_MARK)}
    return not applicants or owners <= applicants


def _other_owner(statements: Sequence[Statement]) -> Iterator[Placed]:
    said = {saying.says for _, saying in statements}
    for subject, (_, says, _) in statements:
        owner = says.removeprefix(_MARK)
        if owner != says and f"{_APPLICANT}{owner}" not in said:
            yield (
                subject,
                Finding(
                    path=("certificate", "holder"),
                    summary=f"the mark belongs to {quoted(subject.holder or '')}, and the company "
                    "that applies is another in this project's other manifests",
                    detail="A trademark's owner has to be the company that applies. For another "
                    "owner's mark write `purpose: others-use`, with the owner's letter.",
                ),
            )


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
        traits=_scene_of_one_word,
        says=_scenes,
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
        traits=_company,
        says=_companies,
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
        traits=_ownership,
        says=_owners,
        check=_other_owner,
        agree=_are_applicants,
    ),
)
