"""What the `file:` backend calls the files of an id."""

from __future__ import annotations

from urllib.parse import quote

from reconciler.canonical import digest

_LONGEST = 200
"""File systems take 255 bytes, and an ending and a temporary file beside it need some of them."""


def stem_of(id: str) -> str:
    """Quoted so that no id leaves the folder or looks like a hidden or temporary file."""
    if id.isascii() and id.isalnum() and len(id) <= _LONGEST:
        return id  # as the service's own are; quoting would take 10 µs each
    quoted = quote(id, safe="").replace(".", "%2E")
    if len(quoted) > _LONGEST:
        return f"%23{digest(id)}"  # as no other quoted id begins: it would have to begin with #
    return quoted
