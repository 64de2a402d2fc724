"""Outcomes that are not at the remote yet, in a file of this machine: one JSON line each.

A line counts once it is whole and synced, so whatever `append` has returned for survives this
process and a power failure. A last line that was cut off is one that nobody was told about.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.errors import StateError
from reconciler.state import atomic, records
from reconciler.state.entries import Entry

_FIELDS = ("id", "name", "text", "base", "at", "why", "is_intent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry and its number, which only grows."""

    number: int
    entry: Entry


class Journal:
    """The file at `path`; `shown` is how messages call it.

    Only the process that holds the state's lock may write. Every method raises `StateError`.
    """

    def __init__(self, path: Path, *, shown: str) -> None:
        self.shown = shown
        self._path = path
        self._descriptor: int | None = None
        self._last = 0

    def pending(self) -> tuple[Line, ...]:
        """What has not been settled yet, oldest first."""
        lines, settled = self._read()
        return tuple(line for line in lines if line.number > settled)

    def open(self) -> tuple[Line, ...]:
        """Make it ready for writing, without what was settled; what has not been settled yet."""
        pending = self.pending()
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            atomic.write(self._path, "".join(map(_encode, pending)).encode("utf-8"))
            self._descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        except OSError as error:
            raise self._unwritable(error) from error
        self._last = max((line.number for line in pending), default=0)
        return pending

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def append(self, entry: Entry) -> Line:
        """Keep an entry; when this returns, it survives a power failure."""
        line = Line(number=self._last + 1, entry=entry)
        self._write(_encode(line))
        self._last = line.number
        return line

    def settle(self, lines: Sequence[Line], *, left: bool) -> None:
        """These are at the remote now; `left` says whether others wait still.

        A failure is none: an entry that comes back finds itself recorded already.
        """
        with suppress(OSError, StateError):
            if left:
                self._write(json.dumps({"settled": lines[-1].number}) + "\n")
            else:
                os.ftruncate(self._writable(), 0)

    def _write(self, text: str) -> None:
        descriptor = self._writable()
        size = os.fstat(descriptor).st_size
        try:
            atomic.append(descriptor, text.encode("utf-8"))
        except OSError as error:
            if os.fstat(descriptor).st_size != size:
                self.close()  # half a line is left, which would spoil the next one
            raise self._unwritable(error) from error

    def _writable(self) -> int:
        if self._descriptor is None:
            raise StateError(f"{self.shown}: cannot be written any more", "Run apply again.")
        return self._descriptor

    def _read(self) -> tuple[list[Line], int]:
        found: list[Line] = []
        settled = 0
        for number, text in enumerate(self._texts(), start=1):
            body = self._parse(text, number)
            if "settled" in body:
                settled = body["settled"]
            else:
                found.append(self._line(body, number))
        return found, settled

    def _texts(self) -> Iterator[str]:
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            raise StateError(
                f"{self.shown}: cannot be read: {error.strerror or error}", "Mend its permissions."
            ) from error
        *whole, _cut_off = data.split(b"\n")
        for line in whole:
            yield line.decode("utf-8", errors="replace")

    def _parse(self, text: str, number: int) -> dict[str, Any]:
        try:
            body = json.loads(text)
        except ValueError:
            raise self._damaged(number) from None
        if not isinstance(body, dict):
            raise self._damaged(number)
        return body

    def _line(self, body: dict[str, Any], number: int) -> Line:
        try:
            fields = {name: body[name] for name in _FIELDS}
            text = fields["text"]
            where = f"{self.shown}:{number}"
            data = None if text is None else text.encode("utf-8", errors="surrogatepass")
            record = None if data is None else records.decode(data, where=where)
            return Line(number=body["number"], entry=Entry(record=record, **fields))
        except (AttributeError, KeyError, TypeError):
            raise self._damaged(number) from None

    def _damaged(self, number: int) -> StateError:
        return StateError(
            f"{self.shown}:{number}: the line is damaged",
            "It holds an outcome that was not shared yet. Mend it, or move the file away and run "
            "plan: what the service shows will be adopted.",
        )

    def _unwritable(self, error: OSError) -> StateError:
        return StateError(
            f"{self.shown}: cannot be written: {error.strerror or error}",
            "Free some space or mend the permissions, then run apply again.",
        )


def _encode(line: Line) -> str:
    entry = line.entry
    body = {name: getattr(entry, name) for name in _FIELDS}
    return json.dumps({"number": line.number, **body}, ensure_ascii=False) + "\n"


def by_path(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """The lines about each place in the tree, oldest first."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        found.setdefault(line.entry.path, []).append(line)
    return found
