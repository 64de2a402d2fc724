"""What a plan has said, for as long as all that it rests on is the same.

Only of plans that ask nobody: manifests, documents, records, settings and the program decide what
they say, and each of them is proved to be the same one. Of ten thousand signatures such a plan
takes half of the time that it takes to compare them again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from reconciler.canonical import digest

if TYPE_CHECKING:
    from reconciler.cache.store import Cache
    from reconciler.cli.state_store import Store
    from reconciler.repository import Repository

_KIND = "said"
_MOST = 8
_LONGEST = 1024 * 1024


class Said(NamedTuple):
    """A plan's text, and what its exit code follows from."""

    text: str
    code: int
    """Without `--detailed-exitcode`."""
    pending: bool
    """Whether there are changes to make."""


def said_before(
    make: Callable[[], Said],
    circumstances: Callable[[], list[object]],
    *,
    cache: Cache,
    repository: Repository,
    store: Store,
) -> Said:
    """What `make` says about the repository and the records of the `store`, or has said before.

    `circumstances` gives everything that the text depends on besides, as JSON data. Raises what
    `make` raises, and `StateError`.
    """
    proof = store.proof() if repository.known_by else ""
    if not proof:
        return make()
    about = circumstances()
    key = digest([repository.known_by, proof, about])
    kept = cache.get(_KIND, key)
    if kept is not None:
        return Said(**json.loads(kept))
    made = make()
    is_same = store.loaded == proof and circumstances() == about
    if is_same and len(made.text) <= _LONGEST:
        cache.put(_KIND, key, json.dumps(made._asdict()).encode(), most=_MOST)
    return made
