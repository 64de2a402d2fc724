"""All records as they were read before, for whoever only looks: `apply` reads what stands there.

They are known by what proves that nothing has changed since: the commit that they stand in, or the
status of each of their files. Ten thousand are found in half of the time that reading takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from reconciler.cache.program import program
from reconciler.cache.store import NO_CACHE, Cache
from reconciler.canonical import digest

if TYPE_CHECKING:  # a plan that is known for its records' proof reads none of them
    from reconciler.model import Recorded

_KIND = "records"
_MOST = 4
"""States that are kept: those before and after an apply, of two backends."""
_MANY = 100
"""Records. Fewer are read at once, and leave a small repository as clean as `plan` promises."""


class KnownRecords:
    """What `cache` holds of them; nothing is found or kept without one."""

    def __init__(self, cache: Cache = NO_CACHE) -> None:
        self._cache = cache

    @property
    def is_off(self) -> bool:
        """Nothing will be found or kept."""
        return self._cache.is_off

    @property
    def is_new(self) -> bool:
        """Nothing can be found yet."""
        return self._cache.is_new

    def recall(self, proof: str) -> dict[str, Recorded] | None:
        """The records by id that were kept for it, if any."""
        from reconciler.state.packed import unpacked

        text = self._cache.get(_KIND, _key(proof)) if proof else None
        return None if text is None else unpacked(text)

    def keep(self, proof: str, records: Mapping[str, Recorded]) -> None:
        """Keep them; `proof` is empty where nothing proves that they stay the same."""
        from reconciler.state.packed import packed

        if proof and not self.is_off and len(records) >= _MANY:
            self._cache.put(_KIND, _key(proof), packed(records.values()), most=_MOST)


def _key(proof: str) -> str:
    return digest([proof, program()])
