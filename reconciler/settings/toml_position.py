"""Where a key stands in a TOML text; the parser of the standard library does not tell."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence


def find(text: str, path: Sequence[str]) -> tuple[int, int] | None:
    """Line and column, from 1, of the key that `path` leads to; None where it is not found.

    The first lines of a TOML text are a TOML text of their own, unless they end amid a value. So
    the key stands on the last line that names it and before which it is not known yet.
    """
    word = re.compile(rf"(?<![\w-]){re.escape(path[-1])}(?![\w-])")
    lines = text.split("\n")
    found = None
    for index, line in enumerate(lines):
        match = word.search(line)
        known = None if match is None else _parse("\n".join(lines[:index]))
        if match is None or known is None:
            continue
        if _holds(known, path):
            break
        found = (index + 1, match.start() + 1)
    return found


def _parse(text: str) -> Mapping[str, object] | None:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return None


def _holds(known: object, path: Sequence[str]) -> bool:
    for key in path:
        if not isinstance(known, Mapping) or key not in known:
            return False
        known = known[key]
    return True
