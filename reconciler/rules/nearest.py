"""Which rule somebody probably meant."""

from __future__ import annotations

import difflib

from reconciler.rules.registry import RULES, find

_LONGEST = 64
_HOW_ALL = "`reconciler explain` lists them all."


def advice(word: str) -> str:
    """What to do about a word that is no rule's id."""
    named = find(word)
    if named is not None:
        return f"Its id is {named.id}."
    ids = {rule.name: rule.id for rule in RULES.values()} | dict(zip(RULES, RULES, strict=True))
    # difflib's work grows with the product of the lengths, and the word is from outside.
    cut = word[:_LONGEST]
    close = difflib.get_close_matches(cut.upper(), RULES, n=len(RULES))
    # Among ids, which differ by a digit, those of the same family come first.
    close.sort(key=lambda each: _same(each, cut.upper()), reverse=True)
    close += difflib.get_close_matches(cut.lower(), ids, n=1)
    return f"Did you mean {ids[close[0]]}? {_HOW_ALL}" if close else _HOW_ALL


def _same(one: str, other: str) -> int:
    """How many characters from the beginning are the same."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
