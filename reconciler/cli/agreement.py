"""Between plan and apply: is this what was agreed to?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from reconciler.errors import RefusedError
from reconciler.guards import stale
from reconciler.plan.changes import QUIET

if TYPE_CHECKING:
    from reconciler.cli.consent import Consent, Reviewed
    from reconciler.cli.planning import Planned


def agree(planned: Planned, consent: Consent) -> bool:
    """True to go on; False where there is nothing to do or a person said no.

    Raises `RefusedError` where the plan is not the reviewed one: no flag skips that comparison.
    """
    if consent.reviewed is not None:
        _same_place(planned, consent.reviewed)
        stale(planned.plan, consent.reviewed.fingerprint)
    if all(change.action in QUIET for change in planned.plan.changes):
        return False
    return not consent.ask or _ask()


def _same_place(planned: Planned, reviewed: Reviewed) -> None:
    if not reviewed.saved:
        return
    header = planned.header
    for word, then, here in (
        ("project", reviewed.project, header.project),
        ("endpoint", reviewed.endpoint, header.endpoint),
    ):
        if then != here:
            raise RefusedError(
                f"the saved plan is for the {word} {then}, but this run is for {here}",
                "Use the settings with which the plan was made, or make a new plan.",
            )


def _ask() -> bool:
    import typer

    return typer.confirm("Apply this?", default=False, err=True)
