"""Which document files lie in a repository, in the places where its documents are."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from reconciler.wording import is_unicode

_ENDINGS = (".png", ".jpg", ".jpeg", ".pdf")
_OWN = ("signatures", "documents")
"""Folders that are about signatures, whatever else a repository holds."""
_MOST = 100_000
"""Entries looked at; a folder of that many holds something else."""

Seen = tuple[str, os.stat_result | None]
"""A folder, and its status from before it was listed; None where it is not there, or not ours to
list: then nothing in it is known.
"""


class Listing(NamedTuple):
    """What `document_files` has found, and the folders that were looked into."""

    files: tuple[str, ...]
    folders: tuple[Seen, ...]


class DocumentFiles:
    """The document files of a repository as one run sees them: the same folders are listed once."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[tuple[str, ...], Listing] = {}

    def beside(self, used: Iterable[str]) -> Listing:
        """As `document_files` lists them for documents that are `used` at these paths."""
        paths = set(used)
        folders = document_folders(paths)
        if folders not in self._known:
            listed: list[Seen] = []
            files = document_files(self._root, paths, listed)
            self._known[folders] = Listing(files, tuple(listed))
        return self._known[folders]


def document_folders(used: Iterable[str]) -> tuple[str, ...]:
    """Where `document_files` begins to look, for documents that are `used` at these paths."""
    return tuple(sorted(_tops({*_OWN, *_homes(used)})))


def document_files(
    root: Path, used: Iterable[str], listed: list[Seen] | None = None
) -> tuple[str, ...]:
    """Paths of jpg, png and pdf files, relative to the root, sorted.

    Looked at are `signatures/`, `documents/`, and each folder that a used document lies in, with
    the folders beside it: a picture elsewhere is a picture, and none of our business. Links, and
    whatever begins with a dot, are passed over. Each folder that was looked into joins `listed`.
    """
    found: list[str] = []
    entered = [] if listed is None else listed
    for count, path in enumerate(_files(str(root), list(document_folders(used)), entered)):
        if path.lower().endswith(_ENDINGS):
            found.append(path)
        if count == _MOST:
            break
    return tuple(sorted(found))


def _homes(used: Iterable[str]) -> Iterator[str]:
    """The folder around each document's folder, but never the root itself."""
    for name in {path.rpartition("/")[0] for path in used}:
        folder = PurePosixPath(name)
        home = folder if len(folder.parts) < 2 else folder.parent  # noqa: PLR2004 - a/b is in a
        if home.parts:
            yield str(home)


def _tops(folders: set[str]) -> Iterator[str]:
    """Those that lie in no other."""
    for folder in folders:
        if not any(str(parent) in folders for parent in PurePosixPath(folder).parents):
            yield folder


def _files(root: str, folders: list[str], listed: list[Seen]) -> Iterator[str]:
    while folders:
        folder = folders.pop()
        status, visible = _look_into(f"{root}/{folder}")
        listed.append((folder, status))
        for entry in visible:
            path = f"{folder}/{entry.name}"
            if not is_unicode(path):
                continue  # no manifest can name it
            if entry.is_dir(follow_symlinks=False):
                folders.append(path)
            elif entry.is_file(follow_symlinks=False):
                yield path


def _look_into(folder: str) -> tuple[os.stat_result | None, list[os.DirEntry[str]]]:
    try:
        status = os.stat(folder)  # noqa: PTH116 - the walk is in text throughout
        with os.scandir(folder) as entries:
            return status, [each for each in entries if not each.name.startswith(".")]
    except OSError:
        return None, []
