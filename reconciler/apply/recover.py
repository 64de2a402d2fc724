"""What became of the applications that an earlier run has left open."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.apply.context import Context
from reconciler.apply.intents import Patience, ask, fulfilled, look_for
from reconciler.errors import ServiceError
from reconciler.model import Observed, Recorded
from reconciler.plan.changes import Reason
from reconciler.plan.outcomes import Outcome, Result
from reconciler.ports import ReadOnlyService, StateStore


def recover(
    store: StateStore, service: ReadOnlyService, context: Context, patience: Patience
) -> tuple[Outcome, ...]:
    """Look for each, and record what is there as created by us; hold the state's lock meanwhile.

    One that is not there after all is dropped: it may be applied for again. One that could not be
    looked for stays, and keeps its content from being applied for. Raises `StateError` and
    `InterruptError`.
    """
    intents = [each for each in store.intents().values() if _is_here(each, context)]
    if not intents:
        return ()
    answers = look_for(intents, service, patience)
    known = store.load()
    made: list[Outcome] = []
    for intent in intents:
        seen = answers[intent.id]
        if isinstance(seen, ServiceError):
            continue
        if seen.id is not None and seen.id not in known:
            store.put(fulfilled(intent, seen.id))
            made.append(_created(intent, seen.id))
        store.end(intent.id)
    return tuple(made)


def known_records(
    store: StateStore, service: ReadOnlyService | None, context: Context
) -> Mapping[str, Recorded]:
    """All records by id, with those that `recover` would make; nothing is written.

    Without a `service` nobody can be asked. Raises `StateError` and `InterruptError`.
    """
    records = store.load()
    if service is None:
        return records
    found = dict(records)
    for intent in store.intents().values():
        seen = ask(intent, service) if _is_here(intent, context) else None
        if isinstance(seen, Observed) and seen.id is not None:
            found.setdefault(seen.id, fulfilled(intent, seen.id))
    return found


def _is_here(intent: Recorded, context: Context) -> bool:
    """Another service knows nothing of it."""
    return intent.endpoint == context.endpoint_of(intent.project)


def _created(intent: Recorded, id: str) -> Outcome:
    return Outcome(
        name=intent.name,
        id=id,
        result=Result.CREATED,
        reason=Reason.NEW.value,
        detail="by an earlier run, which ended before it could record it",
    )
