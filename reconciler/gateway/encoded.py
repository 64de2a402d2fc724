"""Documents that several requests send: read, checked, encoded and signed once for all of them.

The brands of one company share its licence. Halves the CPU time of an apply of a hundred signatures
with the same two documents of 4 MiB; where each has its own, it neither costs nor gains.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import TYPE_CHECKING

from reconciler.gateway.parameters import FileParameter
from reconciler.gateway.stream import base64_chunks

if TYPE_CHECKING:
    from hashlib import _Hash

MOST_BYTES = 16 * 1024 * 1024
"""Of base64 text on a shelf; the largest document that the service takes has 5.6 MB of it."""
_MOST_BEGINNINGS = 64


class Encoded:
    """The base64 text of one document whose bytes had the planned size and sha256."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.chunks = tuple(chunks)
        self.length = sum(map(len, self.chunks))
        """Bytes of base64 text."""
        self._lock = threading.Lock()
        self._signings: dict[bytes, _Hash] = {}

    def signing_behind(self, begun: _Hash) -> _Hash:
        """A signing of its own, of what `begun` has signed and this text behind it.

        Requests with the same documents begin alike, since `SigContent` and whatever else tells
        them apart sorts behind these: only the first of them has to sign the text.
        """
        beginning = begun.digest()
        with self._lock:
            if beginning not in self._signings:
                if len(self._signings) == _MOST_BEGINNINGS:
                    self._signings.clear()
                self._signings[beginning] = _signed(begun, self.chunks)
            return self._signings[beginning].copy()


class Shelf:
    """What was encoded in one run, by the sha256 of the planned document; threads may share it.

    Holds at most `most_bytes`. Whoever is sending a document keeps it besides, one at a time.
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most_bytes = most_bytes
        self._lock = threading.Lock()
        self._seen: set[str] = set()
        self._kept: dict[str, Encoded] = {}

    def take(self, file: FileParameter) -> Encoded | None:
        """The text of a document that is sent for the second time, or a later one.

        None where it should be streamed: nobody knows yet whether it is sent again, or there is no
        room for two like it, which a request may have. Raises `DocumentChangedError` where it is
        not what was planned.
        """
        with self._lock:  # held while reading, so that no two threads encode the same document
            if file.sha256 not in self._seen or 2 * file.base64_length > self._most_bytes:
                self._seen.add(file.sha256)
                return None
            encoded = self._kept.pop(file.sha256, None) or Encoded(base64_chunks(file))
            self._kept[file.sha256] = encoded  # last: what was not asked for the longest goes first
            self._make_room()
        return encoded

    def chunks(self, file: FileParameter) -> Iterable[bytes]:
        """As `base64_chunks`, but reads nothing where the text is here."""
        encoded = self._kept.get(file.sha256)
        return base64_chunks(file) if encoded is None else encoded.chunks

    def _make_room(self) -> None:
        while sum(each.length for each in self._kept.values()) > self._most_bytes:
            del self._kept[next(iter(self._kept))]


def _signed(begun: _Hash, chunks: Iterable[bytes]) -> _Hash:
    signing = begun.copy()
    for chunk in chunks:
        signing.update(chunk)
    return signing
