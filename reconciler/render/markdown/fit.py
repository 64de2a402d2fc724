"""A Markdown document that keeps to a length: what does not fit is left out whole, and counted."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from reconciler.render.counts import plural
from reconciler.render.escape import markdown

LIMIT = 65_536
"""Characters of a comment on GitHub, which counts code points, as Python does."""
_ADDRESS = re.compile(r"https://[A-Za-z0-9./_~%?=&#:-]{1,280}")
"""What can be a link without being escaped."""
_LONGEST_NAME = 280


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A piece that is in or out, complete in itself: a row, a folded block, a line."""

    text: str
    rank: int = 0
    """Low ranks are kept first; among equals the first, or the shortest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A part of the document. What encloses the items always stands, so nothing stays open."""

    opening: str
    items: tuple[Item, ...] = ()
    joint: str = "\n"
    """What stands before each item."""
    closing: str = ""
    noun: str = "row"
    """What one item is called where some are left out."""
    importance: int = 0
    """The lowest is filled first."""
    shortest_first: bool = False


def fit(sections: Sequence[Section], *, limit: int, elsewhere: str) -> str:
    """The sections below each other, with a last newline, in `limit` characters.

    What does not fit is left out, of the least important section first. A sentence below the
    section counts it, and says `elsewhere`, where it can be read (see `pointer`). The limit holds
    as long as it has room for what encloses the items: 8,192 is enough for all of ours.
    """
    whole = _document(sections, {}, elsewhere)
    if len(whole) <= limit:
        return whole
    nothing = {index: frozenset[int]() for index, _ in enumerate(sections)}
    room = limit - len(_document(sections, nothing, elsewhere))
    kept: dict[int, frozenset[int]] = {}
    for index in sorted(nothing, key=lambda each: sections[each].importance):
        section = sections[index]
        kept[index] = frozenset(_fill(section, room))
        room -= sum(_cost(section, section.items[each]) for each in kept[index])
    return _document(sections, kept, elsewhere)


def pointer(artifact: str | None, command: str) -> str:
    """Where everything can be read: in a file or at an address, else in a command's output."""
    if artifact is None or len(artifact) > _LONGEST_NAME:
        return f"`{command}` has everything"
    if _ADDRESS.fullmatch(artifact):
        return f"[the artifact]({artifact}) has everything"
    return f"{markdown(artifact)} has everything"


def _fill(section: Section, room: int) -> Iterator[int]:
    for index in _order(section):
        cost = _cost(section, section.items[index])
        if cost <= room:
            room -= cost
            yield index


def _order(section: Section) -> list[int]:
    def key(index: int) -> tuple[int, int, int]:
        item = section.items[index]
        return item.rank, len(item.text) if section.shortest_first else 0, index

    return sorted(range(len(section.items)), key=key)


def _cost(section: Section, item: Item) -> int:
    return len(section.joint) + len(item.text)


def _document(
    sections: Sequence[Section], kept: Mapping[int, frozenset[int]], elsewhere: str
) -> str:
    parts = (_section(each, kept.get(index), elsewhere) for index, each in enumerate(sections))
    return "\n\n".join(parts) + "\n"


def _section(section: Section, kept: frozenset[int] | None, elsewhere: str) -> str:
    """All of it, or the items of these indexes, and a sentence that counts the others."""
    every = enumerate(section.items)
    texts = [item.text for index, item in every if kept is None or index in kept]
    text = "".join([section.opening, *(section.joint + each for each in texts), section.closing])
    missing = len(section.items) - len(texts)
    if not missing:
        return text
    left_out = f"{missing} more {plural(missing, section.noun)} left out for length"
    return f"{text}\n\n*{left_out}:* {elsewhere}."
