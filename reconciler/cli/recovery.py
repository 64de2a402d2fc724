"""Before an apply: what an earlier one may have left open."""

from __future__ import annotations

from threading import Event

from reconciler import __version__
from reconciler.apply.context import Context
from reconciler.apply.intents import Patience
from reconciler.apply.recover import recover
from reconciler.cli.console import note
from reconciler.cli.workspace import Workspace, now
from reconciler.git.head import head
from reconciler.plan.outcomes import Outcome
from reconciler.ports import ReadOnlyService, StateStore
from reconciler.render.escape import terminal


def context_of(workspace: Workspace) -> Context:
    """What the records of this run say about it."""
    return Context(
        endpoint=workspace.settings.endpoint,
        head=head(workspace.root),
        tool_version=__version__,
        clock=now,
        endpoints=workspace.settings.endpoints,
    )


def patience_of(stop: Event) -> Patience:
    """As long as anybody waits for an application without an answer, unless `stop` is set."""
    return Patience(pause=stop.wait)


def recovered(
    store: StateStore, service: ReadOnlyService, context: Context, stop: Event
) -> tuple[Outcome, ...]:
    """Find out about applications without a known end; what was found is recorded and told."""
    made = recover(store, service, context, patience_of(stop))
    for each in made:
        words = f"{each.name}: {each.id} was applied for {each.detail}; it is recorded now."
        note(terminal(words))
    return made
