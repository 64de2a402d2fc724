"""Documents that several requests send: read, checked, encoded and signed once for all of them.

The brands of one company share its licence. Halves the CPU time of an apply of a hundred signatures
with the same two documents of 4 MiB, and costs nothing where each has its own: those are streamed.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING, Generic, TypeVar

from reconciler.gateway.parameters import FileParameter
from reconciler.gateway.stream import base64_chunks

if TYPE_CHECKING:
    from hashlib import _Hash

T = TypeVar("T")
_Key = tuple[str, int]
MOST_BYTES = 16 * 1024 * 1024
"""Of base64 text on a shelf; the largest document that the service takes has 5.6 MB of it."""
_MOST_BEGINNINGS = 64


class Encoded:
    """The base64 text of one document whose bytes had the planned size and sha256."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.chunks = tuple(chunks)
        self._lock = threading.Lock()
        self._signings: dict[bytes, _Hash] = {}

    def signing_behind(self, begun: _Hash) -> _Hash:
        """A signing of its own, of what `begun` has signed and this text behind it.

        Updates with the same documents begin alike, since `SigContent` and what else tells them
        apart sorts behind `File` and `ProxyFile`: only the first of them has to sign the text. An
        application's `Description` sorts before them.
        """
        beginning = begun.digest()
        with self._lock:
            if beginning not in self._signings:
                if len(self._signings) == _MOST_BEGINNINGS:
                    self._signings.clear()
                self._signings[beginning] = _signed(begun, self.chunks)
            return self._signings[beginning].copy()


class Shelf:
    """What was encoded in one run, by the planned sha256 and size; threads may share it.

    Holds at most `most_bytes` of base64 text. Whoever is sending a document keeps it besides, one
    at a time.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._lock = threading.Lock()
        self._places: _Latest[_Place] = _Latest(most_bytes)
        self._streamed: _Latest[FileParameter] = _Latest(most_bytes)

    def take(self, file: FileParameter) -> Encoded | None:
        """The text of a document that comes back so soon that it could still have been here.

        None where it should be streamed: it comes for the first time, or seldom. Raises
        `DocumentChangedError` where it is read, and not what was planned.
        """
        with self._lock:
            place = self._places.get(_key(file))
            if place is None and self._streamed.get(_key(file)) is None:
                self._streamed.put(_key(file), file, file.base64_length)
                return None
            place = place or _Place()
            self._places.put(_key(file), place, file.base64_length)
        return place.filled(file)

    def chunks(self, file: FileParameter) -> Iterable[bytes]:
        """As `base64_chunks`, but reads nothing where the text is here."""
        place = self._places.get(_key(file))
        return base64_chunks(file) if place is None or place.text is None else place.text.chunks


class _Place:
    """Where one document's text stands, once somebody has read it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.text: Encoded | None = None

    def filled(self, file: FileParameter) -> Encoded:
        """The text; no two threads read it, and no other document waits for that."""
        with self._lock:
            self.text = self.text or Encoded(base64_chunks(file))
        return self.text


class _Latest(Generic[T]):
    """What was put here last, as far as its bytes together are no more than there is room for."""

    def __init__(self, room: int) -> None:
        self._room = room
        self._items: dict[_Key, tuple[T, int]] = {}

    def get(self, key: _Key) -> T | None:
        found = self._items.get(key)
        return None if found is None else found[0]

    def put(self, key: _Key, item: T, length: int) -> None:
        self._room += self._items.pop(key, (item, 0))[1] - length
        self._items[key] = (item, length)
        while self._room < 0:
            self._room += self._items.pop(next(iter(self._items)))[1]


def _key(file: FileParameter) -> _Key:
    return file.sha256, file.size  # both are what was planned, and both have to be true


def _signed(begun: _Hash, chunks: Iterable[bytes]) -> _Hash:
    signing = begun.copy()
    for chunk in chunks:
        signing.update(chunk)
    return signing
