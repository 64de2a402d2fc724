"""Manifests beside each other: contradictions are told at the later one, and name the first."""

from __future__ import annotations

import pytest

from reconciler.rules.compare import CUP, OTHER_URL, SECOND_ID, STAR, held
from reconciler.rules.samples import LETTER, LICENCE, manifest
from tests.unit.rules_world import ids, judged


def _star(**more: str) -> str:
    return manifest("示例星杯咖啡", certificate=held(STAR), **more)


def test_a_document_of_two_holders_is_told_at_the_later_and_names_the_first() -> None:
    found = judged(_star(), manifest("示例杯星餐饮", id=SECOND_ID, certificate=held(CUP)))

    (problem,) = found
    assert (problem.rule, problem.name) == ("USMS401", "b")
    assert problem.summary.endswith("in signatures/a.yaml:7:11")


@pytest.mark.parametrize(
    "holder", ["示例星杯咖啡（有限公司）", "示例星杯咖啡 有限公司", '"。"', "示例星杯咖啡有限公司"]
)
def test_a_name_in_other_letters_is_the_same_name(holder: str) -> None:
    other = manifest("示例星杯咖啡", certificate=held(holder), more="project: org-other")

    assert "USMS401" not in ids(judged(_star(), other))


def test_a_licence_and_a_social_credit_code_certificate_may_be_one_document() -> None:
    assert ids(judged(manifest("示例市图书馆"), manifest("示例图书馆", type="government"))) == []


@pytest.mark.parametrize("type", ["app", "website", "public-account", "trademark"])
def test_other_types_have_certificates_of_their_own(type: str) -> None:
    other = manifest("示例图书馆", type=type, more="international: true")

    assert ids(judged(manifest("示例市图书馆"), other)) == ["USMS404"]


def test_a_letter_here_is_no_certificate_there() -> None:
    lent = manifest("示例市图书馆", purpose="others-use", letter=f"url: {LETTER}")
    owned = manifest("示例星杯", type="trademark", certificate=f"url: {LETTER}")

    assert ids(judged(lent, owned)) == ["USMS404"]


def test_a_type_that_is_none_contradicts_nothing() -> None:
    assert "USMS404" not in ids(judged(_star(), manifest("示例图书馆", type="shop")))


def test_two_projects_may_use_a_content_for_the_same_company_alone() -> None:
    same = _star(id=SECOND_ID, more="project: org-other")
    other = manifest(
        "示例星杯咖啡",
        certificate=held("示例星杯咖啡北京有限公司", OTHER_URL),
        more="project: org-other",
    )

    assert ids(judged(_star(), same)) == []
    assert ids(judged(_star(), other)) == ["USMS405"]


@pytest.mark.parametrize(
    ("purpose", "type", "project", "owner", "found"),
    [
        ("self-use", "trademark", "", CUP, ["USMS406"]),
        ("self-use", "trademark", "", STAR, []),
        ("self-use", "trademark", "project: org-other", CUP, []),
        ("others-use", "trademark", "", CUP, []),
        ("self-use", "trademark", "", "示例星碗", []),
    ],
)
def test_the_owner_of_a_mark_is_the_company_that_applies(
    purpose: str, type: str, project: str, owner: str, found: list[str]
) -> None:
    mark = manifest(
        "示例星碗",
        id=SECOND_ID,
        type=type,
        purpose=purpose,
        certificate=held(owner, OTHER_URL),
        letter=f"url: {LETTER}" if purpose == "others-use" else "",
        more=project,
    )

    assert ids(judged(_star(), mark)) == found


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("codes", "Codes ", 2),
        ("codes", "orders", 0),
        ("验证码", "验证码", 2),
        ("图书到期提醒", "图书到期提醒", 0),
        ("login codes", "login codes", 0),
    ],
)
def test_one_word_is_no_scene_for_two(first: str, second: str, told: int) -> None:
    found = judged(
        manifest("示例星杯咖啡", more=f'scene: "{first}"'),
        manifest("示例杯星餐饮", more=f'scene: "{second}"'),
    )

    assert ids(found) == ["USMS403"] * told
    assert len({problem.name for problem in found}) == told


def test_each_scene_names_another_place_than_its_own() -> None:
    texts = [
        manifest(content, more="scene: codes") for content in ("示例一一", "示例二二", "示例三三")
    ]
    found = judged(*texts)

    assert [problem.summary.split()[-3] for problem in found] == [
        "signatures/b.yaml:7:8",
        "signatures/a.yaml:7:8",
        "signatures/a.yaml:7:8",
    ]


def test_the_same_address_for_certificate_and_letter_is_told_within_its_manifest_alone() -> None:
    both = manifest("示例星杯咖啡", purpose="others-use", letter=f"url: {LICENCE}")

    assert ids(judged(both, manifest("示例杯星餐饮"))) == ["USMS205"]


@pytest.mark.parametrize(
    ("content", "purpose", "letter", "found"),
    [
        ("示例杯星餐饮", "others-use", LETTER, ["USMS407"]),
        ("示例杯星餐饮", "others-use", OTHER_URL, []),
        ("示例杯星餐饮", "self-use", LETTER, ["USMS206"]),
        ("示例星杯 咖啡", "others-use", LETTER, ["USMS101"]),
        ('"——"', "others-use", LETTER, ["USMS101"]),
        ("示", "others-use", LETTER, []),
    ],
)
def test_a_letter_names_one_signature(
    content: str, purpose: str, letter: str, found: list[str]
) -> None:
    first = manifest("示例星杯咖啡", purpose="others-use", letter=f"url: {LETTER}")
    second = manifest(
        content, id=SECOND_ID, type="trademark", purpose=purpose, letter=f"url: {letter}"
    )

    assert [each for each in ids(judged(first, second)) if each != "USMS404"] == found


def test_the_letter_of_two_signatures_is_told_at_the_later_and_names_the_first() -> None:
    letter = f"url: {LETTER}"
    found = judged(
        manifest("示例星杯咖啡", purpose="others-use", letter=letter),
        manifest("示例杯星餐饮", purpose="others-use", letter=letter),
    )

    (problem,) = found
    assert (problem.rule, problem.name, problem.position.line) == ("USMS407", "b", 8)
    assert "signatures/a.yaml:8:3" in problem.summary
