"""A sequence that is made when somebody looks into it, and not before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar, overload

T = TypeVar("T")


class Later(Sequence[T]):
    """As the tuple that `make` gives, which is asked for once at most."""

    def __init__(self, make: Callable[[], tuple[T, ...]]) -> None:
        self._make = make
        self._made: tuple[T, ...] | None = None

    def _items(self) -> tuple[T, ...]:
        if self._made is None:
            self._made = self._make()
        return self._made

    def __eq__(self, other: object) -> bool:
        """As the tuple."""
        return self._items() == (other._items() if isinstance(other, Later) else other)

    def __hash__(self) -> int:
        """As the tuple."""
        return hash(self._items())

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        """As a tuple."""
        return self._items()[index]

    def __iter__(self) -> Iterator[T]:
        """As the tuple: the usual one of a sequence asks for one index after the other."""
        return iter(self._items())

    def __len__(self) -> int:
        """As a tuple."""
        return len(self._items())


class Changed(Sequence[T]):
    """As another sequence with something done to each of its items, when somebody looks at it."""

    def __init__(self, source: Sequence[T], change: Callable[[T], T]) -> None:
        self._source = source
        self._change = change
        self._every = Later(lambda: tuple(map(change, source)))

    @overload
    def __getitem__(self, index: int) -> T: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[T, ...]: ...
    def __getitem__(self, index: int | slice) -> T | tuple[T, ...]:
        """As a tuple; one alone is had without the others."""
        return self._every[index] if isinstance(index, slice) else self._change(self._source[index])

    def __iter__(self) -> Iterator[T]:
        """As the tuple."""
        return iter(self._every)

    def __len__(self) -> int:
        """As a tuple."""
        return len(self._source)
