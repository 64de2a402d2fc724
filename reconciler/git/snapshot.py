"""The files of a commit, as far as they lie below one directory, without checking them out."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from reconciler.git.environment import scrubbed
from reconciler.git.listing import Listing
from reconciler.git.objects import parse_batch
from reconciler.git.process import run

_LINK = "120000"
_FILE = "100644", "100755"
_MOST_LINKS = 40
"""As many as Linux follows: they may lead in circles."""
_BATCH = 32 * 1024 * 1024
"""Bytes of documents held at once."""


class Snapshot:
    """What `root` held in `commit`; every method raises `GitError`.

    Paths are relative to `root`, with forward slashes.
    """

    def __init__(self, root: Path, commit: str) -> None:
        self._root = root
        self._listing = Listing(lambda *rest: self._ask("ls-tree", *rest), commit)
        self._links: dict[str, str] = {}

    def resolve(self, paths: Iterable[str]) -> dict[str, str | None]:
        """The regular file that each path leads to, links followed; None where it leads nowhere."""
        sought = sorted(paths)
        self._listing.look_at(step for path in sought for step in _steps(path))
        return {path: self._resolve(path) for path in sought}

    def _resolve(self, path: str) -> str | None:
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
        found = ((path, self._listing.entry(path)) for path in paths)
        names = {path: entry.name for path, entry in found if entry is not None}
        sizes = self._sizes(sorted(set(names.values())))
        small = [path for path in names if sizes[names[path]] <= largest]
        for batch in _batches(small, {path: sizes[names[path]] for path in small}):
            output = self._cat("--batch", [names[path] for path in batch])
            yield from zip(batch, parse_batch(output, [names[path] for path in batch]), strict=True)

    def _file(self, path: str) -> str | None:
        entry = self._listing.entry(path)
        return path if entry is not None and entry.mode in _FILE else None

    def _link(self, path: str) -> str | None:
        """Where a link leads; None where there is none."""
        entry = self._listing.entry(path)
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
        environment = {**scrubbed(os.environ), "GIT_LITERAL_PATHSPECS": "1"}
        return run([command, *rest], cwd=self._root, environment=environment, stdin=stdin).output()


def _steps(path: str) -> Iterator[str]:
    """What is looked at on the way, where no link is met."""
    way: list[str] = []
    for step in path.split("/"):
        if step == "..":
            del way[-1:]
        elif step not in {"", "."}:
            way.append(step)
            yield "/".join(way)


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
