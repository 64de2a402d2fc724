"""The engine's way from manifests to outcomes, wired to the fakes as the command line wires it."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import UTC, datetime

from reconciler.apply.context import Context
from reconciler.apply.intents import Patience
from reconciler.apply.run import Applied, Report, apply
from reconciler.apply.steps import Steps
from reconciler.errors import HopelessError, ServiceError
from reconciler.model import NOT_ASKED, Desired
from reconciler.plan.build import Answer, build
from reconciler.plan.changes import QUIET, Change, Plan
from reconciler.plan.pairing import Target, pair
from reconciler.ports import ReadOnlyService, Service, StateStore

NOW = datetime(2026, 11, 22, 8, 30, tzinfo=UTC)
CONTEXT = Context(
    endpoint="http://service.example", head="c0ffee", tool_version="0.1.0", clock=lambda: NOW
)

PATIENCE = Patience(pause=lambda _: False)
"""Looks as often as the real one, and waits for nothing."""


def ask(target: Target, service: ReadOnlyService) -> Answer:
    """By id where there is one, else by content; a hopeless answer ends everything."""
    if target.desired is None:
        return NOT_ASKED
    try:
        if target.id is not None:
            return service.find(project=target.project, id=target.id)
        return service.find_content(project=target.project, content=target.desired.content or "")
    except HopelessError:
        raise
    except ServiceError as error:
        return error


def plan_for(desired: Iterable[Desired], service: ReadOnlyService, store: StateStore) -> Plan:
    records = store.load()
    return build([(each, ask(each, service)) for each in pair(desired, records)], records)


def carry_out(
    plan: Plan,
    service: Service,
    store: StateStore,
    *,
    parallelism: int = 1,
    stop: threading.Event | None = None,
    report: Report = lambda _: None,
) -> Applied:
    return apply(
        plan,
        Steps(service, CONTEXT, store, PATIENCE),
        store,
        parallelism=parallelism,
        stop=stop or threading.Event(),
        report=report,
    )


def pending(plan: Plan) -> list[Change]:
    """The rows that would do something."""
    return [change for change in plan.changes if change.action not in QUIET]
