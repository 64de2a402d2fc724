"""One look at everything managed: where the reviewers stand, and what is remembered of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from threading import Event

from reconciler.cli.console import warn
from reconciler.cli.planning import make_plan
from reconciler.cli.state_store import open_store
from reconciler.cli.workspace import Workspace, now, read_only_service
from reconciler.errors import KeptError, RefusedError
from reconciler.model import Recorded
from reconciler.plan.board import Row, board, observations
from reconciler.plan.changes import Failure
from reconciler.repository import Repository
from reconciler.rules.reasons import rules_for


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What one look showed."""

    rows: tuple[Row, ...]
    complete: bool
    """Every one could be asked about."""
    unread: tuple[Failure, ...] = ()
    """Those that could not, and why."""


def look(workspace: Workspace, repository: Repository, only: Sequence[str], stop: Event) -> Look:
    """Ask about all, or about those that the patterns name, and keep what was seen.

    Raises what `make_plan` does, and `StateError` where it cannot be kept.
    """
    with read_only_service(workspace, stop) as service:
        plan = make_plan(workspace, repository, service, only=only, stop=stop).plan
    time = now()
    remember(workspace, observations(plan, time))
    rows = tuple(replace(row, rules=rules_for(row.rejection)) for row in board(plan, time))
    return Look(rows=rows, complete=not plan.errors, unread=plan.errors)


def remember(workspace: Workspace, records: Iterable[Recorded]) -> None:
    """Keep what was seen; an apply that holds the lock is not waited for, since it writes too.

    A record that somebody has written since the look stays as it is.
    """
    fresh = tuple(records)
    if not fresh:
        return
    store = open_store(workspace)
    try:
        with store.lock():
            known = store.load()
            for record in fresh:
                had = known.get(record.id)
                if had is not None and replace(had, observation=record.observation) == record:
                    store.put(record)
    except RefusedError as error:
        warn(f"what was seen is not recorded: {error.summary}")
    except KeptError as error:
        warn(f"{error.summary}. {error.advice}")
