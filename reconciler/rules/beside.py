"""Manifests that are judged already, beside those that are to be judged: what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from posixpath import normpath

from reconciler.rules.subject import Subject

USES, SCANS = "uses", "scans"
"""What is noted besides statements: documents that are used, by their paths, and those that want to
be looked into, by sha256."""

Noted = tuple[str, str, Sequence[int]]
"""What is spoken about, what is said, and which of the manifests say it: their numbers, from 0."""
Note = Callable[[str, Iterable[Noted]], None]
"""Takes what manifests say, by the id of the rule that compares it, or one of the words above.

All that is said about one thing comes in a row.
"""


def nobody_notes(_kind: str, _noted: Iterable[Noted]) -> None:
    """Where nobody asks later who said what."""


def _nothing(_rule: str, _about: str) -> bool:
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The others of the same repository."""

    agreed: Callable[[str, str], bool] = _nothing
    """Whether, by a rule's id, they say something about a thing: then all who speak about it agree,
    those who are to be judged included."""
    uses: AbstractSet[str] = frozenset()
    """The documents that they use, by path."""
    scans: AbstractSet[str] = frozenset()
    """Those that want to be looked into, by sha256."""


ALONE = Beside()
"""All manifests are to be judged."""


def uses(subject: Subject) -> Iterator[str]:
    """The documents that a manifest uses: where links lead, and as it writes them."""
    folder = subject.manifest.path.rpartition("/")[0]
    for paper in subject.papers:
        read = None if paper.proof is None else paper.proof.path
        if read is not None:
            yield read
        if paper.file is not None and (written := normpath(f"{folder}/{paper.file}")) != read:
            yield written
