"""What a request can carry: plain values, lists of them, and documents that are streamed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO

from reconciler.signing import Scalar, flatten


@dataclass(frozen=True, slots=True, kw_only=True)
class FileParameter:
    """A document as it was planned; the wire has it as `media/type;base64,…`.

    Nothing is read before the request is sent. Bytes whose size or sha256 is another than planned
    end the request unsigned with `DocumentChangedError`.
    """

    open: Callable[[], BinaryIO] = field(repr=False)
    """Opens the document at its first byte; called once a pass, closed by the caller.

    An `OSError` or a `ReconcilerError` from here counts as a changed document.
    """
    size: int
    """In bytes."""
    sha256: str
    """Lower-case hex."""
    media_type: str
    name: str
    """What messages call it, such as its path below the root."""

    @property
    def base64_length(self) -> int:
        """Of its base64 text: four characters for every three bytes begun."""
        return (self.size + 2) // 3 * 4

    @property
    def prefix(self) -> str:
        """What stands before the base64 text."""
        return f"{self.media_type};base64,"


Value = Scalar | FileParameter
Parameters = Mapping[str, Scalar | tuple[Scalar, ...] | FileParameter]


def flat(parameters: Parameters) -> dict[str, Value]:
    """One value a name: a tuple becomes `Name.0`, `Name.1`, …"""
    result: dict[str, Value] = {}
    for name, value in parameters.items():
        if isinstance(value, tuple):
            result.update(flatten(name, value))
        else:
            result[name] = value
    return result
