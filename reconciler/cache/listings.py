"""What folders hold, for as long as none of them has changed: then nobody lists them again.

A folder's times change with every entry that comes, goes or gets another name, whatever becomes of
the entries' contents. As with files, a change that is too new might hide the next one.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable

from reconciler.cache.files import identity, is_settled
from reconciler.cache.program import program
from reconciler.cache.store import Cache

_KIND = "listing"
_MOST = 8


class KnownListings:
    """By name, what was found in certain folders below `root`."""

    def __init__(self, root: str, cache: Cache) -> None:
        self._root = root
        self._cache = cache
        self._now = time.time_ns()

    def recall(self, name: str) -> object:
        """What was kept (JSON data), or None where a folder may have changed since."""
        text = self._cache.get(_KIND, _key(name))
        if text is None:
            return None
        folders, value = json.loads(text)
        return value if all(self._status(f) == seen for f, seen in folders) else None

    def keep(
        self, name: str, folders: Iterable[tuple[str, os.stat_result | None]], value: object
    ) -> None:
        """`folders` are all those that were listed since this was made, in vain or not.

        Each has the status from before it was listed: a folder that has changed since will not show
        that again, whatever the clocks say. None stands for a folder that is not there.
        """
        found = [(folder, _as_json(seen)) for folder, seen in folders]
        settled = all(seen is None or is_settled(max(seen[1:3]), self._now) for _, seen in found)
        if settled and all(self._status(folder) == seen for folder, seen in found):
            text = json.dumps([found, value])
            self._cache.put(_KIND, _key(name), text.encode(), most=_MOST)

    def _status(self, folder: str) -> list[int] | None:
        try:
            return _as_json(os.stat(f"{self._root}/{folder}"))  # noqa: PTH116 - pathlib is slow
        except OSError:
            return None  # and nothing is listed there


def _as_json(status: os.stat_result | None) -> list[int] | None:
    return None if status is None else list(identity(status))


def _key(name: str) -> str:
    """What is looked for in a folder may be another thing to another program."""
    return f"{program()} {name}"
