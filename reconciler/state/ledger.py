"""Outcomes between the moment they are known and the remote: kept here first, shared in batches."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from reconciler.errors import StateError
from reconciler.git.process import GitError
from reconciler.model import Recorded
from reconciler.state.around import Around
from reconciler.state.branch import Branch
from reconciler.state.entries import Entry
from reconciler.state.holder import run_name
from reconciler.state.journal import Journal, Line
from reconciler.state.message import message
from reconciler.state.trail import RENAMED, is_renaming
from reconciler.state.unshared import touched_by_others, unshared, view

T = TypeVar("T")

_RACES = 10
"""How many others may be quicker than us before we give up for this time."""
_PAUSES = (0.5, 2.0)
"""Seconds between two tries to reach a remote that does not answer."""


@dataclass(slots=True, kw_only=True)
class Ledger:
    """What one run has recorded. `add` may be called from any thread."""

    branch: Branch
    journal: Journal
    around: Around
    _pending: list[Line] = field(default_factory=list)
    _own: dict[str, str | None] = field(default_factory=dict)
    """What we wrote last, by path: the names of the bytes."""
    _mutex: threading.Lock = field(default_factory=threading.Lock)
    _sharing: threading.RLock = field(default_factory=threading.RLock)

    def open(self) -> None:
        """Take up what an earlier run could not share. Raises `StateError`."""
        self._pending = list(self.journal.open())

    @property
    def waiting(self) -> int:
        """How many outcomes are on this machine alone."""
        with self._mutex:
            return len(self._pending)

    def add(self, entry: Entry) -> None:
        """Keep an entry, durably; what it replaces is found out here. Raises `StateError`."""
        path = entry.path
        with self._mutex:
            base = self._own.get(path, self.branch.files.get(path))
            if entry.text is None and base is None:
                return  # there is nothing to forget
            self._pending.append(self.journal.append(replace(entry, base=base)))
            self._own[path] = self.branch.name(entry.text)

    def share(self) -> None:
        """Bring everything to the remote.

        Raises `StateError` when that cannot be done now: then it waits here, for another try.
        """
        with self._sharing:
            with self._mutex:
                lines = tuple(self._pending)
            if lines:
                self._share(lines)
                self._settle(lines)

    def view(self, *, intents: bool = False) -> dict[str, Recorded]:
        """All records (or intents) by id, as they will stand once everything is shared.

        Raises `StateError`.
        """
        with self._sharing, self._mutex:
            return view(self.branch, self._pending, intents=intents)

    def _share(self, lines: Sequence[Line]) -> None:
        for _ in range(_RACES):
            entries = self._to_write(lines)
            if not entries or self._advance(entries):
                return
            self._reach(self.branch.look)
        raise StateError(f"{self.branch.shown}: others were quicker {_RACES} times in a row")

    def _advance(self, entries: Sequence[Entry]) -> bool:
        files = {e.path: None if e.text is None else e.text.encode() for e in entries}
        text = message(self._in_words(entries), run=run_name(self.around.environ))
        at = int(self.around.clock().timestamp())
        return self._reach(lambda: self.branch.advance(files, text, at))

    def _in_words(self, entries: Sequence[Entry]) -> list[Entry]:
        """The entries as the history should tell them, now that it is known what they replace."""
        before = self.branch.peek([entry.path for entry in entries])
        return [_in_words(entry, before.get(entry.id)) for entry in entries]

    def _reach(self, do: Callable[[], T]) -> T:
        """Try again for a while where the remote does not answer."""
        for pause in _PAUSES:
            try:
                return do()
            except GitError:
                self.around.patience.pause(pause)
        try:
            return do()
        except GitError as error:
            raise StateError(f"{self.branch.shown}: {error.summary}", error.advice) from error

    def _to_write(self, lines: Sequence[Line]) -> list[Entry]:
        """The last entry of each id, unless it stands there already or somebody has a newer one."""
        touched = touched_by_others(lines, self.branch)
        found = []
        for entry, ours in unshared(lines, self.branch, self.branch.read(touched)):
            if ours:
                found.append(entry)
            else:
                self.around.warn(
                    f"{entry.name} ({entry.id}): `{entry.why}` of {entry.at} was not shared, since "
                    f"{self.branch.shown} has a newer record of it"
                )
        return found

    def _settle(self, lines: Sequence[Line]) -> None:
        with self._mutex:
            self._pending = self._pending[len(lines) :]
            self.journal.settle(lines, left=bool(self._pending))


def _in_words(entry: Entry, before: Recorded | None) -> Entry:
    if entry.record is None:
        return entry if before is None else replace(entry, name=before.name)
    return replace(entry, why=RENAMED) if is_renaming(before, entry.record) else entry
