"""One comment a change and target: found again, edited, never multiplied."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from reconciler.forge.failures import ForgeError
from reconciler.forge.marker import is_marked
from reconciler.forge.port import Forge
from reconciler.forge.values import Comment, Issue

_TRIES = 3
T = TypeVar("T", Comment, Issue)


class Written(StrEnum):
    """What became of it."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    CLOSED = "closed"
    NOTHING = "nothing to do"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stuck:
    """The comment as it is now, and what was done to it."""

    written: Written
    comment: Comment


def stick(forge: Forge, number: int, target: str, body: str, *, author: str) -> Stuck:
    """Make `body`, which begins with the target's marker, the one comment of that target.

    Raises `ForgeError`.
    """
    for attempt in range(_TRIES):
        old = own(forge.comments(number), target, author)
        if old is not None:
            return _edit(forge, number, old, body)
        try:
            return Stuck(written=Written.CREATED, comment=forge.add_comment(number, body))
        except ForgeError as error:
            # It may be there all the same: look once more before another is made.
            if not error.uncertain or attempt == _TRIES - 1:
                raise
    raise AssertionError("the last try either returns or raises")


def own(found: Iterable[T], target: str, author: str) -> T | None:
    """The oldest that this program wrote for the target: marker and author are both its own."""
    return next((each for each in found if _is_own(each, target, author)), None)


def same(one: str, other: str) -> bool:
    """Whether two texts are one to a forge, which changes the ends of lines and of the text."""
    return _plain(one) == _plain(other)


def is_by(found: Comment | Issue, author: str) -> bool:
    """Whether it was written under this name."""
    return found.author.casefold() == author.casefold()


def _is_own(found: Comment | Issue, target: str, author: str) -> bool:
    return is_by(found, author) and is_marked(found.body, target)


def _edit(forge: Forge, number: int, old: Comment, body: str) -> Stuck:
    if same(old.body, body):
        return Stuck(written=Written.UNCHANGED, comment=old)
    return Stuck(written=Written.UPDATED, comment=forge.edit_comment(number, old, body))


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()
