"""Which manifests stand on a file that changed."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path

from reconciler.desire import ROLES
from reconciler.manifests import Manifest


def touched(
    manifests: Iterable[Manifest],
    proofs: Mapping[str, Iterable[str]],
    changed: frozenset[str],
    *,
    root: Path,
) -> frozenset[str]:
    """The paths of the manifests that changed themselves, or whose documents did.

    `changed` are paths relative to `root`; `proofs` has, by the manifest's path, those of its
    documents with all links followed. A link on the way to a file counts as a part of it.
    """
    if not changed:
        return frozenset()
    real = _Real(root)
    return frozenset(
        manifest.path
        for manifest in manifests
        if any(
            _hit(path, changed)
            for path in (
                manifest.path,
                real(manifest.path),
                *map(posixpath.normpath, written(manifest)),
                *proofs.get(manifest.path, ()),
            )
        )
    )


def written(manifest: Manifest) -> Iterator[str]:
    """The documents' paths as the manifest spells them, but relative to the root.

    A `..` in them is kept: behind a link it leads elsewhere than it seems.
    """
    for role in ROLES:
        proof = manifest.data.get(role)
        file = proof.get("file") if isinstance(proof, Mapping) else None
        if isinstance(file, str):
            yield spelled(manifest.path, file)


def spelled(manifest: str, file: str) -> str:
    """The path of a document that the manifest at a path calls `file`."""
    return posixpath.join(posixpath.dirname(manifest), file)


def _hit(path: str, changed: frozenset[str]) -> bool:
    """The path itself, or a link on the way to it: git lists no folders, so it can be nothing
    else.
    """
    if path in changed:
        return True
    folder = posixpath.dirname(path)
    return bool(folder) and _hit(folder, changed)


class _Real:
    """A manifest's path with its links followed; each folder is looked at once."""

    def __init__(self, root: Path) -> None:
        self._root = os.path.realpath(root)
        self._folder = cache(lambda folder: os.path.realpath(f"{self._root}/{folder}"))

    def __call__(self, path: str) -> str:
        folder, name = posixpath.split(path)
        real = f"{self._folder(folder)}/{name}"
        if os.path.islink(real):  # noqa: PTH114 - the walk over all manifests is in text throughout
            real = os.path.realpath(real)
        return os.path.relpath(real, self._root).replace(os.sep, "/")
