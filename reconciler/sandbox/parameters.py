"""A request's parameters, read by name and kind.

A form carries strings alone; in JSON a string must be a string and a number a number or its digits.
An empty string counts as absent. Everything raises `RefusalError` with the USMS codes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import TypeVar

from reconciler.sandbox import codes
from reconciler.sandbox.attachments import Attachment, read_attachment
from reconciler.signing import Scalar

DOCUMENTS = ("File", "ProxyFile")
"""The parameters that carry a document."""
_Value = TypeVar("_Value")
_NUMBER = re.compile(r"[0-9]{1,9}")
_INDEX = re.compile(r"0|[1-9][0-9]{0,5}")


class Parameters:
    """One request's parameters; documents are decoded once."""

    def __init__(self, values: Mapping[str, Scalar], unreadable: str | None = None) -> None:
        self.values = values
        self.unreadable = unreadable
        """Why there are none, when the request could not be read."""
        self._attachments: dict[str, Attachment] = {}

    def text(self, name: str) -> str | None:
        """A string, or None when absent or empty."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise codes.RefusalError(codes.FORMAT, f"{name} must be a string")
        return value

    def required_text(self, name: str) -> str:
        """A string that must be there (18001)."""
        return self._required(name, self.text(name))

    def number(self, name: str, allowed: Collection[int]) -> int | None:
        """One of the allowed numbers, or None when absent."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, str) and _NUMBER.fullmatch(value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise codes.RefusalError(codes.FORMAT, f"{name} must be an integer")
        if value not in allowed:
            raise codes.RefusalError(
                codes.INVALID, f"{name} must be one of {', '.join(map(str, allowed))}"
            )
        return value

    def required_number(self, name: str, allowed: Collection[int]) -> int:
        """A number that must be there (18001)."""
        return self._required(name, self.number(name, allowed))

    def boolean(self, name: str) -> bool:
        """A boolean, in a form `true` or `false`; False when absent."""
        value = self.values.get(name, False)
        if isinstance(value, bool):
            return value
        if value in ("true", "false", ""):
            return value == "true"
        raise codes.RefusalError(codes.FORMAT, f"{name} must be true or false")

    def texts(self, name: str) -> tuple[str, ...]:
        """The list `Name.0`, `Name.1`, … without gaps or repetitions; empty when absent."""
        prefix = f"{name}."
        indexes = [key.removeprefix(prefix) for key in self.values if key.startswith(prefix)]
        if not all(_INDEX.fullmatch(index) for index in indexes):
            raise codes.RefusalError(codes.FORMAT, f"{name} must be numbered {name}.0, {name}.1, …")
        count = len(indexes)
        if any(int(index) >= count for index in indexes):
            raise codes.RefusalError(codes.FORMAT, f"{name} must be numbered from 0 without gaps")
        found = tuple(self.required_text(f"{prefix}{index}") for index in range(count))
        if len(set(found)) < count:
            raise codes.RefusalError(codes.INVALID, f"{name} names one id twice")
        return found

    def required_texts(self, name: str) -> tuple[str, ...]:
        """A list that must be there (18001)."""
        return self._required(f"{name}.0", self.texts(name) or None)

    def attachment(self, name: str) -> Attachment | None:
        """The document in one of `DOCUMENTS`, or None when absent."""
        if name not in self._attachments:
            text = self.text(name)
            if text is None:
                return None
            self._attachments[name] = read_attachment(name, text)
        return self._attachments[name]

    @staticmethod
    def _required(name: str, value: _Value | None) -> _Value:
        if value is None:
            raise codes.RefusalError(codes.MISSING, f"{name} is missing")
        return value
