"""What a rule that compares manifests asks of one of many alike is what it would ask of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import count
from posixpath import normpath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.model import Proof
from reconciler.rules.beside import ALONE, READ, WRITTEN, Noted, written
from reconciler.rules.engine import _compared, _used
from reconciler.rules.registry import RULES
from reconciler.rules.rule import Placed, RepositoryRule, Statement
from reconciler.rules.subject import Papers, Subject, Surroundings, subject
from tests.unit.flow_yaml import flow
from tests.unit.rules_world import one_manifest

STAR, CUP = "示例星杯咖啡有限公司", "示例杯星餐饮有限公司"
COMPARING = [rule for rule in RULES.values() if isinstance(rule, RepositoryRule)]
DOCUMENTS = st.fixed_dictionaries(
    {"file": st.sampled_from(["../documents/1.png", "2.png"])},
    optional={"holder": st.sampled_from([STAR, CUP])},
)
DATA = st.fixed_dictionaries(
    {
        "content": st.sampled_from(["示例星杯", "示例杯星"]),
        "type": st.sampled_from(["company", "trademark", "app"]),
        "purpose": st.sampled_from(["self-use", "others-use"]),
        "certificate": DOCUMENTS,
    },
    optional={
        "authorization": DOCUMENTS,
        "scene": st.sampled_from(["codes", "orders", "Codes of a shop"]),
        "project": st.sampled_from(["org-1", "org-2"]),
    },
)


@st.composite
def repositories(draw: st.DrawFn) -> list[Subject]:
    papers = Papers({}, Surroundings(today=date(2026, 11, 22)))
    found = []
    for number, data in enumerate(draw(st.lists(DATA, max_size=8))):
        name = f"{draw(st.sampled_from(['', 'deep/']))}{number}"
        manifest = one_manifest(flow(data), name=name)
        proofs = {
            role: Proof(sha256=paper["file"], path=paper["file"].removeprefix("../"))
            for role, paper in data.items()
            if isinstance(paper, dict)
        }
        found.append(subject(number, manifest, proofs, papers))
    return found


def compared(rule: RepositoryRule, subjects: Sequence[Subject]) -> tuple[object, object]:
    noted: list[Noted] = []
    found = [
        (each.number, finding.path, finding.summary)
        for each, finding in _compared(rule, subjects, ALONE, lambda _, said: noted.extend(said))
    ]
    return sorted(found), {(about, says, number) for about, says, who in noted for number in who}


@pytest.mark.parametrize("rule", COMPARING, ids=lambda rule: rule.id)
@given(subjects=repositories())
def test_manifests_with_the_same_traits_say_the_same(
    rule: RepositoryRule, subjects: list[Subject]
) -> None:
    numbers = count()

    def each_alone(one: Subject) -> object:
        return None if rule.traits(one) is None else next(numbers)

    apart = replace(rule, traits=each_alone)
    assert compared(rule, subjects) == compared(apart, subjects)


@pytest.mark.parametrize("rule", COMPARING, ids=lambda rule: rule.id)
@given(subjects=repositories())
def test_what_is_said_about_one_thing_comes_in_the_order_of_the_manifests(
    rule: RepositoryRule, subjects: list[Subject]
) -> None:
    def check(statements: Sequence[Statement]) -> Iterator[Placed]:
        numbers = [each.subject.number for each in statements]
        assert numbers == sorted(numbers)
        return iter(())

    spied = replace(rule, check=check, agree=lambda _: False)
    assert not [*_compared(spied, subjects, ALONE, lambda *_: None)]


@given(subjects=repositories())
def test_every_document_is_used_where_it_was_found_and_where_it_is_written(
    subjects: list[Subject],
) -> None:
    used = {
        (path, saying.says, each.number)
        for path, sayings in _used(subjects).items()
        for saying, users in sayings
        for each in users
    }
    assert used == {
        (path, how, each.number) for each in subjects for path, how in _uses(each) if path
    }


def _uses(one: Subject) -> Iterator[tuple[str | None, str]]:
    folder = one.manifest.path.rpartition("/")[0]
    for paper in one.papers:
        read = None if paper.proof is None else paper.proof.path
        yield read, READ
        if paper.file is not None and normpath(f"{folder}/{paper.file}") != read:
            yield normpath(f"{folder}/{paper.file}"), WRITTEN


PARTS = st.sampled_from(["..", ".", "", "a", "b.png", ".hidden", "..."])


@given(st.lists(st.sampled_from(["signatures", "deep"]), max_size=3), st.lists(PARTS, min_size=1))
@settings(max_examples=500)
def test_a_path_is_joined_as_paths_are(folders: list[str], parts: list[str]) -> None:
    folder, file = "/".join(["signatures", *folders]), "/".join(parts)
    if not file.startswith("/"):
        assert written(folder, file) == normpath(f"{folder}/{file}")
