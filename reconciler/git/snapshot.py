"""The files of a commit, as far as they lie below one directory, without checking them out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.git.environment import scrubbed
from reconciler.git.objects import parse_batch
from reconciler.git.process import run

_LINK = "120000"
_FILE = "100644", "100755"
_MOST_LINKS = 40
"""As many as Linux follows: they may lead in circles."""
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
        self._links: dict[str, str] = {}

    def resolve(self, path: str) -> str | None:
        """The regular file that `path` leads to, links followed; None where it leads nowhere."""
        way: list[str] = []
        ahead = path.split("/")
        followed = 0
        while ahead and followed <= _MOST_LINKS:
            step, *ahead = ahead
            if step == "..":
                if not way:
                    return None  # it leads out of the repository
                way.pop()
            elif step not in {"", "."}:
                link = self._link("/".join([*way, step]))
                if link is None:
                    way.append(step)
                else:
                    ahead = [*link.split("/"), *ahead]
                    followed += 1
        return None if ahead else self._file("/".join(way))

    def read(self, paths: Iterable[str], *, largest: int) -> Iterator[tuple[str, bytes]]:
        """The bytes of regular files, in any order; those over `largest` bytes are left out."""
        names = {path: self._entries[path].name for path in paths}
        sizes = self._sizes(sorted(set(names.values())))
        small = [path for path in names if sizes[names[path]] <= largest]
        for batch in _batches(small, {path: sizes[names[path]] for path in small}):
            output = self._cat("--batch", [names[path] for path in batch])
            yield from zip(batch, parse_batch(output, [names[path] for path in batch]), strict=True)

    def _file(self, path: str) -> str | None:
        entry = self._entries.get(path)
        return path if entry is not None and entry.mode in _FILE else None

    def _link(self, path: str) -> str | None:
        """Where a link leads; None where there is none."""
        entry = self._entries.get(path)
        if entry is None or entry.mode != _LINK:
            return None
        if path not in self._links:
            (target,) = parse_batch(self._cat("--batch", [entry.name]), [entry.name])
            # One that is absolute leads out of the repository, as this does.
            self._links[path] = "../" * len(path) if target[:1] == b"/" else os.fsdecode(target)
        return self._links[path]

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
