"""Which manifests a repository has, and their bytes; nothing is parsed here.

Ten thousand files are looked at in a fraction of a second: one `os.scandir` a folder, one open and
one read a file, and no `pathlib` in the loops.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from reconciler.cache.files import Statuses
from reconciler.problems import CLASH, UNREADABLE, Problem, Severity
from reconciler.regular import NotRegularError, read_regular
from reconciler.wording import is_unicode, printable, quoted
from reconciler.yamltext.limits import MAX_BYTES

FOLDER = "signatures"

_ENDINGS = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovery:
    """What a repository holds, and what could not be looked at."""

    manifests: tuple[str, ...]
    """Their paths relative to the root, with forward slashes; sorted."""
    problems: tuple[Problem, ...]
    has_folder: bool
    """False when there is no `signatures/` at all."""
    folders: tuple[tuple[str, os.stat_result], ...] = field(default=(), compare=False)
    """Those that decide all of this by what they hold, with their status from before they were
    listed; none where links have a say as well."""
    is_linked: bool = False
    """Links have a say in which manifests there are, and where."""


Said = Callable[[int, bytes], Mapping[str, object] | None]
"""By its number among the manifests and its bytes, what a manifest says; None where that is not
known already."""


def _nothing(_number: int, _raw: bytes) -> None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """All manifests as one run has read them."""

    discovery: Discovery
    raws: tuple[bytes | Problem, ...]
    """In the order of `discovery.manifests`: the bytes, or why they cannot be had."""
    said: Said = _nothing
    """Who has parsed some of them already."""


ReadAll = Callable[[Path, Discovery, Statuses], Sources]
"""Reads each manifest; see `read_all`."""


def name_of(path: str) -> str:
    """The name of the signature of the manifest at `path`: without the folder and the ending."""
    return path.removeprefix(f"{FOLDER}/").rpartition(".")[0]


def read_all(
    root: Path, discovery: Discovery | None = None, statuses: Statuses | None = None
) -> Sources:
    """Find the manifests, unless that is done already, and read each.

    The status that each had when it was opened joins `statuses`.
    """
    found, place = discovery or discover(root), str(root)
    raws = tuple(read(place, each, statuses) for each in found.manifests)
    return Sources(discovery=found, raws=raws)


def discover(root: Path) -> Discovery:
    """Find the manifests below `signatures/`. Links are followed as long as they stay inside the
    root; a folder is entered once.
    """
    if not os.path.lexists(f"{root}/{FOLDER}"):
        return Discovery(manifests=(), problems=(), has_folder=False)
    walk = _Walk(os.path.realpath(root))
    walk.run()
    found = sorted(walk.found)
    problems = (*walk.problems, *_same_names(found))
    folders = () if walk.is_linked else tuple(walk.listed)
    return Discovery(
        manifests=tuple(found),
        problems=problems,
        has_folder=True,
        folders=folders,
        is_linked=walk.is_linked,
    )


def read(root: Path | str, path: str, statuses: Statuses | None = None) -> bytes | Problem:
    """A manifest's bytes, or why they cannot be had; of a file that is too large only so many
    that it can be told.
    """
    try:
        seen = None if statuses is None else partial(statuses.add, path)
        return read_regular(f"{root}/{path}", limit=MAX_BYTES, seen=seen)
    except NotRegularError:
        summary, detail = "this is not a regular file", "Remove it."
    except OSError as error:
        summary, detail = _reason(error)
    return _unreadable(path, name_of(path), summary, detail)


class _Walk:
    """One pass over the folders; real ones first, so that the link is what is called a repetition,
    whichever of the two comes first by name.
    """

    def __init__(self, root: str) -> None:
        self._root = root
        self._folders = [FOLDER]
        self._links: list[str] = []
        self._entered: set[tuple[int, int]] = set()
        self.found: list[str] = []
        self.listed: list[tuple[str, os.stat_result]] = []
        self.is_linked = Path(root, FOLDER).is_symlink()
        self.problems: list[Problem] = []

    def run(self) -> None:
        while self._folders or self._links:
            path = self._folders.pop() if self._folders else self._links.pop()
            try:
                if self._is_inside(path):
                    self._enter(path)
            except OSError as error:
                self._refuse(path, *_reason(error))

    def _is_inside(self, path: str) -> bool:
        real = os.path.realpath(f"{self._root}/{path}")
        if f"{real}{os.sep}".startswith(f"{self._root.rstrip(os.sep)}{os.sep}"):
            return True
        self._refuse(path, "this link leads out of the repository", "Put the file itself here.")
        return False

    def _enter(self, path: str) -> None:
        status = os.stat(f"{self._root}/{path}")  # noqa: PTH116 - the walk is in text throughout
        identity = (status.st_dev, status.st_ino)
        if identity in self._entered:
            summary = "this link leads to a folder that is read already"
            self._refuse(path, summary, "Remove the link: every manifest has one place.")
            return
        self._entered.add(identity)
        self.listed.append((path, status))
        self._list(path)

    def _list(self, folder: str) -> None:
        folders, links = len(self._folders), len(self._links)
        with os.scandir(f"{self._root}/{folder}") as entries:
            for entry in entries:
                if entry.name.startswith((".", "_")):
                    continue
                try:
                    self._take(entry, f"{folder}/{entry.name}")
                except OSError as error:  # a link that cannot be followed
                    self._refuse(f"{folder}/{entry.name}", *_reason(error))
        # Taken from the end of the lists, so the last by name goes in first.
        self._folders[folders:] = sorted(self._folders[folders:], reverse=True)
        self._links[links:] = sorted(self._links[links:], reverse=True)

    def _take(self, entry: os.DirEntry[str], path: str) -> None:
        is_folder = entry.is_dir()
        if not is_folder and not path.endswith(_ENDINGS):
            return
        is_link = entry.is_symlink()
        self.is_linked = self.is_linked or is_link
        if not is_unicode(entry.name):
            self._refuse(path, "the file's name is not UTF-8", "Rename it.")
        elif is_folder:
            (self._links if is_link else self._folders).append(path)
        elif not is_link or self._is_inside(path):
            self.found.append(path)

    def _refuse(self, path: str, summary: str, detail: str) -> None:
        self.problems.append(_unreadable(path, None, summary, detail))


def _same_names(found: list[str]) -> Iterator[Problem]:
    """`a.yaml` beside `a.yml`: which of the two the signature `a` is, nobody can say."""
    short = [path for path in found if path.endswith(".yml")]
    long = set(found) if short else ()
    for path in short:
        first = f"{path.removesuffix('.yml')}.yaml"
        if first in long:
            yield Problem(
                severity=Severity.ERROR,
                rule=CLASH,
                summary=f"the name {quoted(name_of(path))} is taken by {first}:1:1 already",
                detail=f"Rename one of {first}:1:1 and {path}:1:1.",
                name=name_of(path),
                path=path,
            )


def _reason(error: OSError) -> tuple[str, str]:
    if error.errno == errno.ENOENT:
        return "this link leads nowhere", "Remove it, or put the file where it leads."
    reason = os.strerror(error.errno) if error.errno else "the system gives no reason"
    return f"this cannot be read: {reason}", "Check what it is, and its permissions."


def _unreadable(path: str, name: str | None, summary: str, detail: str) -> Problem:
    return Problem(
        severity=Severity.ERROR,
        rule=UNREADABLE,
        summary=summary,
        detail=detail,
        name=name,
        path=printable(path) if not is_unicode(path) else path,
    )
