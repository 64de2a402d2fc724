"""Manifests of then and now, compared without the service or the state. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from reconciler.model import NOT_ASKED, Desired, Origin, Recorded
from reconciler.plan.build import build
from reconciler.plan.changes import Plan
from reconciler.plan.pairing import Target, pair

_NAMELESS = "\0"
"""Begins the stand-in for an id that nobody knows yet; no real id can."""


def compare(
    earlier: Iterable[Desired], now: Iterable[Desired], *, commit: str, endpoint: str
) -> Plan:
    """The plan in which the manifests of `commit` are taken for what was submitted last."""
    wanted = tuple(now)
    records = _records(earlier, wanted, commit=commit, endpoint=endpoint)
    targets = (_honest(target) for target in pair(wanted, records))
    return build([(target, NOT_ASKED) for target in targets], records)


def _records(
    earlier: Iterable[Desired], now: tuple[Desired, ...], *, commit: str, endpoint: str
) -> Mapping[str, Recorded]:
    records: dict[str, Recorded] = {}
    for was in earlier:
        if was.submission is None or _wakes(was, now):
            continue
        for known in _ids(was, now):
            records[known] = Recorded(
                id=known,
                name=was.name,
                project=was.project,
                endpoint=endpoint,
                submission=was.submission,
                origin=Origin.SUBMITTED,
                at="",
                request_uuid=None,
                head=commit,
                tool_version="",
            )
    return records


def _wakes(was: Desired, now: tuple[Desired, ...]) -> bool:
    """It was suspended and is not any more: what was submitted last is not what it said."""
    return was.suspend and any(each.path == was.path and not each.suspend for each in now)


def _ids(was: Desired, now: tuple[Desired, ...]) -> Iterator[str]:
    """Its ids. One that had none has been applied for meanwhile where it has them now."""
    if was.ids:
        yield from was.ids
        return
    heir = next((each for each in now if each.path == was.path), None) or next(
        (e for e in now if (e.project, e.content) == (was.project, was.content)), None
    )
    yield from heir.ids if heir is not None and heir.ids else [f"{_NAMELESS}{was.path}"]


def _honest(target: Target) -> Target:
    """Without the stand-in, which is for pairing alone."""
    nameless = target.id is not None and target.id.startswith(_NAMELESS)
    return replace(target, id=None) if nameless else target
