"""Puts new files into a repository without harming anything that is there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from reconciler.errors import ReconcilerError
from reconciler.starter.files import NewFile


class Fate(StrEnum):
    """What becomes of a file."""

    NEW = "new"
    SAME = "there already"
    KEPT = "kept: there is another one"
    REPLACED = "replaced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One file, and what becomes of it."""

    file: NewFile
    fate: Fate

    @property
    def is_written(self) -> bool:
        """Whether anything is written."""
        return self.fate in {Fate.NEW, Fate.REPLACED}


def look(root: Path, files: Iterable[NewFile], *, force: bool) -> Iterator[Planned]:
    """What would become of each. Raises `ReconcilerError` where a file cannot be looked at."""
    for file in files:
        yield Planned(file=file, fate=_fate(root, file, force=force))


def write(root: Path, planned: Iterable[Planned]) -> None:
    """Write those that are to be written. Raises `ReconcilerError`."""
    for each in planned:
        if each.is_written:
            _write(root, each)


def _fate(root: Path, file: NewFile, *, force: bool) -> Fate:
    _confine(root, file.path)
    path = root / file.path
    if not os.path.lexists(path):
        return Fate.NEW
    try:
        same = path.read_bytes() == file.text.encode()
    except OSError as error:
        raise _failure(file.path, "read", error) from None
    if same:
        return Fate.SAME
    return Fate.REPLACED if force else Fate.KEPT


def _confine(root: Path, path: str) -> None:
    """A link on the way must not lead out of the repository."""
    top = os.path.realpath(root)
    real = os.path.realpath(root / path)
    if not real.startswith(f"{top.rstrip(os.sep)}{os.sep}"):
        raise ReconcilerError(
            f"{path}: a link leads out of the repository", "Remove it, then run this again."
        )


def _write(root: Path, planned: Planned) -> None:
    path = root / planned.file.path
    # "x" refuses what appeared since we looked; nobody agreed to lose that.
    mode = "wb" if planned.fate is Fate.REPLACED else "xb"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open(mode) as file:
            file.write(planned.file.text.encode())
    except OSError as error:
        raise _failure(planned.file.path, "written", error) from None


def _failure(path: str, done: str, error: OSError) -> ReconcilerError:
    return ReconcilerError(
        f"{path}: cannot be {done}: {error.strerror or error}",
        "Check what is there, and its permissions.",
    )
