"""Signatures whose manifests were all edited, and a plan of them that is walked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from reconciler.apply.run import Applied
from reconciler.model import Recorded, ReviewStatus
from reconciler.plan.outcomes import Outcome, Result
from tests.unit.builders import PROJECT, desired, recorded
from tests.unit.engine import carry_out, plan_for
from tests.unit.fakes import FakeService, FakeStore, Remote, Script, peace

WAIT = 10.0
"""Seconds before a test gives up on a thread; none waits that long unless it fails."""


class World:
    """`count` signatures `SIG0`…, recorded and pending, whose manifests were all edited."""

    def __init__(self, count: int, *, ids: Mapping[str, tuple[str, ...]] | None = None) -> None:
        named = ids or {f"n{n}": (f"SIG{n}",) for n in range(count)}
        self.desired = [
            desired(name, ids=own, content=f"第{name}号店") for name, own in named.items()
        ]
        records: dict[str, Recorded] = {}
        remotes: dict[str, Remote] = {}
        for name, own in named.items():
            for each in own:
                records[each] = recorded(each, name=name)
                remotes[each] = Remote(
                    project=PROJECT, content="甲乙丙丁", status=ReviewStatus.PENDING
                )
        self.service, self.store = FakeService(remotes), FakeStore(records)
        self.reported: list[Outcome] = []
        self.stop = threading.Event()

    def apply(
        self,
        *,
        service: Script = peace,
        store: Script = peace,
        parallelism: int = 1,
        report: Callable[[Outcome], None] = lambda _: None,
    ) -> Applied:
        plan = plan_for(self.desired, self.service, self.store)
        self.service.script, self.store.script = service, store

        def reporting(outcome: Outcome) -> None:
            self.reported.append(outcome)
            report(outcome)

        return carry_out(
            plan,
            self.service,
            self.store,
            parallelism=parallelism,
            stop=self.stop,
            report=reporting,
        )

    def changed(self) -> list[str]:
        """The ids whose record is that of the manifest now."""
        wanted = {each: want.content for want in self.desired for each in want.ids}
        return [
            key for key, had in self.store.records.items() if had.submission.content == wanted[key]
        ]


def results(applied: Applied) -> list[tuple[str | None, Result, str]]:
    return [(each.id, each.result, each.reason) for each in applied.outcomes]
