"""Which manifests stand on a file that changed."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from stat import S_ISLNK, S_ISREG

from reconciler.desire import ROLES
from reconciler.documents import LONGEST_PATH
from reconciler.manifests import Manifest
from reconciler.repository import Repository


def touched(repository: Repository, changed: frozenset[str], *, root: Path) -> frozenset[str]:
    """The paths of the manifests that changed themselves, or whose documents did.

    `changed` are paths relative to `root`. A link on the way to a file counts as a part of it.
    """
    if not changed:
        return frozenset()
    real = _Real(root)
    if not all(map(real.is_file, changed)):
        return _by_links(repository, changed, real)
    # No link is among them, so how a path is spelled does not matter, and the manifests need not be
    # read: of 10,000 that takes half of the time of a plan of ten changes.
    users = repository.users(changed)
    if not repository.is_linked:
        return users | changed.intersection(repository.names)
    itself = (path for path in repository.names if not changed.isdisjoint((path, real(path))))
    return users.union(itself)


def _by_links(repository: Repository, changed: frozenset[str], real: _Real) -> frozenset[str]:
    followed = {
        each.path: [proof.path for proof in each.documents if proof.path is not None]
        for each in repository.desired
    }
    return frozenset(
        manifest.path
        for manifest in repository.manifests
        if any(
            _hit(path, changed)
            for path in (
                manifest.path,
                real(manifest.path),
                *map(posixpath.normpath, written(manifest)),
                *followed.get(manifest.path, ()),
            )
        )
    )


def written(manifest: Manifest) -> Iterator[str]:
    """The documents' paths as the manifest spells them, but relative to the root.

    A `..` in them is kept: behind a link it leads elsewhere than it seems. What is longer than a
    path can be, as a tombstone may have it, leads nowhere.
    """
    for role in ROLES:
        proof = manifest.data.get(role)
        file = proof.get("file") if isinstance(proof, Mapping) else None
        if isinstance(file, str) and len(file) <= LONGEST_PATH:
            yield spelled(manifest.path, file)


def spelled(manifest: str, file: str) -> str:
    """The path of a document that the manifest at a path calls `file`."""
    return posixpath.join(posixpath.dirname(manifest), file)


def _hit(path: str, changed: frozenset[str]) -> bool:
    """The path itself, or a link on the way to it: git lists no folders, so it can be nothing
    else.
    """
    while path and path not in changed:
        path = posixpath.dirname(path)
    return bool(path)


def _mode(path: str) -> int:
    try:
        return os.lstat(path).st_mode
    except OSError:
        return 0


class _Real:
    """A manifest's path with its links followed; each folder is looked at once."""

    def __init__(self, root: Path) -> None:
        self._root = os.path.realpath(root)
        self._folder = cache(lambda folder: os.path.realpath(f"{self._root}/{folder}"))

    def is_file(self, path: str) -> bool:
        """Neither a link nor gone: nothing that could be, or have been, a link."""
        return S_ISREG(_mode(f"{self._root}/{path}"))

    def __call__(self, path: str) -> str:
        folder, _, name = path.rpartition("/")
        here, real = f"{self._root}/{path}", f"{self._folder(folder)}/{name}"
        if S_ISLNK(_mode(real)):
            real = os.path.realpath(real)
        elif real == here:
            return path
        return os.path.relpath(real, self._root).replace(os.sep, "/")
