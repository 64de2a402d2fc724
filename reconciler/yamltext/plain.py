"""The YAML that nearly every manifest is written in, read without a YAML parser.

One `key: value` a line, and below a key without a value an indented block of the same. Everything
else that YAML knows is for `compose`: a text is read here only where its meaning is beyond doubt,
and a test holds both readers together.
"""

from __future__ import annotations

import re
from functools import lru_cache
from sys import intern
from typing import TYPE_CHECKING

from reconciler.yamltext.scalars import Scalar, resolve

if TYPE_CHECKING:
    from reconciler.yamltext.composed import Value

_LINE = re.compile(
    r"""
    ([ ]*)                                                # how far it is set in
    (?:
      ([A-Za-z][A-Za-z-]{0,63}) :                         # the key
      (?:
        [ ]+
        (?: ( [\w./] [^:\#]* (?: :(?=\S) [^:\#]* )* )     # bare text: no `#`, no `:` before a blank
          | " ([^"\\]*) "
          | ' ([^']*) '
        )
      )?
      [ ]*
    )?
    (?: (?<![^ ]) \#.* )?                                 # a comment: at the beginning, or set off
    """,
    re.VERBOSE,
)


class _NotPlainError(Exception):
    """Another reader has to look at this text."""


def read(text: str) -> dict[str, Value] | None:
    """The data that `compose` would find, or None where that is not beyond doubt.

    Places are not recorded: whoever asks for one has `compose` read the text again. So ten lines
    take 14 µs instead of 77, and PyYAML need not be imported (15 ms).
    """
    if "\t" in text or "\r" in text:
        return None
    try:
        return _mapping(text.split("\n"))
    except _NotPlainError:
        return None


def _mapping(lines: list[str]) -> dict[str, Value]:
    data: dict[str, Value] = {}
    block, depth, opened = data, 0, False
    for line in lines:
        indent, key, value, has_value = _line(line)
        if key is None:
            continue
        if opened and indent:
            depth, opened = indent, False
        elif not indent:
            block, depth = data, 0
        if opened or indent != depth or key in block:
            raise _NotPlainError
        if has_value:
            block[key] = value
        elif depth:
            raise _NotPlainError  # a block in a block: no manifest needs one
        else:
            data[key] = block = {}
            opened = True
    if opened or not data:
        raise _NotPlainError
    return data


# Most lines of a manifest stand in the one before as well: without the cache it takes half as
# long again.
@lru_cache(maxsize=1024)
def _line(line: str) -> tuple[int, str | None, Scalar, bool]:
    """How far it is set in, its key (None: a blank line or a comment), its value, if it has one."""
    found = _LINE.fullmatch(line)
    if found is None:
        raise _NotPlainError
    indent, key, bare, double, single = found.groups()
    key = key and intern(key)  # one string for all manifests: 2 MB less for 10,000 of them
    if bare is not None:
        return len(indent), key, resolve(bare.rstrip(" ")), True
    quoted = single if double is None else double
    return len(indent), key, quoted, quoted is not None
