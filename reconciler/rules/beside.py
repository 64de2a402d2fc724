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
READ, WRITTEN = "read", "written"
"""How a document is used: it was found there, with all links followed, or the manifest says so."""

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
    reads: AbstractSet[str] = frozenset()
    """Those of them that were found there."""
    scans: AbstractSet[str] = frozenset()
    """Those that want to be looked into, by sha256."""


ALONE = Beside()
"""All manifests are to be judged."""


def uses(subject: Subject) -> Iterator[tuple[str, str]]:
    """The paths of the documents that a manifest uses, and how it does."""
    folder = subject.manifest.path.rpartition("/")[0]
    for paper in subject.papers:
        if paper.proof is not None and paper.proof.path is not None:
            yield paper.proof.path, READ
        if paper.file is not None:
            yield normpath(f"{folder}/{paper.file}"), WRITTEN
