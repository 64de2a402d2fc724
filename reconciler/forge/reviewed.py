"""Which plan was reviewed before a commit came to its branch."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.errors import RefusedError
from reconciler.forge.marker import noted_in
from reconciler.forge.port import Forge
from reconciler.forge.sticky import own
from reconciler.forge.values import Change

_BY_HAND = (
    "Have the plan of the branch as it is now reviewed, and apply that by its fingerprint: "
    "reconciler plan, then reconciler apply --fingerprint HEX."
)
_SHOWN = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What the reviewers of a change saw last."""

    change: Change
    fingerprint: str


def reviewed(
    forge: Forge, commit: str, target: str, *, branch: str | None, author: str
) -> Reviewed:
    """The plan in the sticky comment of the merged change that `commit` belongs to.

    `branch`, where it is given, is the one that the change must have gone to. Raises `ForgeError`,
    and `RefusedError` where nobody reviewed a plan of what was merged.
    """
    change = _merged(forge, commit, branch)
    comment = own(forge.comments(change.number), target, author)
    noted = None if comment is None else noted_in(comment.body)
    if noted is None:
        raise RefusedError(f"{change.url or change.number} has no plan by {author}", _BY_HAND)
    if noted.head != change.head:
        raise RefusedError(
            f"the plan in {change.url or change.number} is for {noted.head[:_SHOWN]}, but "
            f"{change.head[:_SHOWN]} was merged",
            _BY_HAND,
        )
    return Reviewed(change=change, fingerprint=noted.fingerprint)


def _merged(forge: Forge, commit: str, branch: str | None) -> Change:
    """The last one, where a commit went through several."""
    found = [
        change
        for change in forge.changes_of(commit)
        if change.merged and branch in {None, change.branch}
    ]
    if not found:
        raise RefusedError(f"{commit[:_SHOWN]} was not merged from a reviewed change", _BY_HAND)
    return max(found, key=lambda change: change.number)
