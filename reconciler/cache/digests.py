"""Which content each of many files has: they are read once, and then known by their status."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from reconciler.cache.store import Cache

_KIND, _KEY = "contents", "manifests"
SIZE = 20
"""Bytes of a digest."""


def digest(raw: bytes) -> bytes:
    """By what a content is known, everywhere."""
    return hashlib.blake2b(raw, digest_size=SIZE).digest()


def together(paths: Iterable[str], joined: bytes) -> str:
    """By what files are known together: their paths, and all of their digests."""
    whole = hashlib.sha256("\0".join(paths).encode())
    whole.update(b"\0")
    whole.update(joined)
    return whole.hexdigest()


def apart(joined: bytes) -> Iterator[bytes]:
    """The digests, each for itself."""
    return (joined[start : start + SIZE] for start in range(0, len(joined), SIZE))


def recall(cache: Cache) -> Mapping[str, bytes]:
    """The digests by what was seen of each file, see `Statuses.each`."""
    text = cache.get(_KIND, _KEY)
    if text is None:
        return {}
    packed = zlib.decompressobj()
    seen = json.loads(packed.decompress(text))
    return dict(zip(seen, apart(packed.unused_data), strict=True))


def keep(cache: Cache, seen: Sequence[str], joined: bytes) -> None:
    """Keep digests by what was seen of files that can be known by it."""
    # The digests stand behind what is packed: to look in vain for what repeats in them takes twice
    # as long as all the rest.
    text = zlib.compress(json.dumps(seen).encode(), level=1)
    cache.put(_KIND, _KEY, text + joined, most=1)
