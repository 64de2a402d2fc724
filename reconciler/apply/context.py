"""What every record says about the run that made it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType

from reconciler.apply.step import submission
from reconciler.model import Observation, Origin, Recorded
from reconciler.plan.changes import Change
from reconciler.ports import Receipt


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """By what, when, from which manifests and against which service."""

    endpoint: str
    head: str | None
    tool_version: str
    clock: Callable[[], datetime]
    """The time now, in UTC."""
    endpoints: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """By project, where it is not `endpoint`."""

    def endpoint_of(self, project: str) -> str:
        """Where this project's signatures live."""
        return self.endpoints.get(project, self.endpoint)

    def now(self) -> str:
        """ISO 8601, UTC, to the second."""
        return self.clock().isoformat(timespec="seconds")

    def record(
        self,
        change: Change,
        id: str,
        origin: Origin,
        receipt: Receipt | None = None,
        *,
        observation: Observation | None = None,
    ) -> Recorded:
        """The record of what the manifest of this row asks for, under this id."""
        return Recorded(
            id=id,
            name=change.name,
            project=change.project,
            endpoint=self.endpoint_of(change.project),
            submission=submission(change),
            origin=origin,
            at=self.now(),
            request_uuid=None if receipt is None else receipt.request_uuid,
            head=self.head,
            tool_version=self.tool_version,
            observation=observation,
        )
