"""What is wrong with a text, before anybody knows which file it came from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from reconciler.problems import START, Position

MAX_FAULTS = 100
"""A file tells this many of its faults; a hostile one could have hundreds of thousands."""

_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One finding in a text; a `Problem` without its file."""

    rule: str
    summary: str
    detail: str
    position: Position = START


def place(text: str, start: int, length: int = 1) -> Position:
    """Line and column (from 1, in characters) of `length` characters of one line from `start`."""
    line, begin = 1, 0
    for found in _BREAK.finditer(text, 0, start):
        line, begin = line + 1, found.end()
    column = start - begin + 1
    return Position(line=line, column=column, end_line=line, end_column=column + length)


def first(faults: Iterator[Fault]) -> tuple[Fault, ...]:
    """The first `MAX_FAULTS`, and a last one that says so when there are more."""
    kept = tuple(islice(faults, MAX_FAULTS))
    if next(faults, None) is None:
        return kept
    return (*kept, more(kept[-1]))


def more(last: Fault) -> Fault:
    """The fault that says that the list was cut after `last`."""
    return Fault(
        rule=last.rule,
        summary=f"this file has more problems than the {MAX_FAULTS} listed",
        detail="Put these right first, then validate again.",
        position=last.position,
    )
