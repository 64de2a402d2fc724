"""A verdict on a repository that has changed a little: only what the change touches is judged.

The rest is what was known. It is the same verdict that all of it together would get, or none: where
that cannot be told for sure, or there is an error, everything has to be judged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from typing import Any

from reconciler.affected import Fresh, affected, beside, note_in, users
from reconciler.cache.digests import apart
from reconciler.cache.packed import Part
from reconciler.cache.statements import Stated
from reconciler.cache.verdicts import Whole
from reconciler.discover import Discovery, Sources
from reconciler.documents import Documents
from reconciler.inspection.folders import Listing
from reconciler.problems import Problem, Severity, sort_key
from reconciler.repository import Repository
from reconciler.rules.beside import Beside, Note

_SHARE = 4
"""One of so many manifests may have changed: to judge more of them one by one takes longer than to
judge all of them in two processes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """The verdict of now."""

    judged: Repository
    """The manifests that were judged again, without an error."""
    problems: tuple[Problem, ...]
    """Everybody's."""
    parts: tuple[Part, ...]
    """Where what is desired stands: among what was known (0), and what was judged (1)."""
    evidence: list[dict[str, Any]]
    listing: Listing


Read = Callable[[str, bytes], bytes | None]
"""The bytes of a manifest with a digest; None where they are others by now."""
Judge = Callable[[Sources, Beside, Note], tuple[Repository, Listing]]
"""Reads and judges some manifests beside the others."""


class Anew:
    """One repository: `whole` is a verdict on it as it was; `digests` are those of its manifests
    now, sorted by path.
    """

    def __init__(self, whole: Whole, digests: Mapping[str, bytes], documents: Documents) -> None:
        self._whole = whole
        self._stated = Stated(whole.stated)
        self._digests = digests
        self._documents = documents
        self._numbers = {path: number for number, path in enumerate(self._stated.paths)}

    def judged(self, read: Read, judge: Judge) -> Again | None:
        """The verdict; None where everything has to be judged."""
        moved = set(self._documents.differences(self._whole.verdict.evidence))
        inside = self._gone() | users(self._stated, moved)
        while "" not in moved and (sources := self._sources(inside, read)) is not None:
            around, fresh = beside(self._stated, inside), Fresh()
            self._documents.keep(around.uses)
            found, listing = judge(sources, around, partial(note_in, fresh))
            if any(each.severity is Severity.ERROR for each in found.problems):
                return None
            more = affected(self._stated, inside, fresh)
            if not more:
                return self._again(inside, found, listing)
            inside |= more
        return None

    def _gone(self) -> set[int]:
        """The numbers of those that hold something else now, or are not there any more."""
        pairs = zip(self._stated.paths, apart(self._whole.digests), strict=True)
        return {
            number for number, (path, was) in enumerate(pairs) if self._digests.get(path) != was
        }

    def _sources(self, inside: AbstractSet[int], read: Read) -> Sources | None:
        """Those to be judged: the new ones too. None where there are too many, or one changes."""
        paths = tuple(path for path in self._digests if not self._is_known(path, inside))
        if len(paths) * _SHARE > len(self._digests):
            return None
        raws = tuple(raw for path in paths if (raw := read(path, self._digests[path])) is not None)
        if len(raws) < len(paths):
            return None
        found = Discovery(manifests=paths, problems=(), has_folder=True)
        return Sources(discovery=found, raws=raws)

    def _is_known(self, path: str, inside: AbstractSet[int]) -> bool:
        number = self._numbers.get(path)
        return number is not None and number not in inside

    def _again(self, inside: AbstractSet[int], found: Repository, listing: Listing) -> Again:
        known = [path for path in self._digests if self._is_known(path, inside)]
        others = frozenset(known)
        kept = (each for each in self._whole.verdict.problems if each.path in others)
        folders, _ = self._whole.verdict.evidence
        own, answers = self._documents.evidence
        return Again(
            judged=found,
            problems=tuple(sorted((*kept, *found.problems), key=sort_key)),
            parts=tuple(self._parts(others)),
            evidence=[{**folders, **own}, answers],
            listing=listing,
        )

    def _parts(self, known: AbstractSet[str]) -> Iterator[Part]:
        """Runs of known ones, and of judged ones, as their paths follow each other."""
        judged = 0
        places: list[tuple[int, int]] = []
        for path in self._digests:
            places.append((0, self._numbers[path]) if path in known else (1, judged))
            judged += path not in known
        return _runs(places)


def _runs(places: Iterable[tuple[int, int]]) -> Iterator[Part]:
    """Rows of texts, as parts: those that follow each other are one."""
    part: Part | None = None
    for which, row in places:
        if part is not None and part[::2] == (which, row):
            part = (which, part[1], row + 1)
            continue
        if part is not None:
            yield part
        part = (which, row, row + 1)
    if part is not None:
        yield part
