"""A document as a request carries it: `media/type;base64,…`. Checked and hashed, never kept."""

from __future__ import annotations

import binascii
import hashlib
import re
from dataclasses import dataclass

from reconciler.sandbox import codes

_PREFIX = re.compile(r"(?P<media_type>[a-z]+/[a-z0-9][a-z0-9.+-]*);base64,", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """What is remembered of a document: `size` in bytes, decoded; `sha256` of these bytes, hex."""

    media_type: str
    sha256: str
    size: int

    @property
    def identity(self) -> str:
        """What the store remembers."""
        return f"sha256:{self.sha256}"


def read_attachment(name: str, text: str) -> Attachment:
    """The document in the parameter `name`.

    Raises `RefusalError`: 18002 when it is not of this form, not base64 or empty, 18003 when it is
    over 4 MiB. Padding is required, anything beside the alphabet refused (RFC 4648).
    """
    match = _PREFIX.match(text)
    if match is None:
        raise codes.RefusalError(codes.FORMAT, f"{name} must read media/type;base64,…")
    try:
        content = binascii.a2b_base64(text[match.end() :], strict_mode=True)
    except ValueError as error:
        raise codes.RefusalError(codes.FORMAT, f"{name} is not base64: {error}") from error
    if not content:
        raise codes.RefusalError(codes.FORMAT, f"{name} holds no bytes")
    if len(content) > codes.DOCUMENT_BYTES:
        raise codes.RefusalError(
            codes.INVALID, f"{name} has {len(content)} bytes, 4 MB ({codes.DOCUMENT_BYTES}) at most"
        )
    return Attachment(
        media_type=match["media_type"].lower(),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
    )
