"""`reconciler apply`: do what the plan says, once somebody has agreed to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.finish import finish
from reconciler.cli.options import Endpoint, Format, Only, Output, Profile, Project, Root, Since

if TYPE_CHECKING:
    from threading import Event

    from reconciler.cli.consent import Consent
    from reconciler.cli.planning import Planned
    from reconciler.cli.workspace import Workspace
    from reconciler.load import Repository
    from reconciler.plan.outcomes import Outcome
    from reconciler.ports import Service, StateStore


def apply(
    *,
    root: Root = Path(),
    output: Output = Format.TEXT,
    plan: Annotated[
        Path | None,
        typer.Option("--plan", metavar="FILE", help="Apply this saved plan, or refuse."),
    ] = None,
    fingerprint: Annotated[
        str | None,
        typer.Option("--fingerprint", metavar="HEX", help="Apply the plan with this, or refuse."),
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    max_submissions: Annotated[
        int | None,
        typer.Option("--max-submissions", min=0, metavar="N", help="The limit for this run."),
    ] = None,
    only: Only = None,
    since: Since = None,
    project: Project = None,
    endpoint: Endpoint = None,
    profile: Profile = None,
) -> None:
    """Plan, ask, and submit what the plan says; each outcome is recorded as it is known."""
    from reconciler.cli.consent import consent_of
    from reconciler.cli.interrupt import stop_on_signals
    from reconciler.cli.workspace import open_workspace, read_repository
    from reconciler.settings.values import Flags

    consent = consent_of(yes=yes, plan=plan, fingerprint=fingerprint)
    workspace = open_workspace(
        root,
        Flags(project=project, endpoint=endpoint, profile=profile, max_submissions=max_submissions),
    )
    repository = read_repository(workspace)
    with stop_on_signals() as stop:
        outcomes, code = _run(
            workspace,
            repository,
            consent=consent,
            only=only or [],
            since=since,
            output=output,
            stop=stop,
        )
    _close(outcomes, output)
    finish(code)


def _run(
    workspace: Workspace,
    repository: Repository,
    *,
    consent: Consent,
    only: list[str],
    since: str | None,
    output: Format,
    stop: Event,
) -> tuple[tuple[Outcome, ...], int]:
    """Plan and apply under one lock, so that nobody else changes the records in between."""
    from reconciler.cli.planning import exit_code, make_plan
    from reconciler.cli.workspace import service
    from reconciler.state.open import open_state

    store = open_state(workspace.settings.state, root=workspace.root)
    with service(workspace, stop) as usms, store.lock():
        planned = make_plan(workspace, repository, usms, only=only, since=since, stop=stop)
        if not _agreed(workspace, repository, planned, consent):
            return (), exit_code(planned.plan)
        return _write(workspace, planned, usms=usms, store=store, output=output, stop=stop)


def _agreed(
    workspace: Workspace, repository: Repository, planned: Planned, consent: Consent
) -> bool:
    """Show the plan, hold it against the guards and against what was reviewed, and ask."""
    import sys

    from reconciler.cli.agreement import agree
    from reconciler.cli.console import note, painter
    from reconciler.cli.workspace import warnings_by_name
    from reconciler.guards import Limits, guard
    from reconciler.render.plan_text import plan_summary, plan_text

    if consent.reviewed is not None:  # whoever reviewed it has seen it already
        note(plan_summary(planned.plan))
    else:
        found = warnings_by_name(repository.problems)
        paint = painter(sys.stderr)
        note(plan_text(planned.plan, planned.header, painter=paint, warnings=found))
    guard(planned.plan, Limits(max_submissions=workspace.settings.max_submissions))
    return agree(planned, consent)


def _write(
    workspace: Workspace,
    planned: Planned,
    *,
    usms: Service,
    store: StateStore,
    output: Format,
    stop: Event,
) -> tuple[tuple[Outcome, ...], int]:
    from reconciler import __version__
    from reconciler.apply.run import apply as run
    from reconciler.apply.context import Context
    from reconciler.apply.steps import Steps
    from reconciler.cli.planning import applied_code
    from reconciler.cli.progress import reporting
    from reconciler.cli.workspace import now

    context = Context(
        endpoint=workspace.settings.endpoint,
        head=planned.header.head,
        tool_version=__version__,
        clock=now,
    )
    with reporting(planned.plan, quiet=output is not Format.TEXT) as report:
        applied = run(
            planned.plan,
            Steps(usms, context),
            store,
            parallelism=workspace.settings.parallelism,
            stop=stop,
            report=report,
        )
    return applied.outcomes, applied_code(planned.plan, applied)


def _close(outcomes: tuple[Outcome, ...], output: Format) -> None:
    from reconciler.cli.console import say

    if output is Format.JSON:
        from reconciler.render.dump import dumps
        from reconciler.render.outcomes_json import outcomes_document

        say(dumps(outcomes_document(outcomes)))
    elif output is Format.MARKDOWN:
        from reconciler.render.outcomes_markdown import outcomes_markdown

        say(outcomes_markdown(outcomes))
    else:
        from reconciler.render.outcomes_text import outcomes_summary

        say(outcomes_summary(outcomes))
