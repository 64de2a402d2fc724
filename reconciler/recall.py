"""The verdict on a whole repository, remembered for as long as nothing that it rests on changes.

It rests on this program and the libraries that it reads with, on what the caller names (settings,
the day), on the bytes of every manifest and document, and on which documents there are. All of
that is compared by content; times and inodes only save reading a file or listing a folder again.
Where little has changed, what the change touches is judged, and the rest is what was known. A
verdict with an error in it is never kept, nor one on files that changed meanwhile, nor one on a
repository where something could not be looked at.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reconciler.cache import coding
from reconciler.cache.digests import together
from reconciler.cache.later import Later
from reconciler.cache.listings import KnownListings
from reconciler.cache.packed import Wanted
from reconciler.cache.statements import Statements
from reconciler.cache.store import Cache
from reconciler.cache.verdicts import Known, Verdict, Verdicts
from reconciler.contents import Contents
from reconciler.discover import FOLDER, Discovery, ReadAll, Sources, discover, name_of, read_all
from reconciler.documents import Documents
from reconciler.inspection.folders import (
    DocumentFiles,
    Listing,
    document_files,
    document_folders,
)
from reconciler.judging import Judge, Load
from reconciler.problems import Problem, Severity

if TYPE_CHECKING:  # these read YAML and judge: needed only where nothing is remembered
    from reconciler.anew import Again
    from reconciler.cache.verdicts import Whole
    from reconciler.manifests import Manifest
    from reconciler.repository import Repository
    from reconciler.rules.beside import Beside, Note
    from reconciler.two_processes import Besides, Found


Digests = Callable[[], bytes]
"""Those of all manifests, found out when they are asked for."""

_MANY_MANIFESTS = 100
_LARGE = 16 * 1024 * 1024
"""Bytes of documents. Below both, a file would save some hundredths of a second at the most, and
somebody's small repository stays as clean as `plan` and `validate` promise."""


def recall(
    root: Path,
    load: Load,
    judge: Judge,
    *,
    circumstances: Sequence[object],
    cache: Cache,
    besides: Besides | None = None,
) -> Repository:
    """What `judge` says about what `load` has read at `root`, or has said about just the same.

    `circumstances` (JSON data) are everything that the verdict depends on besides the files;
    `besides` is work of the caller's own, for which there may be time while another process judges.
    """
    if cache.is_off:
        documents = Documents(root)
        loaded = load(read_all(root), documents, trusting=False)
        return judge(loaded, Later(lambda: document_files(root, documents.used())))
    memory = _Memory(root, circumstances, cache)
    found = memory.recognised() or memory.judged(load, judge, besides)
    if memory.is_large:
        return found
    cache.discard()
    return replace(found, known_by="")


