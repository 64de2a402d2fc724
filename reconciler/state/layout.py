"""Where a record stands in the tree of the `git:` backend.

One file an id, in one of 256 folders: a commit rewrites the folders that it touches, so that
recording one outcome costs the same among ten records and among ten thousand.
"""

from __future__ import annotations

import hashlib
from urllib.parse import quote, unquote

_SUFFIX = ".json"
_INTENTS = "intents/"


def path_of(id: str) -> str:
    """Such as `3f/SIG20190XXX2C1844.json`; plain ASCII whatever the id holds."""
    folder = hashlib.sha256(id.encode("utf-8", errors="surrogatepass")).hexdigest()[:2]
    return f"{folder}/{_quoted(id)}{_SUFFIX}"


def intent_path_of(id: str) -> str:
    """Where an application without a known end stands, under its stand-in for an id."""
    return f"{_INTENTS}{_quoted(id)}{_SUFFIX}"


def is_intent(path: str) -> bool:
    """Whether no record stands there, but an application without a known end."""
    return path.startswith(_INTENTS)


def id_of(path: str) -> str | None:
    """The id whose record stands there; None for a file that is no record's."""
    _, slash, name = path.partition("/")
    if not slash or not name.endswith(_SUFFIX):
        return None
    found = unquote(name.removesuffix(_SUFFIX))
    return found if path_of(found) == path else None


def _quoted(id: str) -> str:
    if id.isascii() and id.isalnum():
        return id  # as the service's own are; asking first saves ten thousand times 4 µs
    return quote(id, safe="", errors="surrogatepass")
