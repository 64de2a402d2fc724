"""Text from outside, made fit to be shown: no request echoed in it, no control characters, short.

A proxy or a broken service may answer with the very request it was sent. Documents (base64) and
signings (40 hex digits) are long runs without a gap, so such runs are what is taken out.
"""

from __future__ import annotations

import re

SHOWN = 200
"""Characters kept of a text."""
_UUID_SHOWN = 64
_LONG_RUN = re.compile(r"[A-Za-z0-9+/=%_\\-]{37,}")  # a UUID with its dashes has 36 characters


def shown(text: str | bytes, *, limit: int = SHOWN, secrets: tuple[str, ...] = ()) -> str:
    """`text` with long runs and `secrets` left out, controls escaped, cut to `limit`."""
    if isinstance(text, bytes):
        text = text.decode("utf-8", "backslashreplace")
    for secret in secrets:
        text = text.replace(secret, "[…]")
    text = _LONG_RUN.sub("[…]", text)
    kept = "".join(_escaped(character) for character in text[:limit])
    return kept if len(text) <= limit else f"{kept}…"


def request_uuid(header: str | None) -> str | None:
    """The service's name for a request, as far as it can be one."""
    return shown(header, limit=_UUID_SHOWN) if header else None


def _escaped(character: str) -> str:
    if character.isprintable():
        return character
    return character.encode("unicode_escape").decode("ascii")
