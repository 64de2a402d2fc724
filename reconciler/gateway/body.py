"""A request's body: its length known beforehand, its bytes made while they are sent.

`Signature` comes last, so a document is read once: each chunk goes to the signing and to the
socket. The documents are checked before that last piece; if one is not the planned one, no
signing ever leaves, and the service cannot accept what nobody has reviewed. A document that other
requests have sent too is taken from the shelf, where only checked ones stand.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.gateway.encoded import Shelf
from reconciler.gateway.encodings import Wire
from reconciler.gateway.parameters import FileParameter, Value
from reconciler.gateway.stream import base64_chunks
from reconciler.signing import canonical

if TYPE_CHECKING:
    from hashlib import _Hash

_SIGNING_LENGTH = 40
"""Hex digits of a SHA-1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Field:
    signed: bytes
    """Goes to the signing."""
    wire: bytes
    """Goes to the socket."""
    file: FileParameter | None = None
    """Follows both."""


class Body:
    """An iterable with a length, which is what makes `requests` send a `Content-Length`.

    One try is one `Body`: it is iterated once and closed. Creating one raises
    `DocumentChangedError` where the length can only be had by reading (form encoding).
    """

    def __init__(
        self, parameters: Mapping[str, Value], private_key: str, wire: Wire, shelf: Shelf
    ) -> None:
        self._wire = wire
        self._shelf = shelf
        self._private_key = private_key
        names = sorted(parameters)
        self._fields = [
            _field(wire, name, parameters[name], first=index == 0)
            for index, name in enumerate(names)
        ]
        self._length = self._measured()
        self._chunks = self._generated()
        self.started = False
        """Something was asked for, so there was a connection to send it on."""
        self.signed = False
        """The signing was handed over: from here on the service may have accepted the request."""

    def __len__(self) -> int:
        """Bytes, exactly."""
        return self._length

    def __iter__(self) -> Generator[bytes, None, None]:
        """The pieces; raises `DocumentChangedError` in place of the last one."""
        return self._chunks

    def close(self) -> None:
        """Close the document that was being sent, if one was."""
        self._chunks.close()

    def _measured(self) -> int:
        length = len(self._wire.last("0" * _SIGNING_LENGTH))
        for field in self._fields:
            length += len(field.wire)
            if field.file is not None:
                text = self._shelf.chunks(field.file)
                length += self._wire.base64_length(field.file, text) + len(self._wire.after_file)
        return length

    def _generated(self) -> Generator[bytes, None, None]:
        self.started = True
        signing = hashlib.sha1(usedforsecurity=False)
        pending = b""
        for field in self._fields:
            signing.update(field.signed)
            pending += field.wire
            if field.file is not None:
                yield pending
                signing = yield from self._document(field.file, signing)
                pending = self._wire.after_file
        signing.update(self._private_key.encode())
        self.signed = True
        yield pending + self._wire.last(signing.hexdigest())

    def _document(self, file: FileParameter, signing: _Hash) -> Generator[bytes, None, _Hash]:
        """Its text; what it returns goes on from `signing`. Nothing of it is held afterwards."""
        encoded = self._shelf.take(file)
        if encoded is not None:
            yield from map(self._wire.base64_text, encoded.chunks)
            return encoded.signing_behind(signing)
        for chunk in base64_chunks(file):
            signing.update(chunk)
            yield self._wire.base64_text(chunk)
        return signing


def _field(wire: Wire, name: str, value: Value, *, first: bool) -> _Field:
    if isinstance(value, FileParameter):
        return _Field(
            signed=f"{name}{value.prefix}".encode(),
            wire=wire.before_file(name, value, first=first),
            file=value,
        )
    return _Field(
        signed=f"{name}{canonical(value)}".encode(), wire=wire.scalar(name, value, first=first)
    )
