"""A repository that is judged with a cache and without, whose files age at once."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

from reconciler import anew, recall
from reconciler.cache.store import FILE
from reconciler.cli.caching import FOLDER, open_cache
from reconciler.cli.workspace import Workspace, judged, open_workspace
from reconciler.inspection.folders import DocumentFiles, Listing
from reconciler.repository import Repository
from reconciler.two_processes import Besides
from tests.integration.world import PNG
from tests.tools.odd_documents import document

SCAN = document("a png of 960 x 640 pixels")
SMALL = document("a png of 120 x 80 pixels")
LONG = 60_000_000_000
"""Nanoseconds after which a file's status is believed."""
NAMES = ("a", "b", "deep/c", "deep/d", "deep/e", "f")


@dataclass(slots=True)
class World:
    """A repository whose files age at once."""

    root: Path
    clock: int = 0

    def write(self, path: str, data: bytes) -> None:
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)

    def manifest(self, name: str, content: str, document: str = "one.png") -> None:
        up = "../" * (name.count("/") + 1)
        self.write(
            f"signatures/{name}.yaml",
            f"id: SIG{NAMES.index(name)}\ncontent: {content}\ntype: company\npurpose: self-use\n"
            f"certificate:\n  file: {up}documents/{document}\n".encode(),
        )

    def workspace(self) -> Workspace:
        return open_workspace(self.root)

    def judge(self, *, cached: bool, besides: Besides | None = None) -> tuple[Any, ...]:
        """All that a command can see of the verdict."""
        self.clock += LONG
        now = time.time_ns() + self.clock
        with mock.patch("time.time_ns", return_value=now):
            workspace = self.workspace()
            with open_cache(workspace.root, wanted=cached) as cache:
                return seen(judged(workspace, cache, besides=besides))

    def file(self) -> Path:
        return self.root / FOLDER / FILE


def seen(found: Repository) -> tuple[Any, ...]:
    """What a command sees of a repository, as values that can be compared."""
    return (
        tuple(found.desired),
        [(each.name, each.path, each.data, each.raw) for each in found.manifests],
        found.problems,
        found.has_folder,
        found.count,
        dict(found.names),
        found.notes,
    )


@contextmanager
def world() -> Iterator[World]:
    """Two manifests and two documents; the smallest repository has a cache here."""
    with (
        tempfile.TemporaryDirectory() as name,
        mock.patch.object(recall, "_MANY_MANIFESTS", 0),
        mock.patch.object(anew, "_SHARE", 0),
    ):
        made = World(root=Path(name).resolve())
        made.write("documents/one.png", PNG)
        made.write("documents/two.png", PNG + b"\n")
        made.manifest("a", "甲乙丙丁")
        made.manifest("deep/c", "子丑寅卯", "two.png")
        yield made


def clone(world: World) -> None:
    """The files as after a checkout: other inodes and times; the cache came along."""
    copy = world.root.with_name(world.root.name + "-copy")
    shutil.copytree(world.root, copy, symlinks=True, copy_function=shutil.copyfile)
    shutil.rmtree(world.root)
    copy.rename(world.root)


def judge_while_a_file_comes_and_goes(made: World, besides: Besides | None = None) -> None:
    """A document is there once the folders have been listed, and gone after the run."""
    listed = DocumentFiles.beside

    def beside(self: DocumentFiles, used: Iterable[str]) -> Listing:
        found = listed(self, used)
        made.write("documents/late.png", SCAN)
        return found

    with mock.patch.object(DocumentFiles, "beside", beside):
        made.judge(cached=True, besides=besides)
    (made.root / "documents" / "late.png").unlink()
