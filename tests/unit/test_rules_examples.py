"""The examples of every rule are its tests: the bad one breaks it and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from reconciler import problems
from reconciler.rules.registry import _FAMILIES, RULES, find
from reconciler.rules.rule import Example, Rule
from tests.unit.rules_world import ids, reviewed, write_example

each_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)


def _found(root: Path, example: Example) -> set[str]:
    write_example(root, example)
    found, _ = reviewed(root, today=example.today, rules=example.settings)
    return set(ids(found))


@each_rule
def test_the_bad_example_breaks_its_rule_and_no_other(rule: Rule, tmp_path: Path) -> None:
    assert _found(tmp_path, rule.bad) == {rule.id}


@each_rule
def test_the_good_example_breaks_no_rule(rule: Rule, tmp_path: Path) -> None:
    assert _found(tmp_path, rule.good) == set()


@each_rule
def test_a_page_is_complete(rule: Rule) -> None:
    assert re.fullmatch(r"USMS[0-9]{3}", rule.id)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)
    assert rule.source
    for text in (rule.why, rule.fix):
        assert text[0].isupper()
        assert text.endswith(".")
        assert "  " not in text


def test_ids_and_names_are_given_once() -> None:
    rules = [rule for family in _FAMILIES for rule in family.RULES]

    assert len({rule.id for rule in rules}) == len({rule.name for rule in rules}) == len(rules)


def test_every_id_that_is_used_before_the_rules_has_a_page() -> None:
    used = {value for value in vars(problems).values() if re.match("USMS[0-9]", str(value))}

    assert used == {rule.id for rule in RULES.values() if not rule.adjustable}


def test_a_rule_is_found_by_id_in_any_case_and_by_name() -> None:
    assert find("usms203") is find("document-expired") is RULES["USMS203"]
    assert find("USMS999") is None
