"""Manifests that are judged already, beside those that are to be judged: what is known of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from posixpath import normpath

USES, SCANS = "uses", "scans"
"""What is noted besides statements: documents that are used, by their paths, and those that want to
be looked into, by sha256."""
READ, WRITTEN = "read", "written"
"""How a document is used: it was found there, with all links followed, or the manifest alone has it
there."""

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


def written(folder: str, file: str) -> str:
    """The path of a document that a manifest in a folder calls `file`, no links followed."""
    above, rest = folder, file
    while above and rest.startswith("../"):
        above, rest = above.rpartition("/")[0], rest[3:]
    path = f"{above}/{rest}" if above else rest
    # What people write is told in a fifth of the time that it takes to look at each part.
    is_odd = not path or "//" in path or "/." in f"/{path}" or "/" in (path[0], path[-1])
    return normpath(f"{folder}/{file}") if is_odd else path
