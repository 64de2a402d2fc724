"""The circumstances of a plan, which are no part of what it decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanHeader:
    """By what, when, for whom and from which manifests a plan was made."""

    tool_version: str
    timestamp: str
    """ISO 8601, UTC; the only part that differs between two runs over the same facts."""
    project: str | None
    """The configured project; None leaves the service's default."""
    endpoint: str
    head: str | None
    """The commit of the manifests, where they are in git."""
    refreshed: bool
    """The service was asked; False for `plan --offline`."""
    partly: bool = False
    """It was asked only about what may need something (`--refresh needed`)."""
    since: str | None = None
    """The commit with which the work tree was compared (`--since`): the plan is about the rest."""
    only: tuple[str, ...] = ()
    """The names or patterns that the plan is about (`--only`); empty where it is about all."""
    endpoints: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """By project, where it is not `endpoint`."""
