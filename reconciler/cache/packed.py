"""Desired signatures as they are kept: unpacked as far as somebody looks at them.

A plan of ten changes looks at ten of ten thousand, which takes a tenth of the time.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, cached_property
from itertools import accumulate
from typing import overload

from reconciler.cache import coding
from reconciler.model import Desired, Proof

Part = tuple[int, int, int]
"""Of which text, and from which row on up to which other one."""


class Packed:
    """What `coding.desired_text` has written down."""

    def __init__(self, text: bytes) -> None:
        self._batches, self.proofs = coding.batches(text)
        self._batch = cache(lambda number: coding.batch(self._batches[number]))
        *_, (self.count, self._users) = self._batch(len(self._batches) - 1)

    def row(self, number: int) -> Desired:
        """One of them."""
        batch, place = divmod(number, coding.BATCH)
        return coding.desired(self._batch(batch)[place], self.proofs)

    def rows(self, start: int, stop: int) -> Iterator[Desired]:
        """Those from `start` up to `stop`."""
        for batch in range(start // coding.BATCH, -(-stop // coding.BATCH)):
            first = batch * coding.BATCH
            some = self._batch(batch)[max(start - first, 0) : stop - first]
            yield from (coding.desired(row, self.proofs) for row in some)

    def users(self) -> Iterator[tuple[Proof, list[int]]]:
        """Each document, with the numbers of those that send it."""
        return zip(self.proofs, self._users, strict=True)


class Wanted(Sequence[Desired]):
    """Parts of packed texts, one after the other."""

    def __init__(self, texts: Sequence[bytes], parts: Sequence[Part] | None = None) -> None:
        """Without `parts`: all of the first text."""
        self._texts = texts
        self._given = parts
        self._made: tuple[Desired, ...] | None = None

    @cached_property
    def _packed(self) -> list[Packed]:
        return [Packed(text) for text in self._texts]

    @cached_property
    def _parts(self) -> Sequence[Part]:
        return [(0, 0, self._packed[0].count)] if self._given is None else self._given

    @cached_property
    def _ends(self) -> list[int]:
        return list(accumulate(stop - start for _, start, stop in self._parts))

    def documents(self) -> Iterator[Proof]:
        """Those that any of them sends."""
        return (proof for proof, users in self._users() if next(users, None) is not None)

    def users(self, documents: AbstractSet[str]) -> set[int]:
        """The places of those that send any of the documents at these paths."""
        return {user for proof, users in self._users() if proof.path in documents for user in users}

    def _users(self) -> Iterator[tuple[Proof, Iterator[int]]]:
        before = [0, *self._ends]
        for number, packed in enumerate(self._packed):
            parts = [
                (start, stop, before[place])
                for place, (which, start, stop) in enumerate(self._parts)
                if which == number
            ]
            for proof, rows in packed.users():
                yield proof, _moved(rows, parts)

    def __len__(self) -> int:
        """As a tuple."""
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, index: int) -> Desired: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Desired, ...]: ...
    def __getitem__(self, index: int | slice) -> Desired | tuple[Desired, ...]:
        """As a tuple."""
        if self._made is not None or isinstance(index, slice):
            return self._all()[index]
        place = range(len(self))[index]
        part = bisect_right(self._ends, place)
        which, _, stop = self._parts[part]
        return self._packed[which].row(stop - (self._ends[part] - place))

    def __iter__(self) -> Iterator[Desired]:
        """As the tuple."""
        return iter(self._all())

    def __eq__(self, other: object) -> bool:
        """As the tuple."""
        return self._all() == (tuple(other) if isinstance(other, Sequence) else other)

    def __hash__(self) -> int:
        """As the tuple."""
        return hash(self._all())

    def _all(self) -> tuple[Desired, ...]:
        if self._made is None:
            self._made = tuple(
                each
                for which, start, stop in self._parts
                for each in self._packed[which].rows(start, stop)
            )
        return self._made


def _moved(rows: Iterable[int], parts: Sequence[Part]) -> Iterator[int]:
    """The places of rows, of which only `parts` are looked at: from, up to, and how many before."""
    starts = [start for start, _, _ in parts]
    for row in rows:
        part = bisect_right(starts, row) - 1
        if part >= 0:
            start, stop, before = parts[part]
            if row < stop:
                yield before + row - start
