"""The verdict on a whole repository, remembered for as long as nothing that it rests on changes.

It rests on this program and the libraries that it reads with, on what the caller names (settings,
the day), on the bytes of every manifest and document, and on which documents there are. All of
that is compared by content; times and inodes only save reading a file or listing a folder again. A
verdict with an error in it is never kept, nor one on files that changed meanwhile, nor one on a
repository where something could not be looked at.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from reconciler.cache import coding
from reconciler.cache.files import Statuses, status_digest
from reconciler.cache.later import Later
from reconciler.cache.listings import KnownListings
from reconciler.cache.program import program
from reconciler.cache.store import Cache
from reconciler.discover import FOLDER, Discovery, Sources, discover, name_of, read_all
from reconciler.documents import Documents
from reconciler.inspection.folders import (
    DocumentFiles,
    Listing,
    document_files,
    document_folders,
)
from reconciler.problems import Severity

if TYPE_CHECKING:  # these read YAML and judge: needed only where nothing is remembered
    from reconciler.manifests import Manifest
    from reconciler.repository import Repository
    from reconciler.two_processes import Besides


class Load(Protocol):
    """Reads a repository; where it is `trusting`, all but whether manifests fit the schema."""

    def __call__(self, sources: Sources, documents: Documents, *, trusting: bool) -> Repository:
        """Never raises for anything that stands in it."""
        ...


class Judge(Protocol):
    """Judges what was read."""

    def __call__(self, loaded: Repository, files: Sequence[str]) -> Repository:
        """The same with what the rules say about it, and about the document `files`."""
        ...


_TREE, _VERDICT, _DESIRED = "tree", "verdict", "desired"
_MOST = 8
"""Verdicts that are kept: those of a few branches."""
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
    def __init__(self, root: Path, circumstances: Sequence[object], cache: Cache) -> None:
        self._root = root
        self._circumstances = circumstances
        self._cache = cache
        self._documents = Documents(root, cache)
        self._files = DocumentFiles(root)
        self._listings = KnownListings(str(root), cache)
        self._discovery = self._discovered()

    @property
    def is_large(self) -> bool:
        """Whether to read and judge it again would take a time that somebody notices."""
        if len(self._discovery.manifests) >= _MANY_MANIFESTS:
            return True
        sizes = {proof.path: proof.size or 0 for proof in self._documents.answers.values()}
        return sum(sizes.values()) >= _LARGE

    def recognised(self) -> Repository | None:
        """The verdict, where the manifests are known by their status alone."""
        if not self._is_whole or not self._cache.all(_TREE):
            return None
        status = status_digest(str(self._root), self._discovery.manifests)
        content = self._cache.get(_TREE, status) if status else None
        return None if content is None else self._known(content.decode())

    @property
    def _is_whole(self) -> bool:
        """Whether all that is found lies in the manifests: a bad link is in none of them."""
        return self._discovery.has_folder and not self._discovery.problems

    def judged(self, load: Load, judge: Judge, besides: Besides | None) -> Repository:
        """The verdict, once the manifests are read: one that is known for their content, or new."""
        from reconciler.documents_ahead import looked_at_ahead

        with looked_at_ahead(self._root, self._documents, self._files):
            return self._read_and_judged(load, judge, besides)

    def _read_and_judged(self, load: Load, judge: Judge, besides: Besides | None) -> Repository:
        # Each file's status is taken as it is opened: to look at them all before takes 20 ms more.
        statuses = Statuses()
        sources = read_all(self._root, self._discovery, statuses)
        content, status = _content(sources) if self._is_whole else None, statuses.digest()
        if content is None:
            loaded, listing = self._loaded(sources, load, trusting=False)
            return judge(loaded, listing.files)
        if status:
            self._cache.put(_TREE, status, content.encode(), most=_MOST)
        return (
            self._known(content)
            or self._by_two(sources, content, load, judge, besides)
            or self._by_one(sources, content, load, judge)
        )

    def _by_two(
        self,
        sources: Sources,
        content: str,
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
        loaded, listing = self._loaded(sources, load, trusting=True)
        judge_them = partial(judge, files=listing.files)
        judged, desired = two_processes.judged(loaded, judge_them, besides)
        return self._kept(content, listing, judged, lambda: desired) if desired else None

    def _by_one(self, sources: Sources, content: str, load: Load, judge: Judge) -> Repository:
        loaded, listing = self._loaded(sources, load, trusting=False)
        judged = judge(loaded, listing.files)
        return self._kept(content, listing, judged, lambda: coding.desired_text(loaded.desired))

    def _loaded(
        self, sources: Sources, load: Load, *, trusting: bool
    ) -> tuple[Repository, Listing]:
        """What was read, and the document files: those that are judged are those that are kept."""
        self._documents.answers.clear()  # an older verdict may have rested on others
        loaded = load(sources, self._documents, trusting=trusting)
        return loaded, self._files.beside(self._documents.used())

    def _known(self, content: str) -> Repository | None:
        key = self._key(content)
        verdict = self._cache.get(_VERDICT, key)
        if verdict is None:
            return None
        # Of this very verdict: a damaged file may show one that is older, with other documents.
        known_by = _digest([key, verdict.decode()])
        desired = self._cache.get(_DESIRED, known_by)
        if desired is None:
            return None
        evidence, files, problems, notes = json.loads(verdict)
        if not self._documents.bears_out(evidence) or self._listed() != files:
            return None
        from reconciler.repository import Repository

        return Repository(
            desired=Later(lambda: coding.desired(desired)),
            manifests=Later(self._manifests),
            problems=coding.problems(problems),
            count=len(self._discovery.manifests),
            names={path: name_of(path) for path in self._discovery.manifests},
            known_by=known_by,
            notes=tuple(notes),
        )

    def _kept(
        self,
        content: str,
        listing: Listing,
        repository: Repository,
        desired: Callable[[], bytes],
    ) -> Repository:
        errors = any(problem.severity is Severity.ERROR for problem in repository.problems)
        if not errors and not repository.is_passing:
            key = self._key(content)
            problems = coding.problem_rows(repository.problems)
            listed = self._keep(listing)
            verdict = json.dumps([self._documents.evidence, listed, problems, repository.notes])
            self._cache.put(_VERDICT, key, verdict.encode(), most=_MOST)
            known_by = _digest([key, verdict])
            self._cache.put(_DESIRED, known_by, desired(), most=_MOST)
            return replace(repository, known_by=known_by)
        return repository

    def _key(self, content: str) -> str:
        return _digest([content, program(), json.dumps(self._circumstances, default=str)])

    def _listed(self) -> str:
        """A digest of the document files that there are."""
        known = self._listings.recall(self._places())
        if isinstance(known, str):
            return known
        return self._keep(self._files.beside(self._documents.used()))

    def _keep(self, listing: Listing) -> str:
        """The same; it is remembered for as long as no folder changes."""
        digest = _digest(listing.files)
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
        from reconciler.manifests import Manifest, parse

        sources = read_all(self._root, self._discovery)
        pairs = zip(self._discovery.manifests, sources.raws, strict=True)
        parsed = (parse(raw, name=name_of(p), path=p) for p, raw in pairs if isinstance(raw, bytes))
        return tuple(each for each in parsed if isinstance(each, Manifest))


def _content(sources: Sources) -> str | None:
    """A digest of every manifest's path and bytes; None where one could not be read."""
    digest = hashlib.sha256()
    for path, raw in zip(sources.discovery.manifests, sources.raws, strict=True):
        if not isinstance(raw, bytes):
            return None
        digest.update(f"{path}\0{len(raw)}\0".encode())
        digest.update(raw)
    return digest.hexdigest()


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
