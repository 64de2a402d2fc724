"""What a plain scalar means in the YAML 1.2 core schema (specification, section 10.3.2)."""

from __future__ import annotations

import math
import re

Scalar = str | int | float | bool | None

_NUMBER_STARTS = frozenset("+-.0123456789")
_WORDS: dict[str, Scalar] = {
    "": None,
    "~": None,
    **dict.fromkeys(("null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}
_INTEGERS = (  # the pattern, the base, and how many characters the prefix has
    (re.compile(r"[-+]?[0-9]+"), 10, 0),
    (re.compile(r"0o[0-7]+"), 8, 2),
    (re.compile(r"0x[0-9a-fA-F]+"), 16, 2),
)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"[-+]?\.(?:inf|Inf|INF)")
_MOST_DIGITS = 1000
"""Python refuses to convert very long integers, and all that matters is that they are numbers."""


def resolve(text: str) -> Scalar:
    """The value of an unquoted, untagged scalar; whatever has no other meaning is itself."""
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in _NUMBER_STARTS:
        return text
    return _number(text)


def _number(text: str) -> Scalar:
    for pattern, base, skipped in _INTEGERS:
        if pattern.fullmatch(text):
            return int(text[skipped:], base) if len(text) <= _MOST_DIGITS else math.inf
    if _FLOAT.fullmatch(text):
        return float(text)
    if _INFINITY.fullmatch(text):
        return float(text.replace(".", ""))
    return text
