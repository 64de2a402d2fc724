"""Which record belongs to which manifest, before anybody is asked.

An id pairs them where the manifest has one. A manifest without an id (applied for by this tool)
finds its record by content within its project, so that moving the file changes nothing, and
otherwise by name, so that editing the content changes that signature and makes no second one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reconciler.model import Desired, Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """One id to decide about: a manifest, a record, or both."""

    desired: Desired | None
    id: str | None
    """None while nobody knows an id: the service is then asked by content."""
    recorded: Recorded | None

    @property
    def name(self) -> str:
        """The manifest's name, or the recorded one where no manifest is left."""
        if self.desired is not None:
            return self.desired.name
        assert self.recorded is not None  # noqa: S101 - a target has one of the two
        return self.recorded.name

    @property
    def project(self) -> str:
        """The project to ask in."""
        if self.desired is not None:
            return self.desired.project
        assert self.recorded is not None  # noqa: S101 - a target has one of the two
        return self.recorded.project


def pair(desired: Iterable[Desired], records: Mapping[str, Recorded]) -> tuple[Target, ...]:
    """Every id of every manifest, and every record that no manifest claims; sorted."""
    wanted = tuple(desired)
    free = dict(sorted(records.items()))
    targets = [
        Target(desired=each, id=known, recorded=free.pop(known, None))
        for each in wanted
        for known in each.ids
    ]
    unnumbered = [each for each in wanted if not each.ids]
    targets += _adopt_records(unnumbered, free)
    targets += [Target(desired=None, id=record.id, recorded=record) for record in free.values()]
    return tuple(sorted(targets, key=lambda target: (target.name, target.id or "")))


def _adopt_records(unnumbered: Iterable[Desired], free: dict[str, Recorded]) -> list[Target]:
    waiting = sorted(unnumbered, key=lambda each: each.path)
    found: dict[str, Recorded] = {}
    by_content = {(r.project, r.submission.content): r for r in free.values()}
    for each in waiting:
        _claim(each, by_content.pop((each.project, each.content or ""), None), found, free)
    by_name = {(r.project, r.name): r for r in free.values()}
    for each in waiting:
        if each.path not in found:
            _claim(each, by_name.pop((each.project, each.name), None), found, free)
    return [_unnumbered(each, found.get(each.path)) for each in waiting]


def _claim(
    desired: Desired,
    record: Recorded | None,
    found: dict[str, Recorded],
    free: dict[str, Recorded],
) -> None:
    if record is not None:
        found[desired.path] = free.pop(record.id)


def _unnumbered(desired: Desired, record: Recorded | None) -> Target:
    return Target(desired=desired, id=None if record is None else record.id, recorded=record)
