"""The audit trail of the `file:` backend: a file an id, a JSON line a version, only appended to.

A version is written here before it becomes the record, so nothing that was recorded is missing. A
line that was cut off is one whose writing nobody was told about; it is shown as damaged.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from reconciler.errors import StateError
from reconciler.state import atomic
from reconciler.state.around import Around
from reconciler.state.file_names import stem_of

if TYPE_CHECKING:
    from reconciler.state.trail import Version

_SUFFIX = ".jsonl"


class FileTrail:
    """The files in `folder`. Writing raises OSError."""

    def __init__(self, folder: Path, *, shown: str, around: Around) -> None:
        self._folder = folder
        self._shown = shown
        self._around = around

    def add(self, id: str, record: str | None, *, why: str) -> None:
        """Append what is about to be recorded, as its file will have it, or forgotten.

        Durable when this returns.
        """
        from reconciler.state.holder import run_name

        line = {
            "id": id,  # the file's name is a digest where the id is a long one
            "at": self._around.now(),
            "why": why,
            "run": run_name(self._around.environ),
            "record": None if record is None else json.loads(record),
        }
        atomic.make_folder(self._folder)
        atomic.append_line(self._path(id), json.dumps(line, ensure_ascii=False).encode("utf-8"))

    def versions(self) -> Iterator[Version]:
        """Every version of every id; those of one id are oldest first. Raises `StateError`."""
        for path in sorted(self._folder.glob(f"*{_SUFFIX}")):
            found = unquote(path.name.removesuffix(_SUFFIX))
            if self._path(found) == path:
                yield from self._versions(found, path)

    def _versions(self, id: str, path: Path) -> Iterator[Version]:
        try:
            lines = path.read_bytes().split(b"\n")
        except OSError as error:
            raise StateError(
                f"{self._shown}/{path.name}: cannot be read: {error.strerror or error}",
                "Mend its permissions.",
            ) from error
        for line in lines:
            if line:
                yield _version(id, line)

    def _path(self, id: str) -> Path:
        return self._folder / f"{stem_of(id)}{_SUFFIX}"


def _version(id: str, line: bytes) -> Version:
    from reconciler.state import records
    from reconciler.state.trail import DAMAGED, Version

    try:
        body = json.loads(line)
        found = body["record"]
        return Version(
            id=body.get("id", id),  # lines of earlier versions have none
            at=body["at"],
            record=None if found is None else records.decode(json.dumps(found).encode(), where=id),
            why=body["why"],
            run=body["run"],
        )
    except (ValueError, KeyError, TypeError, StateError):
        return Version(id=id, at="", record=None, why=DAMAGED, run=None)
