"""Rows of a plan by their project, where they are not all of the plan's own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reconciler.plan.changes import Change
from reconciler.render.header import PlanHeader


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The rows of one project, in the plan's order."""

    project: str | None
    """None where all rows are of the plan's own, so that nobody need be told."""
    endpoint: str
    rows: tuple[Change, ...]


def by_project(rows: Sequence[Change], header: PlanHeader) -> Iterator[Group]:
    """The plan's own project first, then the others by their ids."""
    own = header.project or ""
    names = sorted({row.project for row in rows}, key=lambda name: (name != own, name))
    if names in ([], [own]):
        yield Group(project=None, endpoint=header.endpoint, rows=tuple(rows))
        return
    for name in names:
        yield Group(
            project=name,
            endpoint=header.endpoints.get(name, header.endpoint),
            rows=tuple(row for row in rows if row.project == name),
        )
