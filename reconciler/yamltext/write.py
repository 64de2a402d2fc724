"""Text as a YAML scalar that every reader understands alike."""

from __future__ import annotations

import re

_PLAIN = re.compile(r"[^\W\d_][\w-]*")
"""Begins with a letter, so it is no number; holds nothing that YAML gives a meaning."""
_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
"""What YAML 1.2 or 1.1 takes for something else than text."""
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def scalar(text: str) -> str:
    """The text unquoted where that is safe in any place, else in double quotes."""
    if _PLAIN.fullmatch(text) and text.lower() not in _WORDS:
        return text
    return '"' + "".join(map(_escaped, text)) + '"'


def _escaped(char: str) -> str:
    if char in _SHORT:
        return _SHORT[char]
    return char if char.isprintable() else f"\\U{ord(char):08X}"
