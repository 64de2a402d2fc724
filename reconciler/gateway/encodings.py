"""The two ways a request's parameters can be written: a flat JSON object, or a form.

Both write a document's base64 text in pieces, so that it need not be whole anywhere.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol
from urllib.parse import quote_plus

from reconciler.gateway.parameters import FileParameter
from reconciler.signing import SIGNING_PARAMETER, Scalar, canonical


class Encoding(StrEnum):
    """The setting `encoding`: UCloud's own example posts JSON, its SDKs post a form."""

    JSON = "json"
    FORM = "form"


class Wire(Protocol):
    """How one encoding writes a body. All pieces, joined in order, are the body."""

    content_type: str
    after_file: bytes
    """Closes a document's value."""

    def scalar(self, name: str, value: Scalar, *, first: bool) -> bytes:
        """A whole parameter."""
        ...

    def before_file(self, name: str, file: FileParameter, *, first: bool) -> bytes:
        """A parameter's name and the beginning of its value, up to the base64 text."""
        ...

    def base64_text(self, chunk: bytes) -> bytes:
        """A piece of base64 text."""
        ...

    def base64_length(self, file: FileParameter, chunks: Iterable[bytes]) -> int:
        """How many bytes the base64 text will take; `chunks` is that text, for who must count."""
        ...

    def last(self, signing: str) -> bytes:
        """The signing, and the end of the body."""
        ...


class JsonWire:
    """A flat JSON object in UTF-8; numbers stay numbers, booleans booleans."""

    content_type = "application/json"
    after_file = b'"'

    def scalar(self, name: str, value: Scalar, *, first: bool) -> bytes:
        """`"Name":value`, after the brace or a comma."""
        return self._name(name, first=first) + _json(value)

    def before_file(self, name: str, file: FileParameter, *, first: bool) -> bytes:
        """`"Name":"media/type;base64,` – the string stays open."""
        return self._name(name, first=first) + _json(file.prefix)[:-1]

    def base64_text(self, chunk: bytes) -> bytes:
        """The chunk itself: no character of base64 needs escaping in JSON."""
        return chunk

    def base64_length(
        self,
        file: FileParameter,
        chunks: Iterable[bytes],  # noqa: ARG002 - the protocol's
    ) -> int:
        """As long as it is: nothing has to be escaped, so nothing is read."""
        return file.base64_length

    def last(self, signing: str) -> bytes:
        """`,"Signature":"…"}`"""
        return self.scalar(SIGNING_PARAMETER, signing, first=False) + b"}"

    def _name(self, name: str, *, first: bool) -> bytes:
        return (b"{" if first else b",") + _json(name) + b":"


class FormWire:
    """`application/x-www-form-urlencoded`, as the SDKs send it."""

    content_type = "application/x-www-form-urlencoded"
    after_file = b""

    def scalar(self, name: str, value: Scalar, *, first: bool) -> bytes:
        """`Name=value`, the value as it is signed, then percent-escaped."""
        return self._name(name, first=first) + quote_plus(canonical(value)).encode()

    def before_file(self, name: str, file: FileParameter, *, first: bool) -> bytes:
        """`Name=media%2Ftype%3Bbase64%2C`"""
        return self._name(name, first=first) + quote_plus(file.prefix).encode()

    def base64_text(self, chunk: bytes) -> bytes:
        """The chunk with its three special characters escaped."""
        return chunk.replace(b"+", b"%2B").replace(b"/", b"%2F").replace(b"=", b"%3D")

    def base64_length(
        self,
        file: FileParameter,  # noqa: ARG002 - the protocol's
        chunks: Iterable[bytes],
    ) -> int:
        """Counted, since escapes depend on the data."""
        return sum(len(self.base64_text(chunk)) for chunk in chunks)

    def last(self, signing: str) -> bytes:
        """`&Signature=…`"""
        return self.scalar(SIGNING_PARAMETER, signing, first=False)

    def _name(self, name: str, *, first: bool) -> bytes:
        return (b"" if first else b"&") + quote_plus(name).encode() + b"="


WIRES: dict[Encoding, Wire] = {Encoding.JSON: JsonWire(), Encoding.FORM: FormWire()}


def _json(value: Scalar) -> bytes:
    return json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
