"""One open issue a target while something is wrong; closed when all is well again."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.forge.failures import ForgeError
from reconciler.forge.port import Forge
from reconciler.forge.sticky import Written, own, same
from reconciler.forge.values import Issue

_TRIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """What was done, and the issue, where there is or was one."""

    written: Written
    issue: Issue | None


def report(forge: Forge, target: str, *, title: str, body: str, author: str) -> Tracked:
    """Make `body`, which begins with the target's marker, the text of the one open issue.

    Raises `ForgeError`.
    """
    for attempt in range(_TRIES):
        old = own(forge.open_issues(author), target, author)
        if old is not None:
            return _edit(forge, old, title, body)
        try:
            return Tracked(written=Written.CREATED, issue=forge.add_issue(title, body))
        except ForgeError as error:
            # It may be there all the same: look once more before another is opened.
            if not error.uncertain or attempt == _TRIES - 1:
                raise
    raise AssertionError("the last try either returns or raises")


def close(forge: Forge, target: str, *, title: str, body: str, author: str) -> Tracked:
    """Close the open issue, with a last text; nothing happens where there is none.

    Raises `ForgeError`.
    """
    old = own(forge.open_issues(author), target, author)
    if old is None:
        return Tracked(written=Written.NOTHING, issue=None)
    return Tracked(written=Written.CLOSED, issue=forge.edit_issue(old, title, body, close=True))


def _edit(forge: Forge, old: Issue, title: str, body: str) -> Tracked:
    if old.title == title and same(old.body, body):
        return Tracked(written=Written.UNCHANGED, issue=old)
    return Tracked(written=Written.UPDATED, issue=forge.edit_issue(old, title, body))
