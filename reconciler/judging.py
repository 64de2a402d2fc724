"""How a repository is read and judged, for those who only decide whether it has to be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # all of them would be loaded where nothing has to be judged
    from reconciler.discover import Sources
    from reconciler.documents import Documents
    from reconciler.repository import Repository
    from reconciler.rules.beside import Beside, Note


class Load(Protocol):
    """Reads a repository; where it is `trusting`, all but whether manifests fit the schema."""

    def __call__(
        self, sources: Sources, documents: Documents, *, trusting: bool, note: Note | None = None
    ) -> Repository:
        """Never raises for anything that stands in it; `note` is told what manifests claim."""
        ...


class Judge(Protocol):
    """Judges what was read."""

    def __call__(
        self,
        loaded: Repository,
        files: Sequence[str],
        *,
        beside: Beside | None = None,
        note: Note | None = None,
    ) -> Repository:
        """The same with what the rules say about it, and about the document `files`.

        Others stand `beside` it; `note` is told what manifests say that others may contradict.
        """
        ...
