"""What the manifests of a repository hold, told by their status as far as that is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from reconciler.cache import digests
from reconciler.cache.files import Statuses, statuses
from reconciler.cache.store import Cache
from reconciler.discover import Discovery, ReadAll, Sources, read

_TREE = "tree"
_MOST = 8
"""States of all manifests that are known by their files' status: those of a few branches."""
_MANY = 100
"""Manifests that were read for want of a known status, from which on it is worth to keep it."""


class Contents:
    """The manifests at `paths` below `root`, as one run finds them."""

    def __init__(self, root: str, paths: tuple[str, ...], cache: Cache) -> None:
        self._root = root
        self._paths = paths
        self._cache = cache
        self._opened: Statuses | None = None
        self._joined = b""
        self._is_still = True
        """None that was looked at had changed by the time it was read."""

    def recognised(self) -> str | None:
        """By what all of them are known together, where none has changed since that was found."""
        if not self._cache.all(_TREE):
            return None
        status = "" if self._seen is None else self._seen.digest()
        content = self._cache.get(_TREE, status) if status else None
        return None if content is None else content.decode()

    def digests(self) -> Mapping[str, bytes] | None:
        """Of each one's content, by path; only those are read whose status is not known.

        None where one cannot be read.
        """
        if self._seen is None:
            return None
        known, opened = digests.recall(self._cache), Statuses()
        found, new = dict[str, bytes](), list[bytes]()
        for path, part in zip(self._paths, self._seen.each, strict=True):
            digest = known.get(part)
            if digest is None:
                raw = read(self._root, path, opened)
                if not isinstance(raw, bytes):
                    return None
                new.append(digest := digests.digest(raw))
                self._is_still = self._is_still and opened.each[-1] == part
            found[path] = digest
        if len(new) >= _MANY:
            old = {part: known[part] for part in self._seen.each if part in known}
            self._keep(opened, new, old)
        return found

    def recognise(self, content: str) -> None:
        """The next run is to know them by their status, after `digests` has found their content."""
        status = self._seen.digest() if self._seen is not None and self._is_still else ""
        if status:
            self._cache.put(_TREE, status, content.encode(), most=_MOST)

    def read_all(self, discovery: Discovery, read_all: ReadAll) -> Sources:
        """All of them. Each one's status is taken as it is opened: to look at them before takes
        20 ms more of 10,000.
        """
        self._opened = Statuses()
        return read_all(Path(self._root), discovery, self._opened)

    def learn(self, raws: Sequence[bytes]) -> bytes:
        """The digests of all, which were read, joined."""
        if self._opened is not None:
            new = [digests.digest(raw) for raw in raws]
            self._joined = b"".join(new)
            self._keep(self._opened, new, {})
            if status := self._opened.digest():
                content = digests.together(self._paths, self._joined)
                self._cache.put(_TREE, status, content.encode(), most=_MOST)
            self._opened = None  # it is as large as the manifests, and has done its work
        return self._joined

    def one(self, path: str, digest: bytes) -> bytes | None:
        """The bytes of one of them, whose digest was found before; None if they are others now."""
        raw = read(self._root, path)
        return raw if isinstance(raw, bytes) and digests.digest(raw) == digest else None

    @cached_property
    def _seen(self) -> Statuses | None:
        return statuses(self._root, self._paths)

    def _keep(self, opened: Statuses, new: Sequence[bytes], known: Mapping[str, bytes]) -> None:
        """Keep what is known already, and what was read of files that will be known again."""
        settled = [*opened.settled()]
        parts = [*known, *(part for _, part in settled)]
        joined = b"".join([*known.values(), *(new[number] for number, _ in settled)])
        digests.keep(self._cache, parts, joined)
