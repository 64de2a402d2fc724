"""A document in words: path, size and short hash, or its address; never its bytes."""

from __future__ import annotations

from reconciler.model import Proof
from reconciler.render.escape import terminal

_KIB = 1024
_DIGITS = 12
"""Of the 64 of a SHA-256: enough to tell the documents of one repository apart."""


def describe(proof: Proof) -> str:
    """Such as `documents/acme/licence.png, 12.3 KiB, sha256 1a2b3c4d5e6f`."""
    if proof.url is not None:
        return terminal(proof.url)
    parts = [
        None if proof.path is None else terminal(proof.path),
        None if proof.size is None else size(proof.size),
        None if proof.sha256 is None else f"sha256 {proof.sha256[:_DIGITS]}",
    ]
    return ", ".join(part for part in parts if part is not None)


def size(count: int) -> str:
    """A number of bytes for a person: `512 B`, `12.3 KiB`, `3.9 MiB`."""
    if count < _KIB:
        return f"{count} B"
    if count < _KIB * _KIB:
        return f"{count / _KIB:.1f} KiB"
    return f"{count / _KIB / _KIB:.1f} MiB"
