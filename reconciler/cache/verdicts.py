"""Verdicts on whole repositories by their content, and what is desired under each of them.

The last one that was found out as a whole is kept with all that it takes to judge a changed
repository by its changes alone. Such a verdict then holds what it changes of the other one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from reconciler.cache import coding
from reconciler.cache.packed import Part, Wanted
from reconciler.cache.program import program
from reconciler.cache.store import Cache
from reconciler.problems import Problem

_VERDICT, _DESIRED, _CHANGED, _WHOLE = "verdict", "desired", "changed", "whole"
_MOST = 8
"""Verdicts that are kept: those of a few branches."""


class Verdict(NamedTuple):
    """What was found out."""

    evidence: Sequence[Any]
    """All that it rests on besides the manifests, see `Documents.evidence`."""
    listed: str
    """A digest of the document files that there were."""
    problems: tuple[Problem, ...]
    notes: tuple[str, ...]

    def text(self) -> str:
        """What `_read` reads back."""
        rows = coding.problem_rows(self.problems)
        return json.dumps([self.evidence, self.listed, rows, self.notes])


class Known(NamedTuple):
    """A verdict that was kept, and what is desired under it."""

    verdict: Verdict
    known_by: str
    """A digest of all of it."""
    wanted: Wanted


class Whole(NamedTuple):
    """The last verdict on a whole repository."""

    verdict: Verdict
    known_by: str
    desired: bytes
    digests: bytes
    """Those of all manifests, joined."""
    stated: bytes
    """What the manifests say, as `Statements` packs it."""


class Verdicts:
    """Of one repository; `circumstances` (JSON data) are what a verdict depends on besides it."""

    def __init__(self, cache: Cache, circumstances: Sequence[object]) -> None:
        self._cache = cache
        self._around = _digest([program(), json.dumps(circumstances, default=str)])

    def of(self, content: str) -> Known | None:
        """The verdict on these manifests, if both halves of it are there."""
        text = self._cache.get(_VERDICT, self._key(content))
        if text is None:
            return None
        # Of this very verdict: a damaged file may show one that is older, with other documents.
        known_by = self._known_by(content, text.decode())
        wanted = self._wanted(known_by)
        if wanted is None:
            return None
        return Known(verdict=_read(text), known_by=known_by, wanted=wanted)

    def keep(
        self,
        content: str,
        verdict: Verdict,
        desired: bytes,
        *,
        digests: bytes,
        stated: bytes,
    ) -> str:
        """Keep a verdict that was found out as a whole; by what it will be known."""
        known_by = self._put(content, verdict)
        self._cache.put(_DESIRED, known_by, desired, most=_MOST)
        head = json.dumps([known_by, verdict.text(), len(digests)]).encode()
        self._cache.put(_WHOLE, self._around, b"%b\n%b%b" % (head, digests, stated), most=2)
        return known_by

    def keep_changed(
        self, content: str, verdict: Verdict, desired: bytes, *, whole: Whole, parts: Iterable[Part]
    ) -> str:
        """Keep one that was found out from another; in `parts`, the other's text is the first."""
        known_by = self._put(content, verdict)
        head = json.dumps([whole.known_by, [*parts]]).encode()
        self._cache.put(_CHANGED, known_by, b"%b\n%b" % (head, desired), most=_MOST)
        return known_by

    def whole(self) -> Whole | None:
        """The last verdict that was found out as a whole."""
        value = self._cache.get(_WHOLE, self._around)
        if value is None:
            return None
        head, _, rest = value.partition(b"\n")
        known_by, verdict, length = json.loads(head)
        desired = self._cache.get(_DESIRED, known_by)
        if desired is None:
            return None
        return Whole(
            verdict=_read(verdict),
            known_by=known_by,
            desired=desired,
            digests=rest[:length],
            stated=rest[length:],
        )

    def _wanted(self, known_by: str) -> Wanted | None:
        desired = self._cache.get(_DESIRED, known_by)
        if desired is not None:
            return Wanted([desired])
        changed = self._cache.get(_CHANGED, known_by)
        if changed is None:
            return None
        head, _, own = changed.partition(b"\n")
        of, parts = json.loads(head)
        first = self._cache.get(_DESIRED, of)
        return None if first is None else Wanted([first, own], parts)

    def _put(self, content: str, verdict: Verdict) -> str:
        text = verdict.text()
        self._cache.put(_VERDICT, self._key(content), text.encode(), most=_MOST)
        return self._known_by(content, text)

    def _key(self, content: str) -> str:
        return _digest([content, self._around])

    def _known_by(self, content: str, verdict: str) -> str:
        return _digest([self._key(content), verdict])


def _read(text: bytes | str) -> Verdict:
    evidence, listed, problems, notes = json.loads(text)
    return Verdict(
        evidence=evidence,
        listed=listed,
        problems=coding.problems(problems),
        notes=tuple(notes),
    )


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
