"""The `file:` backend: a directory with one JSON file a signature id."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from reconciler.cache.files import Statuses, status_digest
from reconciler.errors import KeptError, ReconcilerError, RefusedError, StateError
from reconciler.regular import read_regular
from reconciler.state import atomic
from reconciler.state.around import Around
from reconciler.state.file_names import stem_of
from reconciler.state.known import KnownRecords

if TYPE_CHECKING:  # what only those need who write: a twentieth of a small plan's time
    from reconciler.model import Recorded
    from reconciler.state.file_trail import FileTrail
    from reconciler.state.lock import Lock
    from reconciler.state.trail import Version

_SUFFIX = ".json"
_MAX_BYTES = 1024 * 1024
"""A longer record is no record of ours, and reads as a damaged one."""
_INTENTS = "intents"
_GITIGNORE = "# The record of what was submitted is not made for commits.\n*\n"


class FileState:
    """Records under `directory`; `shown` is how messages call it.

    `trail` is where every version is kept too; without one, there is no history.
    """

    def __init__(
        self,
        directory: Path,
        *,
        shown: str,
        around: Around | None = None,
        trail: FileTrail | None = None,
    ) -> None:
        self._directory = directory
        self.shown = shown
        self._around = around or Around()
        self._trail = trail
        self._held: Lock | None = None
        self._listed: tuple[Sequence[str], str] | None = None
        self._ahead: Mapping[str, Recorded] | None = None
        self.loaded = ""
        """The `proof` of what `load` gave last."""

    def load(self) -> Mapping[str, Recorded]:
        """All records by id. Raises `StateError` naming every damaged file."""
        if self._ahead is not None:
            ahead, self._ahead = self._ahead, None
            return ahead
        known = self._around.known
        (names, proof), self._listed = (
            self._listed or self._listing(is_known=not known.is_new),
            None,
        )
        found = known.recall(proof)
        if found is None:
            seen = None if known.is_off else Statuses()
            found = self._read_all(names, seen)
            proof = "" if seen is None else seen.digest()  # a file that vanished is no part of it
            known.keep(proof, found)
        self.loaded = proof
        return found

    def proof(self) -> str:
        """By what the records can be known again without reading them; empty for by nothing.

        A `load` that follows does not list the files again. Raises `StateError`.
        """
        if self._ahead is not None:
            return self.loaded
        self._listed = self._listing()
        return self._listed[1]

    def read_ahead(self) -> None:
        """Read now what the next `proof` and `load` will give; where that fails, they will say."""
        with suppress(StateError):
            self._ahead = self.load()

    def _listing(self, *, is_known: bool = True) -> tuple[Sequence[str], str]:
        """The names of the files, and their `proof`, unless nothing `is_known` by any."""
        names = self._names()
        # Where they are read, their status is taken as they are opened: to look at them before
        # takes 25 ms more of 10,000.
        is_wanted = is_known and not self._around.known.is_off
        return names, status_digest(str(self._directory), names) if is_wanted else ""

    def _read_all(self, names: Iterable[str], seen: Statuses | None) -> dict[str, Recorded]:
        found: dict[str, Recorded] = {}
        damaged: list[ReconcilerError] = []
        for name in names:
            try:
                record = self._read(name, seen)
            except StateError as error:
                damaged.append(error)
            else:
                if record is not None:
                    found[record.id] = record
        if damaged:
            raise StateError("\n".join(error.summary for error in damaged), damaged[0].advice)
        return found

    def put(self, record: Recorded, *, why: str = "") -> None:
        """Record one; when this returns, it survives a power failure.

        Raises `KeptError` where it is recorded, but somebody has freed our lock.
        """
        from reconciler.state import records
        from reconciler.state.entries import happened
        from reconciler.state.holder import run_name

        path = self._path(record.id)
        text = records.encode(record, run=run_name(self._around.environ))
        try:
            atomic.make_folder(self._directory)
            if self._trail is not None:
                self._trail.add(record.id, text, why=why or happened(record))
            atomic.write(path, text.encode("utf-8"))
        except OSError as error:
            raise self._unwritable(f"{self.shown}/{path.name}", error) from error
        self._check_lock()

    def remove(self, id: str, *, why: str = "forgotten") -> None:
        """Forget one, durably, even one that is damaged."""
        path = self._path(id)
        try:
            if os.path.lexists(path):
                if self._trail is not None:
                    self._trail.add(id, None, why=why)
                atomic.remove(path)
        except OSError as error:
            raise self._unwritable(f"{self.shown}/{path.name}", error) from error
        self._check_lock()

    def ids(self) -> list[str]:
        """The ids of all records, the damaged ones among them. Raises `StateError`."""
        found = (unquote(name.removesuffix(_SUFFIX)) for name in self._names())
        return [each for each in found if os.path.lexists(self._path(each))]

    def intents(self) -> Mapping[str, Recorded]:
        """Applications without a known end, by stand-in. Raises `StateError`."""
        return self._begun().load()

    def begin(self, intent: Recorded) -> None:
        """Note an application; when this returns, it survives a power failure.

        Raises `KeptError` where somebody has freed our lock: then nothing should be sent.
        """
        self._begun().put(intent)
        self._check_lock()

    def end(self, id: str) -> None:
        """Drop the intent with this stand-in, durably."""
        self._begun().remove(id)

    def versions(self) -> Iterator[Version]:
        """Every version of every record, for the audit trail. Raises `StateError`."""
        return iter(()) if self._trail is None else self._trail.versions()

    def unlock(self, id: str) -> None:
        """Free the lock of this id, whoever holds it. Raises `RefusedError` when there is none."""
        from reconciler.state import lock

        try:
            freed = lock.free(self._directory / ".lock", id)
        except OSError as error:
            raise self._unwritable(self.shown, error) from error
        if not freed:
            raise RefusedError(f"the state {self.shown} is not locked")

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the directory for writing.

        Raises `RefusedError` when another process does, `InterruptError`, `StateError`.
        """
        from reconciler.state import lock

        with ExitStack() as stack:
            try:
                atomic.make_folder(self._directory)
                path = self._directory / ".lock"
                held = lock.hold(path, shown=self.shown, around=self._around)
                self._held = stack.enter_context(held)
                self._clean()
            except OSError as error:
                raise self._unwritable(self.shown, error) from error
            try:
                yield
            finally:
                self._held = None

    def _check_lock(self) -> None:
        """Said after what was done is recorded: nothing more should be done."""
        if self._held is not None and self._held.is_lost:
            raise KeptError(
                f"the lock on {self.shown} was taken away by `reconciler state unlock`",
                "What was done is recorded. Look who else applies, then run apply again.",
            )

    def _begun(self) -> FileState:
        """Intents lie in a folder of their own, where nobody takes them for records."""
        folder, shown = self._directory / _INTENTS, f"{self.shown}/{_INTENTS}"
        around = replace(self._around, known=KnownRecords())  # they are few
        return FileState(folder, shown=shown, around=around)

    def _names(self) -> list[str]:
        try:
            names = os.listdir(self._directory)  # noqa: PTH208 - ten times faster on 10,000 files
        except FileNotFoundError:
            return []
        except OSError as error:
            raise self._unreadable(self.shown, error) from error
        return sorted(n for n in names if n.endswith(_SUFFIX) and not n.startswith("."))

    def _read(self, name: str, seen: Statuses | None) -> Recorded | None:
        """One record; None when it was forgotten by another process after we saw its name.

        The status that its file had when it was opened joins `seen`.
        """
        from reconciler.state import records

        where, path = f"{self.shown}/{name}", f"{self._directory}/{name}"
        try:
            add = None if seen is None else partial(seen.add, name)
            data = read_regular(path, limit=_MAX_BYTES, seen=add)
        except OSError as error:
            if isinstance(error, FileNotFoundError) and not os.path.lexists(path):
                return None
            raise self._unreadable(where, error) from error
        record = records.decode(data, where=where)
        if _file_name(record.id) != name:
            raise StateError(f"{where}: the record is damaged: it belongs to the id {record.id}")
        return record

    def _path(self, id: str) -> Path:
        return self._directory / _file_name(id)

    def _clean(self) -> None:
        """Sweep up what a killed process left half-written; the lock says nobody writes now."""
        for folder in (self._directory, self._directory / _INTENTS):
            atomic.sweep(folder)
        ignore = self._directory / ".gitignore"
        if not ignore.exists():
            atomic.write(ignore, _GITIGNORE.encode())

    def _unwritable(self, where: str, error: OSError) -> StateError:
        return StateError(
            f"{where}: cannot be written: {error.strerror or error}",
            "Free some space or mend the permissions, then run apply again.",
        )

    def _unreadable(self, where: str, error: OSError) -> StateError:
        return StateError(
            f"{where}: cannot be read: {error.strerror or error}", "Mend its permissions."
        )


def _file_name(id: str) -> str:
    return f"{stem_of(id)}{_SUFFIX}"
