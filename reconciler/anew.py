"""A verdict on a repository that has changed a little: only what the change touches is judged.

The rest is what was known. It is the same verdict that all of it together would get, or none: where
that cannot be told for sure, or there is an error, everything has to be judged.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import partial
from typing import Any

from reconciler.affected import Affected, Fresh, beside, note_in, users
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
        moved = self._documents.moved(self._whole.verdict.evidence)
        if moved is None:
            return None
        affected = Affected(self._stated)
        inside = affected.with_disputes(self._gone() | users(self._stated, moved))
        while (sources := self._sources(inside, read)) is not None:
            around, fresh = beside(self._stated, inside), Fresh()
            self._documents.keep(around.reads)
            found, listing = judge(sources, around, partial(note_in, fresh))
            if any(each.severity is Severity.ERROR for each in found.problems):
                return None
            wider = affected.by(inside, fresh)
            if wider == inside:
                return self._again(inside, sources, found, listing)
            inside = wider
        return None

    def _gone(self) -> set[int]:
        """The numbers of those that hold something else now, or are not there any more."""
        pairs = zip(self._stated.paths, apart(self._whole.digests), strict=True)
        return {
            number for number, (path, was) in enumerate(pairs) if self._digests.get(path) != was
        }

    def _sources(self, inside: AbstractSet[int], read: Read) -> Sources | None:
        """Those to be judged: the new ones too. None where there are too many, or one changes."""
        paths = self._digests.keys() - self._numbers.keys()
        paths |= {path for path in map(self._path, inside) if path in self._digests}
        if len(paths) * _SHARE > len(self._digests):
            return None
        raws = {path: read(path, self._digests[path]) for path in sorted(paths)}
        whole = tuple(raw for raw in raws.values() if raw is not None)
        if len(whole) < len(raws):
            return None
        found = Discovery(manifests=tuple(raws), problems=(), has_folder=True)
        return Sources(discovery=found, raws=whole)

    def _path(self, number: int) -> str:
        return self._stated.paths[number]

    def _again(
        self, inside: AbstractSet[int], sources: Sources, found: Repository, listing: Listing
    ) -> Again:
        outside = self._numbers.keys() - set(map(self._path, inside))
        kept = (each for each in self._whole.verdict.problems if each.path in outside)
        folders, _ = self._whole.verdict.evidence
        own, answers = self._documents.evidence
        return Again(
            judged=found,
            problems=tuple(sorted((*kept, *found.problems), key=sort_key)),
            parts=tuple(_parts(self._stated.paths, inside, sources.discovery.manifests)),
            evidence=[{**folders, **own}, answers],
            listing=listing,
        )


def _parts(paths: Sequence[str], inside: AbstractSet[int], judged: Sequence[str]) -> Iterator[Part]:
    """Runs of what was known, without those `inside`, and what was `judged`, in order of paths."""
    cuts = [(number, 1, number) for number in inside]
    begun = 0
    for place, is_cut, number in sorted([*cuts, *_insertions(paths, judged)]):
        if place > begun:
            yield 0, begun, place
            begun = place
        if is_cut:
            begun = place + 1
        else:
            yield 1, number, number + 1
    if begun < len(paths):
        yield 0, begun, len(paths)


def _insertions(paths: Sequence[str], judged: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """Before which of the `paths` each of those `judged` stands, or instead of which."""
    for number, path in enumerate(judged):
        yield bisect_left(paths, path), 0, number