class _Memory:
    def __init__(self, root: Path, circumstances: Sequence[object], kept: Cache) -> None:
        self._root = root
        self._cache = kept
        self._documents = Documents(root, kept)
        self._files = DocumentFiles(root)
        self._listings = KnownListings(str(root), kept)
        self._verdicts = Verdicts(kept, circumstances)
        self._unknown: set[str] = set()
        self._discovery = self._discovered()
        self._contents = Contents(str(root), self._discovery.manifests, kept)

    @property
    def is_large(self) -> bool:
        """Whether to read and judge it again would take a time that somebody notices."""
        if len(self._discovery.manifests) >= _MANY_MANIFESTS:
            return True
        sizes = {proof.path: proof.size or 0 for proof in self._documents.answers.values()}
        return sum(sizes.values()) >= _LARGE

    def recognised(self) -> Repository | None:
        """The verdict, where the manifests are known by their status alone."""
        content = self._contents.recognised() if self._is_whole else None
        return None if content is None else self._known(content)

    @property
    def _is_whole(self) -> bool:
        """Whether all that is found lies in the manifests: a bad link is in none of them."""
        return self._discovery.has_folder and not self._discovery.problems

    def judged(self, load: Load, judge: Judge, besides: Besides | None) -> Repository:
        """The verdict, once the manifests are read: one that is known for their content, or new."""
        found = self._by_change(load, judge) if self._is_whole else None
        if found is not None:
            return found
        from reconciler.documents_ahead import looked_at_ahead
        from reconciler.manifests_ahead import reading

        with (
            looked_at_ahead(self._root, self._documents, self._files) as is_busy,
            reading(is_busy=is_busy) as read_manifests,
        ):
            return self._as_a_whole(read_manifests, load, judge, besides)

    def _by_change(self, load: Load, judge: Judge) -> Repository | None:
        """The verdict, where it can be told from another one and what has changed since."""
        whole = self._verdicts.whole()
        digests = None if whole is None else self._contents.digests()
        if whole is None or digests is None:
            return None
        content = together(digests, b"".join(digests.values()))
        self._contents.recognise(content)
        found = self._known(content)
        if found is not None:
            return found
        from reconciler.anew import Anew

        judge_some = partial(self._judge_some, load, judge)
        again = Anew(whole, digests, self._documents).judged(self._contents.one, judge_some)
        return None if again is None else self._kept_again(content, whole, again)

    def _judge_some(
        self, load: Load, judge: Judge, sources: Sources, beside: Beside, note: Note
    ) -> tuple[Repository, Listing]:
        loaded = load(sources, self._documents, trusting=False, note=note)
        listing = self._files.beside(self._documents.used())
        return judge(loaded, listing.files, beside=beside, note=note), listing

    def _kept_again(self, content: str, whole: Whole, again: Again) -> Repository:
        verdict = self._verdict(again.evidence, again.listing, again.problems, again.judged.notes)
        desired, known_by = coding.desired_text(again.judged.desired), ""
        if not again.judged.is_passing:
            known_by = self._verdicts.keep_changed(
                content, verdict, desired, whole=whole, parts=again.parts
            )
        wanted = Wanted([whole.desired, desired], again.parts)
        return self._repository(Known(verdict=verdict, known_by=known_by, wanted=wanted))

    def _as_a_whole(
        self, read_manifests: ReadAll, load: Load, judge: Judge, besides: Besides | None
    ) -> Repository:
        sources = self._contents.read_all(self._discovery, read_manifests)
        raws = [raw for raw in sources.raws if isinstance(raw, bytes)]
        if not self._is_whole or len(raws) < len(sources.raws):
            loaded, listing = self._loaded(sources, load)
            return judge(loaded, listing.files)
        digests = partial(self._contents.learn, raws)
        return (
            (None if self._cache.is_new else self._known(self._together(digests())))
            or self._by_two(sources, digests, load, judge, besides)
            or self._by_one(sources, digests, load, judge)
        )

    def _by_two(
        self,
        sources: Sources,
        digests: Digests,
        load: Load,
        judge: Judge,
        besides: Besides | None,
    ) -> Repository | None:
        """None where one process has to find out alone.

        A manifest that is not surely valid costs twice the time, since all of them are read again.
        """
        from reconciler import two_processes

        if not two_processes.are_worth_it(len(sources.raws)):
            return None
        stated = Statements(self._discovery.manifests)
        loaded, listing = self._loaded(sources, load, trusting=True, note=stated.note)
        judge_them = partial(judge, files=listing.files, note=stated.note)
        found = two_processes.judged(loaded, judge_them, stated.text, digests, besides)
        return None if found is None else self._kept(digests(), listing, found)

    def _by_one(self, sources: Sources, digests: Digests, load: Load, judge: Judge) -> Repository:
        from reconciler.two_processes import Found

        stated = Statements(self._discovery.manifests)
        loaded, listing = self._loaded(sources, load, note=stated.note)
        judged = judge(loaded, listing.files, note=stated.note)
        desired = coding.desired_text(judged.desired)
        return self._kept(digests(), listing, Found(judged, desired, stated.text()))

    def _loaded(
        self, sources: Sources, load: Load, *, trusting: bool = False, note: Note | None = None
    ) -> tuple[Repository, Listing]:
        """What was read, and the document files: those that are judged are those that are kept."""
        self._documents.answers.clear()  # an older verdict may have rested on others
        loaded = load(sources, self._documents, trusting=trusting, note=note)
        return loaded, self._files.beside(self._documents.used())

    def _known(self, content: str) -> Repository | None:
        """The verdict that was kept; what is not known once is not known in this run."""
        known = None if content in self._unknown else self._verdicts.of(content)
        if known is None or not self._holds(known.verdict):
            self._unknown.add(content)
            return None
        return self._repository(known)

    def _holds(self, verdict: Verdict) -> bool:
        return self._documents.bears_out(verdict.evidence) and self._listed() == verdict.listed

    def _repository(self, known: Known) -> Repository:
        from reconciler.repository import Repository

        return Repository(
            desired=known.wanted,
            kept=known.wanted,
            manifests=Later(self._manifests),
            problems=known.verdict.problems,
            count=len(self._discovery.manifests),
            names={path: name_of(path) for path in self._discovery.manifests},
            is_linked=self._discovery.is_linked,
            known_by=known.known_by,
            notes=known.verdict.notes,
        )

    def _kept(self, digests: bytes, listing: Listing, found: Found) -> Repository:
        repository = found.repository
        errors = any(problem.severity is Severity.ERROR for problem in repository.problems)
        if errors or repository.is_passing:
            return repository
        verdict = self._verdict(
            self._documents.evidence, listing, tuple(repository.problems), repository.notes
        )
        known_by = self._verdicts.keep(
            self._together(digests), verdict, found.desired, digests=digests, stated=found.stated
        )
        return replace(repository, known_by=known_by)

    def _together(self, digests: bytes) -> str:
        return together(self._discovery.manifests, digests)

    def _verdict(
        self,
        evidence: Sequence[Any],
        listing: Listing,
        problems: tuple[Problem, ...],
        notes: tuple[str, ...],
    ) -> Verdict:
        listed = self._keep(listing)
        return Verdict(evidence=evidence, listed=listed, problems=problems, notes=notes)

    def _listed(self) -> str:
        """A digest of the document files that there are."""
        known = self._listings.recall(self._places())
        if isinstance(known, str):
            return known
        return self._keep(self._files.beside(self._documents.used()))

    def _keep(self, listing: Listing) -> str:
        """The same; it is remembered for as long as no folder changes."""
        digest = hashlib.sha256("\0".join(listing.files).encode()).hexdigest()
        self._listings.keep(self._places(), listing.folders, digest)
        return digest

    def _places(self) -> str:
        return f"documents in {document_folders(self._documents.used())}"

    def _discovered(self) -> Discovery:
        """Which manifests there are: as in the last run, where no folder has changed since."""
        known = self._listings.recall(FOLDER)
        if isinstance(known, list):
            return Discovery(manifests=tuple(known), problems=(), has_folder=True)
        found = discover(self._root)
        if found.folders and not found.problems:
            self._listings.keep(FOLDER, found.folders, found.manifests)
        return found

    def _manifests(self) -> tuple[Manifest, ...]:
        from reconciler.load import readable

        return readable(read_all(self._root, self._discovery))
