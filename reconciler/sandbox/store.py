"""The sandbox's signatures, found by id and by (project, content) without a search."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import RLock

from reconciler.sandbox.reviewer import StoredSignature

Settle = Callable[[StoredSignature], StoredSignature]


class Store:
    """Every reading is settled first: the reviewer's work is done when somebody looks.

    Each method is safe by itself; hold `lock` around several that belong together.
    """

    def __init__(self, signatures: Iterable[StoredSignature], settle: Settle) -> None:
        self.lock = RLock()
        self._settle = settle
        self._by_id: dict[str, StoredSignature] = {}
        self._by_content: dict[tuple[str, str], dict[str, None]] = {}
        self._made = 0
        for signature in signatures:
            self.put(signature)

    def get(self, id: str) -> StoredSignature | None:
        """The signature with this id, in whichever project."""
        with self.lock:
            signature = self._by_id.get(id)
            if signature is None:
                return None
            settled = self._settle(signature)
            if settled is not signature:
                self.put(settled)
            return settled

    def latest(self, project: str, content: str) -> StoredSignature | None:
        """The signature that got this content last, since contents need not be unique."""
        with self.lock:
            ids = self._by_content.get((project, content))
            return self.get(next(reversed(ids))) if ids else None

    def all(self) -> tuple[StoredSignature, ...]:
        """Every signature, in the order they came."""
        with self.lock:
            found = (self.get(one) for one in tuple(self._by_id))
            return tuple(signature for signature in found if signature is not None)

    def put(self, signature: StoredSignature) -> None:
        """Keep this signature, in place of the one with its id."""
        with self.lock:
            before = self._by_id.get(signature.id)
            if before is None or _content_key(before) != _content_key(signature):
                self._unindex(before)
                self._by_content.setdefault(_content_key(signature), {})[signature.id] = None
            self._by_id[signature.id] = signature

    def remove(self, id: str) -> None:
        """Keep it no longer."""
        with self.lock:
            self._unindex(self._by_id.pop(id))

    def new_id(self) -> str:
        """An id that no signature has, and the next one in every run."""
        with self.lock:
            while True:
                self._made += 1
                made = f"SIGSANDBOX{self._made:06d}"
                if made not in self._by_id:
                    return made

    def _unindex(self, signature: StoredSignature | None) -> None:
        if signature is not None:
            key = _content_key(signature)
            del self._by_content[key][signature.id]
            if not self._by_content[key]:
                del self._by_content[key]


def _content_key(signature: StoredSignature) -> tuple[str, str]:
    return (signature.project, signature.content)
