"""What a text says: plain data, and the place of every key and value of it."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from reconciler.yamltext.faults import Fault
from reconciler.yamltext.scalars import Scalar

Value = Scalar | list["Value"] | dict[str, "Value"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """What a text says, as far as it could be read.

    `spans` holds four numbers (line, column, end line, end column) for every key and value, in
    the order in which they stand in the text; it fits `data` only where there are no faults.
    """

    data: Value
    spans: array[int]
    faults: tuple[Fault, ...]
