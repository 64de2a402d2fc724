"""All rules, by id."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from reconciler.rules import (
    applying,
    content,
    dates,
    fixed,
    holder,
    letter,
    neighbours,
    papers,
    remarks,
    repository,
)
from reconciler.rules.rule import Rule

_FAMILIES = (
    *(fixed, content, holder, dates, letter, applying),
    *(papers, repository, neighbours, remarks),
)

RULES: Mapping[str, Rule] = MappingProxyType(
    {
        rule.id: rule
        for rule in sorted(
            (rule for family in _FAMILIES for rule in family.RULES), key=lambda rule: rule.id
        )
    }
)
"""In the order of their ids."""


def find(word: str) -> Rule | None:
    """The rule with this id, in any case, or this name."""
    found = RULES.get(word.upper())
    return found or next((rule for rule in RULES.values() if rule.name == word.lower()), None)
