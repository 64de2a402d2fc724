"""Values by kind and key, in one SQLite file that several runs share.

A cache is the source of nothing. Whatever is wrong with its file, a value is not found, or is not
kept, and the run goes on as if there were none: nothing here raises. Each value carries a digest of
itself and its key, since a disk may turn over a bit without SQLite noticing.
"""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:  # loaded where a file is opened
    import sqlite3

FILE = "verdicts.sqlite"

_VERSION = 2
"""Of the table and of how its values are written. A file with another one is thrown away."""
_SECONDS = 0.5
"""How long a run waits for another one that is writing."""
_DIGEST = 16
_TABLE = """
    CREATE TABLE IF NOT EXISTS entries (
        kind TEXT NOT NULL, key TEXT NOT NULL, value BLOB NOT NULL, written INTEGER NOT NULL,
        PRIMARY KEY (kind, key)
    ) WITHOUT ROWID
"""
_PRUNE = """
    DELETE FROM entries WHERE kind = ?1 AND key NOT IN (
        SELECT key FROM entries WHERE kind = ?1 ORDER BY written DESC LIMIT ?2
    )
"""
_GITIGNORE = "# What can be found out again is not made for commits.\n*\n"
T = TypeVar("T")


class Cache:
    """Open it in a `with` statement: what was put in is written at its end, all at once."""

    def __init__(self, folder: Path | None) -> None:
        """Nothing is found or kept where `folder` is None, or where a link leads to or from it."""
        self._folder = folder if folder is not None and _is_own(folder / FILE) else None
        self._connection: sqlite3.Connection | None = None
        self._new: dict[tuple[str, str], bytes] = {}
        self._most: dict[str, int] = {}

    @property
    def is_off(self) -> bool:
        """Nothing will be found or kept."""
        return self._folder is None

    @property
    def is_new(self) -> bool:
        """Nothing can be found, since there is no file yet."""
        return self._folder is None or not (self._folder / FILE).exists()

    def __enter__(self) -> Cache:
        """Nothing is opened before something is asked for."""
        return self

    def __exit__(self, *_: object) -> None:
        """Write what is new, unless another run is writing for too long."""
        if self._new:
            self._tolerantly(self._write, None)
        self._close()

    def get(self, kind: str, key: str) -> bytes | None:
        """The value, if there is one and it is whole."""
        sql = "SELECT value FROM entries WHERE kind = ? AND key = ?"
        for (sealed,) in self._select(sql, kind, key):
            return _opened(kind, key, sealed)
        return None

    def all(self, kind: str) -> dict[str, bytes]:
        """All whole values of a kind by key."""
        rows = self._select("SELECT key, value FROM entries WHERE kind = ?", kind)
        values = ((key, _opened(kind, key, sealed)) for key, sealed in rows)
        return {key: value for key, value in values if value is not None}

    def put(self, kind: str, key: str, value: bytes, *, most: int) -> None:
        """Keep a value, and of its kind no more than the `most` that were written last."""
        self._new[kind, key] = value
        self._most[kind] = most

    def discard(self) -> None:
        """Keep nothing of what was put in so far."""
        self._new.clear()

    def _select(self, sql: str, *values: str) -> list[Any]:
        def select(connection: sqlite3.Connection) -> list[Any]:
            return connection.execute(sql, values).fetchall() if _version(connection) else []

        nothing: list[Any] = []
        return nothing if self.is_new else self._tolerantly(select, nothing)

    def _write(self, connection: sqlite3.Connection) -> None:
        now = time.time_ns()
        rows = [(kind, key, _sealed(kind, key, v), now) for (kind, key), v in self._new.items()]
        # Power may fail in the middle: then the file is damaged, which the next run notices.
        connection.execute("PRAGMA journal_mode = MEMORY")
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_TABLE)
        connection.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?)", rows)
        connection.executemany(_PRUNE, self._most.items())
        connection.execute(f"PRAGMA user_version = {_VERSION}")
        connection.execute("COMMIT")

    def _tolerantly(self, work: Callable[[sqlite3.Connection], T], otherwise: T) -> T:
        """What the work gives, or `otherwise` where the file does not let it; then it is left."""
        if self._folder is None:
            return otherwise
        try:
            import sqlite3
        except ImportError:  # Python can be built without it
            self._folder = None
            return otherwise
        try:
            return work(self._connected(self._folder))
        except sqlite3.OperationalError:  # locked, full, not ours to write, or not ours at all
            self._close()
        except sqlite3.DatabaseError:  # damaged
            self._close()
            with suppress(OSError):
                (self._folder / FILE).unlink()
        except OSError:
            self._close()
        self._folder = None
        return otherwise

    def _connected(self, folder: Path) -> sqlite3.Connection:
        import sqlite3

        if self._connection is None:
            _make(folder)
            self._connection = sqlite3.connect(
                folder / FILE, timeout=_SECONDS, isolation_level=None
            )
            self._connection.execute("PRAGMA trusted_schema = OFF")
        return self._connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


NO_CACHE = Cache(None)
"""Finds nothing and keeps nothing."""


def _is_own(file: Path) -> bool:
    """Whether it is, or can become, a file in just this place."""
    try:
        regular = stat.S_ISREG(os.lstat(file).st_mode)
    except FileNotFoundError:
        regular = True  # not asked twice: another run may make it between the two looks
    except OSError:
        regular = False
    return regular and os.path.realpath(file) == str(file)


def _make(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    ignore = folder / ".gitignore"
    if not ignore.exists():
        ignore.write_text(_GITIGNORE, encoding="utf-8")


def _version(connection: sqlite3.Connection) -> bool:
    """Whether the table is there, and the one that this version knows."""
    import sqlite3

    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version not in (0, _VERSION):
        raise sqlite3.DatabaseError("another version's table")
    return bool(version)


def _sealed(kind: str, key: str, value: bytes) -> bytes:
    return _digest(kind, key, value) + value


def _opened(kind: str, key: str, sealed: object) -> bytes | None:
    if not isinstance(sealed, bytes):
        return None
    digest, value = sealed[:_DIGEST], sealed[_DIGEST:]
    return value if digest == _digest(kind, key, value) else None


def _digest(kind: str, key: str, value: bytes) -> bytes:
    digest = hashlib.blake2b(f"{kind}\0{key}\0".encode(), digest_size=_DIGEST)
    digest.update(value)
    return digest.digest()
