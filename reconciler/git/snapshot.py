"""The files of a commit, as far as they lie below one directory, without checking them out."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.git.environment import scrubbed
from reconciler.git.objects import parse_batch
from reconciler.git.process import run

_LINK = "120000"
_FILE = "100644", "100755"
_MOST_LINKS = 40
"""As many as Linux follows."""
_BATCH = 32 * 1024 * 1024
"""Bytes of documents held at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One file or link of a commit."""

    mode: str
    name: str
    """The name of its bytes."""


class Snapshot:
    """What `root` held in `commit`; every method raises `GitError`.

    Paths are relative to `root`, with forward slashes.
    """

    def __init__(self, root: Path, commit: str) -> None:
        self._root = root
        self._entries = _entries(self._ask("ls-tree", "-r", "-z", commit))

    def resolve(self, path: str) -> str | None:
        """The regular file that `path` leads to, links followed; None where it leads nowhere."""
        path = posixpath.normpath(path)
        for _ in range(_MOST_LINKS):
            link = self._link_on(path)
            if link is None:
                entry = self._entries.get(path)
                return path if entry is not None and entry.mode in _FILE else None
            path = self._followed(path, link)
        return None

    def read(self, paths: Iterable[str], *, largest: int) -> Iterator[tuple[str, bytes]]:
        """The bytes of regular files, in any order; those over `largest` bytes are left out."""
        names = {path: self._entries[path].name for path in paths}
        sizes = self._sizes(sorted(set(names.values())))
        small = [path for path in names if sizes[names[path]] <= largest]
        for batch in _batches(small, {path: sizes[names[path]] for path in small}):
            output = self._cat("--batch", [names[path] for path in batch])
            yield from zip(batch, parse_batch(output, [names[path] for path in batch]), strict=True)

    def _link_on(self, path: str) -> str | None:
        """The first link on the way to `path`, `path` included."""
        parts = path.split("/")
        ways = ("/".join(parts[: end + 1]) for end in range(len(parts)))
        return next((way for way in ways if self._is_link(way)), None)

    def _is_link(self, path: str) -> bool:
        entry = self._entries.get(path)
        return entry is not None and entry.mode == _LINK

    def _followed(self, path: str, link: str) -> str:
        name = self._entries[link].name
        (target,) = parse_batch(self._cat("--batch", [name]), [name])
        below = path.removeprefix(link).lstrip("/")
        return posixpath.normpath(
            posixpath.join(posixpath.dirname(link), os.fsdecode(target), below)
        )

    def _sizes(self, names: list[str]) -> Mapping[str, int]:
        lines = self._cat("--batch-check", names).decode().splitlines() if names else []
        return {name: int(line.split(" ")[2]) for name, line in zip(names, lines, strict=True)}

    def _cat(self, mode: str, names: list[str]) -> bytes:
        return self._ask("cat-file", mode, stdin="\n".join([*names, ""]).encode())

    def _ask(self, command: str, *rest: str, stdin: bytes = b"") -> bytes:
        environment = scrubbed(os.environ)
        return run([command, *rest], cwd=self._root, environment=environment, stdin=stdin).output()


def _entries(listing: bytes) -> dict[str, Entry]:
    """From `git ls-tree -r -z`: MODE TYPE NAME, a tab, and the path."""
    entries: dict[str, Entry] = {}
    for line in listing.split(b"\0"):
        if line:
            about, _, path = line.partition(b"\t")
            mode, _, name = about.decode().split(" ")
            entries[os.fsdecode(path)] = Entry(mode=mode, name=name)
    return entries


def _batches(paths: Iterable[str], sizes: Mapping[str, int]) -> Iterator[list[str]]:
    """Groups that fit into memory together; a larger file is a group of its own."""
    batch: list[str] = []
    held = 0
    for path in paths:
        if batch and held + sizes[path] > _BATCH:
            yield batch
            batch, held = [], 0
        batch.append(path)
        held += sizes[path]
    if batch:
        yield batch
