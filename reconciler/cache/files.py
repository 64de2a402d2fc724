"""What a file's content was found to be, for as long as the file's status stays the same.

The same size, times and inode do not prove the same bytes: a file that is written twice within one
tick of the file system's clock shows the same status for both. So a status counts only if it was
old already when the bytes were read, as git's index does it.
"""

from __future__ import annotations

import hashlib
import json
import marshal
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

from reconciler.cache.program import program
from reconciler.cache.store import Cache
from reconciler.meanwhile import Meanwhile, is_possible

_TICK = 2_000_000_000
"""Nanoseconds: FAT counts in steps of two seconds, and nothing in longer ones."""
_MOST = 100_000
_BY_TWO = 4000
"""Files from which on another process saves more time than it takes."""
_KIND = "file"

Identity = tuple[int, int, int, int]
"""Size, both times (content and status, in nanoseconds) and inode."""


def identity(status: os.stat_result) -> Identity:
    """By what a file is known again on the same machine."""
    return (status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def is_settled(changed: int, now: int) -> bool:
    """Whether a file that was changed last at one time will show it when it is written after `now`.

    Both in nanoseconds since the epoch.
    """
    return changed + _TICK < now


class Statuses:
    """By what many files are known again together.

    Make it before the first is looked at: what is changed later is too new to be believed.
    """

    def __init__(self) -> None:
        self._now = time.time_ns()
        self._parts: list[str] = []
        self._unsettled: set[int] = set()

    def add(self, path: str, about: os.stat_result) -> None:
        """One more file."""
        written, changed = about.st_mtime_ns, about.st_ctime_ns
        newest = max(written, changed)
        if not is_settled(newest, self._now):
            self._unsettled.add(len(self._parts))
        self._parts.append(f"{path}\0{about.st_size} {written} {changed} {about.st_ino}")

    def anew(self) -> Statuses:
        """Nothing yet, made at the same time as this one: for another process."""
        other = Statuses()
        other._now = self._now
        return other

    def told(self) -> tuple[list[str], list[int]]:
        """What `join` takes."""
        return self._parts, sorted(self._unsettled)

    def join(self, parts: Sequence[str], unsettled: Iterable[int]) -> None:
        """Files that were looked at with another one made at the same time, see `anew`."""
        before = len(self._parts)
        self._unsettled.update(before + number for number in unsettled)
        self._parts += parts

    @property
    def each(self) -> Sequence[str]:
        """What was seen of each file, its path included, in the order in which they came."""
        return self._parts

    def settled(self) -> Iterator[tuple[int, str]]:
        """The same of those that can be known by it, with their numbers."""
        for number, part in enumerate(self._parts):
            if number not in self._unsettled:
                yield number, part

    def digest(self) -> str:
        """Empty where one of them is too new to be known by its status."""
        if self._unsettled:
            return ""
        # A file's name need not be UTF-8.
        text = "\n".join(self._parts).encode(errors="surrogatepass")
        return hashlib.sha256(text).hexdigest()


def statuses(folder: str, paths: Sequence[str]) -> Statuses | None:
    """Of these files (paths below `folder`); None where one cannot be looked at.

    Of many, a copy of this process looks at the second half: a tenth off a warm validate of 10,000,
    and a seventh off a warm plan, which looks at as many records too.
    """
    found = Statuses()
    if len(paths) < _BY_TWO or not is_possible():
        return found if _looked(folder, paths, found) else None
    half = len(paths) // 2
    with Meanwhile(lambda send: send(_told(folder, paths[half:], found.anew()))) as copy:
        is_whole = _looked(folder, paths[:half], found)
        told = copy.result() if is_whole else None
    if told:
        found.join(*marshal.loads(told))  # noqa: S302 - from our own copy
    elif not is_whole or not _looked(folder, paths[half:], found):
        return None
    return found


def _looked(folder: str, paths: Iterable[str], found: Statuses) -> bool:
    """Whether all could be looked at; they are in `found` then."""
    try:
        for path in paths:
            found.add(path, os.stat(f"{folder}/{path}"))  # noqa: PTH116 - pathlib is slow, 10,000 times
    except OSError:
        return False
    return True


def _told(folder: str, paths: Iterable[str], found: Statuses) -> bytes:
    """The same for another process; nothing where one could not be looked at."""
    return marshal.dumps(found.told()) if _looked(folder, paths, found) else b""


def status_digest(folder: str, paths: Sequence[str]) -> str:
    """The digest of these files (paths below `folder`); empty where one cannot be looked at."""
    found = statuses(folder, paths)
    return "" if found is None else found.digest()


class KnownFiles:
    """What this program found out about files, by their path below the root."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache
        self._now = time.time_ns()
        self._listen: Callable[[], bytes] | None = None
        self._unfinished = b""

    @cached_property
    def _rows(self) -> dict[str, bytes]:
        return self._cache.all(_KIND)

    @property
    def is_empty(self) -> bool:
        """Nothing is known of any file."""
        return not self._rows

    def recall(self, path: str, status: os.stat_result) -> object:
        """What was kept (plain JSON data), or None where the file may have changed since."""
        if self._listen is not None:
            self._hear(self._listen())
        row = self._rows.get(path)
        if row is None:
            return None
        *seen, version, value = json.loads(row)
        return value if (*seen, version) == (*identity(status), program()) else None

    def keep(self, path: str, status: os.stat_result, value: object) -> None:
        """`status` is the open file's, from before it was read."""
        if is_settled(max(status.st_mtime_ns, status.st_ctime_ns), self._now):
            row = json.dumps([*identity(status), program(), value])
            self._cache.put(_KIND, path, row.encode(), most=_MOST)

    def listen(self, news: Callable[[], bytes] | None) -> None:
        """From now on, learn what another process finds out with a `Telling` cache."""
        self._listen = news

    def _hear(self, news: bytes) -> None:
        *lines, self._unfinished = (self._unfinished + news).split(b"\n")
        for line in lines:
            path, row = json.loads(line)
            self._rows[path] = row.encode()
            self._cache.put(_KIND, path, row.encode(), most=_MOST)


class Telling(Cache):
    """Knows nothing, and sends what is put in to whoever listens, a line of bytes at a time."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        super().__init__(None)
        self._send = send

    def put(self, kind: str, key: str, value: bytes, *, most: int) -> None:  # noqa: ARG002 - the base's own
        """Send it."""
        self._send(json.dumps([key, value.decode()]).encode() + b"\n")
