"""Two manifests never describe the same signature."""

from __future__ import annotations

import pytest

from reconciler.clashes import clashes
from reconciler.manifests import Manifest, parse
from reconciler.problems import CLASH, Problem


def read(name: str, text: str) -> Manifest:
    manifest = parse(text.encode(), name=name, path=f"signatures/{name}.yaml")
    assert isinstance(manifest, Manifest)
    return manifest


def found(*texts: str, default_project: str = "org-1") -> list[Problem]:
    manifests = [read("abcdef"[index], text) for index, text in enumerate(texts)]
    return list(clashes(manifests, default_project=default_project, claimed={}))


def test_the_same_id_is_reported_at_the_later_manifest_and_names_both_places() -> None:
    (problem,) = found("content: x\nid: SIG1\n", "id:\n- SIG2\n- SIG1\n")
    assert (problem.rule, problem.name, problem.path) == (CLASH, "b", "signatures/b.yaml")
    assert (problem.position.line, problem.position.column) == (3, 3)
    assert problem.summary == (
        "two manifests have the id `SIG1`: signatures/a.yaml:2:5 and signatures/b.yaml:3:3"
    )
    assert problem.detail


def test_the_same_content_is_reported_at_the_later_manifest_and_names_both_places() -> None:
    (problem,) = found("id: SIG1\ncontent: 优刻得\n", "content: 优刻得\nid: SIG2\n")
    assert (problem.position.line, problem.position.column) == (1, 10)
    assert problem.summary == (
        "two manifests have the content `优刻得`: signatures/a.yaml:2:10 and signatures/b.yaml:1:10"
    )


def test_the_third_is_compared_with_the_first() -> None:
    assert [each.path[11] for each in found("id: S", "id: S", "id: S")] == ["b", "c"]
    assert all("signatures/a.yaml" in each.summary for each in found("id: S", "id: S", "id: S"))


def test_id_and_content_are_two_problems() -> None:
    assert len(found("id: S\ncontent: x\n", "id: S\ncontent: x\n")) == 2


def test_a_list_that_repeats_its_own_id_is_the_schema_s_business() -> None:
    assert found("id: [S, S]") == []


@pytest.mark.parametrize(
    ("first", "second", "clash"),
    [
        ("content: x", "content: x", True),
        ("content: x", "content: x\nproject: org-1", True),
        ("content: x", "content: x\nproject: org-2", False),
        ("content: x\nproject: org-2", "content: x\nproject: org-2", True),
        ("content: x", "content: X", False),
        ("content: x\nsuspend: true", "content: x", True),
        ("id: S\nproject: org-2", "id: S", True),
    ],
)
def test_a_content_is_taken_once_in_a_project_and_an_id_once_at_all(
    first: str, second: str, clash: bool
) -> None:
    assert bool(found(first, second)) is clash


@pytest.mark.parametrize(
    ("tombstone", "living", "clash"),
    [
        # Renaming the id: the old one goes, the content is applied for again.
        ("id: S\ncontent: x\nabsent: true", "content: x", False),
        ("id: S\ncontent: x\nabsent: true", "id: T\ncontent: x", False),
        # Nobody can both delete and keep one signature.
        ("id: S\ncontent: x\nabsent: true", "id: S\ncontent: x", True),
        ("content: x\nabsent: true", "id: T\ncontent: x", True),
        ("content: x\nabsent: true", "content: x\nabsent: true", True),
        ("content: x\nabsent: true", "content: x\nproject: org-2", False),
        ("id: S\nabsent: true", "content: x", False),
    ],
)
def test_a_tombstone_takes_its_content_only_where_it_has_nothing_else_to_go_by(
    tombstone: str, living: str, clash: bool
) -> None:
    assert bool(found(tombstone, living)) is clash
    assert bool(found(living, tombstone)) is clash


@pytest.mark.parametrize("text", ["id: 1\ncontent: 2", "id: {a: b}\ncontent: []", "id: [1, [S]]"])
def test_what_has_another_shape_is_passed_over(text: str) -> None:
    assert found(text, text) == []


def test_a_project_of_another_shape_is_passed_over() -> None:
    assert found("content: x\nproject: 1", "content: x\nproject: 1") == []


def test_a_content_that_begins_as_a_project_ends_is_another_one() -> None:
    assert found("content: b c\nproject: a\n", "content: c\nproject: a b\n") == []
