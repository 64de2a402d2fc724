"""Manifests that two processes read: the other one begins with the last, and parses them too."""

from __future__ import annotations

import marshal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from reconciler.cache.files import Statuses
from reconciler.discover import Discovery, ReadAll, Sources, read, read_all
from reconciler.manifests import simple
from reconciler.meanwhile import Meanwhile, Send, is_possible

_MANY = 1000
"""Manifests from which on another process saves more time than it takes."""
_BATCH = 64
_LENGTH = 4
"""Bytes that say how long a batch is."""


@contextmanager
def reading(*, is_busy: bool) -> Iterator[ReadAll]:
    """How to read all manifests. Their `Sources` hear of what is parsed until the end of this.

    It takes a tenth off a cold validate of 10,000, and nothing where another process `is_busy`
    already.
    """
    pair = _Pair()
    try:
        yield read_all if is_busy else pair.read_all
    finally:
        pair.end()


class _Pair:
    """This process and its copy, which meet somewhere in the middle."""

    def __init__(self) -> None:
        self._copy: Meanwhile | None = None
        self._unfinished = b""
        self._count = 0
        self._begin = 0
        """The first of those that the copy has told of."""
        self._batches: list[tuple[list[bytes], list[str], list[int]]] = []
        self._data: dict[int, tuple[bytes, dict[str, Any] | None]] = {}

    def read_all(self, root: Path, discovery: Discovery, statuses: Statuses) -> Sources:
        """As `discover.read_all` does."""
        paths = discovery.manifests
        if len(paths) < _MANY or not is_possible():
            return read_all(root, discovery, statuses)
        self._count = self._begin = len(paths)
        place = str(root)
        self._copy = Meanwhile(lambda send: read_from_the_end(place, paths, statuses, send))
        raws: list[Any] = []
        while len(raws) < self._reached():
            some = paths[len(raws) : min(len(raws) + _BATCH, self._begin)]
            raws += [read(place, path, statuses) for path in some]
        raws += self._rest(len(raws), statuses)
        return Sources(discovery=discovery, raws=tuple(raws), said=self._said)

    def end(self) -> None:
        """No more is wanted of the copy, nor of what it has told."""
        if self._copy is not None:
            self._copy.end()
        self._data.clear()
        self._unfinished = b""

    def _reached(self) -> int:
        """The first manifest of those that the copy has told of so far."""
        news = b"" if self._copy is None else self._copy.sent()
        self._unfinished += news
        while len(self._unfinished) >= _LENGTH:
            end = _LENGTH + int.from_bytes(self._unfinished[:_LENGTH], "big")
            if len(self._unfinished) < end:
                break
            batch = marshal.loads(self._unfinished[_LENGTH:end])  # noqa: S302 - from our own copy
            self._take(*batch)
            self._unfinished = self._unfinished[end:]
        return self._begin

    def _take(
        self,
        raws: list[bytes],
        data: list[dict[str, Any] | None],
        parts: list[str],
        unsettled: list[int],
    ) -> None:
        self._begin -= len(raws)
        self._batches.append((raws, parts, unsettled))
        self._data.update(enumerate(zip(raws, data, strict=True), start=self._begin))

    def _rest(self, start: int, statuses: Statuses) -> Iterator[bytes]:
        """What the copy has read of the manifests from `start` on."""
        before = start - self._begin
        for raws, parts, unsettled in reversed(self._batches):
            statuses.join(parts[before:], [each - before for each in unsettled if each >= before])
            yield from raws[before:]
            before = max(before - len(raws), 0)
        self._batches.clear()

    def _said(self, number: int, raw: bytes) -> Mapping[str, Any] | None:
        """What a manifest says, if the copy has parsed just these bytes of it."""
        if number % _BATCH == 0 and number < self._begin:
            self._reached()
            self._batches.clear()  # their bytes are read already
        if self._copy is not None and number >= min(self._begin, self._count - 1):
            self._copy.end()  # all is told, or it is too late
        found, data = self._data.pop(number, (b"", None))
        return data if found == raw else None


def read_from_the_end(root: str, paths: tuple[str, ...], statuses: Statuses, send: Send) -> None:
    """Read and parse the manifests, the last ones first, and tell of each batch what came of it.

    One that cannot be read is left to whoever listens, with all before it.
    """
    for stop in range(len(paths), 0, -_BATCH):
        seen = statuses.anew()
        raws = [read(root, path, seen) for path in paths[max(stop - _BATCH, 0) : stop]]
        texts = [raw for raw in raws if isinstance(raw, bytes)]
        if len(texts) < len(raws):
            return
        batch = marshal.dumps((texts, [simple(raw) for raw in texts], *seen.told()))
        send(len(batch).to_bytes(_LENGTH, "big") + batch)
