"""Between plan and apply: is this what was agreed to?"""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from reconciler.cli.recovery import context_of
from reconciler.errors import InterruptError, RefusedError
from reconciler.guards import Here, stale
from reconciler.plan.changes import QUIET, Plan

if TYPE_CHECKING:
    from reconciler.cli.consent import Consent
    from reconciler.cli.planning import Planned
    from reconciler.cli.workspace import Workspace
    from reconciler.repository import Repository


def agree(planned: Planned, consent: Consent) -> bool:
    """True to go on; False where there is nothing to do.

    Raises `RefusedError` where a person said no, and where the plan is not the reviewed one: no
    flag skips that comparison.
    """
    if consent.reviewed is not None:
        stale(planned.plan, consent.reviewed.fingerprint, consent.reviewed.rows)
    if is_quiet(planned.plan):
        return False
    return not consent.ask or _ask()


def same_place(workspace: Workspace, consent: Consent) -> None:
    """Raise `RefusedError` where a saved plan was made for another project or endpoint.

    Before anything is asked: the other place may not even know the project.
    """
    reviewed, settings = consent.reviewed, workspace.settings
    if reviewed is None or not reviewed.saved:
        return
    for word, then, here in (
        ("project", reviewed.project, settings.project or None),
        ("endpoint", reviewed.endpoint, settings.endpoint),
    ):
        if then != here:
            raise RefusedError(
                f"the saved plan is for the {word} {then}, but this run is for {here}",
                "Use the settings with which the plan was made, or make a new plan.",
            )


def is_quiet(plan: Plan) -> bool:
    """Nothing would be done, so nobody need agree to it."""
    return all(change.action in QUIET for change in plan.changes)


def here_of(workspace: Workspace, repository: Repository) -> Here:
    """What the guards must know about the repository and the service."""
    context = context_of(workspace)
    projects = (workspace.settings.project, *(each.project for each in repository.desired))
    return Here(
        manifests=repository.count,
        projects=frozenset(each for each in projects if each),
        endpoint_of=context.endpoint_of,
    )


def _ask() -> bool:
    """Ask, with Ctrl-C meaning what it means at any prompt: nothing was begun, so nothing waits."""
    import typer

    during_work = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        agreed = typer.confirm("Apply this?", default=False, err=True)
    except (KeyboardInterrupt, typer.Abort):
        raise InterruptError("interrupted at the question; nothing was done") from None
    finally:
        signal.signal(signal.SIGINT, during_work)
    if not agreed:
        raise RefusedError("declined; nothing was done")
    return True
