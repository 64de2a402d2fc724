"""`reconciler apply`: do what the plan says, once somebody has agreed to it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.finish import finish
from reconciler.cli.format import Format
from reconciler.cli.notifying import Notify, tell_applied
from reconciler.cli.options import (
    Ask,
    Endpoint,
    Only,
    Output,
    Profile,
    Project,
    Root,
    Since,
)
from reconciler.cli.state_move import LockTimeout
from reconciler.errors import EXIT_DONE, KeptError, ReconcilerError, RefusedError, worst
from reconciler.plan.guarded import Guard
from reconciler.plan.refresh import Refresh

if TYPE_CHECKING:
    from collections.abc import Sequence
    from threading import Event

    from reconciler.apply.steps import Steps
    from reconciler.cli.consent import Consent
    from reconciler.cli.planning import Planned
    from reconciler.cli.workspace import Workspace
    from reconciler.errors import ReconcilerError
    from reconciler.guards import Here, Limits
    from reconciler.plan.outcomes import Outcome
    from reconciler.ports import StateStore
    from reconciler.repository import Repository


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
    allow: Annotated[
        list[Guard] | None,
        typer.Option("--allow", help="Let this guard through, for this run; repeatable."),
    ] = None,
    lock_timeout: LockTimeout = None,
    write_ids: Annotated[
        bool, typer.Option("--write-ids", help="Write new ids into their manifests.")
    ] = False,
    notify: Notify = None,
    only: Only = None,
    since: Since = None,
    refresh: Ask = None,
    project: Project = None,
    endpoint: Endpoint = None,
    profile: Profile = None,
) -> None:
    """Plan, ask, and submit what the plan says; each outcome is recorded as it is known."""
    from reconciler.cli.agreement import same_place
    from reconciler.cli.consent import consent_of
    from reconciler.cli.console import complain
    from reconciler.cli.interrupt import stop_on_signals
    from reconciler.cli.state_store import lock_seconds, open_store
    from reconciler.cli.workspace import open_workspace, read_repository, tell_notes
    from reconciler.guards import Limits
    from reconciler.settings.values import Flags

    consent = consent_of(yes=yes, plan=plan, fingerprint=fingerprint)
    seconds = lock_seconds(lock_timeout)
    workspace = open_workspace(
        root,
        Flags(project=project, endpoint=endpoint, profile=profile, max_submissions=max_submissions),
    )
    repository = read_repository(workspace)
    same_place(workspace, consent)
    tell_notes(repository)
    with stop_on_signals() as stop:
        done = _run(
            workspace,
            repository,
            open_store(workspace, seconds=seconds, stop=stop),
            consent=consent,
            limits=Limits(
                max_submissions=workspace.settings.max_submissions,
                allowed=frozenset(allow or ()),
            ),
            only=only or consent.only,
            since=since or consent.since,
            refresh=refresh or consent.refresh,
            write_ids=write_ids,
            output=output,
            stop=stop,
        )
    if done.outcomes or done.trouble is None or output is Format.JSON:
        _close(done.outcomes, output)  # a refusal has nothing to add up
    tell_applied(notify, done.outcomes)
    if done.trouble is not None:
        complain(done.trouble.summary, done.trouble.advice)
    finish(done.code)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Done:
    """What came of it; `trouble` is what is told after the outcomes."""

    outcomes: tuple[Outcome, ...]
    code: int
    trouble: ReconcilerError | None = None


def _run(
    workspace: Workspace,
    repository: Repository,
    store: StateStore,
    *,
    consent: Consent,
    limits: Limits,
    only: Sequence[str],
    since: str | None,
    refresh: Refresh,
    write_ids: bool,
    output: Format,
    stop: Event,
) -> _Done:
    """Plan and apply under one lock, so that nobody else changes the records in between."""
    from reconciler.apply.steps import Steps
    from reconciler.cli.agreement import here_of, is_quiet
    from reconciler.cli.planning import exit_code, make_plan
    from reconciler.cli.recovery import context_of, patience_of, recovered
    from reconciler.cli.workspace import service
    from reconciler.guards import place

    here = here_of(workspace, repository)
    done = _Done(outcomes=(), code=EXIT_DONE)
    try:
        with service(workspace, stop) as usms, store.lock():
            context = context_of(workspace)
            earlier = recovered(store, usms, context, stop)
            done = _Done(outcomes=earlier, code=EXIT_DONE)
            planned = make_plan(
                workspace,
                repository,
                usms,
                only=only,
                since=since,
                refresh=refresh,
                stop=stop,
                store=store,
                elsewhere=False,
                check=lambda targets: place(targets, limits, here),
            )
            done = replace(done, code=exit_code(planned.plan))
            agreed = _agreed(repository, planned, consent, limits, here)
            # Even with nothing to send, records follow the manifests that were moved.
            if agreed or is_quiet(planned.plan):
                steps = Steps(usms, context, store, patience_of(stop))
                done = _write(workspace, planned, steps, store=store, output=output, stop=stop)
                done = replace(done, outcomes=(*earlier, *done.outcomes))
                code = _write_ids(workspace, repository, planned, store) if write_ids else EXIT_DONE
                done = replace(done, code=worst([done.code, code]))
    except ReconcilerError as error:
        # What was done is done: its outcomes must be told all the same. And a refusal may well
        # come from a query that failed, which weighs more (exit 1).
        if not (done.outcomes or isinstance(error, KeptError | RefusedError)):
            raise
        return replace(done, code=worst([done.code, error.exit_code]), trouble=error)
    return done


def _agreed(
    repository: Repository, planned: Planned, consent: Consent, limits: Limits, here: Here
) -> bool:
    """Show the plan, hold it against the guards and against what was reviewed, and ask."""
    import sys

    from reconciler.cli.agreement import agree
    from reconciler.cli.console import note, painter, warn
    from reconciler.cli.workspace import warnings_by_name
    from reconciler.guards import guard
    from reconciler.render.plan_text import plan_summary, plan_text

    if consent.reviewed is not None:  # whoever reviewed it has seen it already
        note(plan_summary(planned.plan))
        for row in planned.plan.errors:
            warn(f"{row.name}: {row.summary}")
    else:
        found = warnings_by_name(repository.problems)
        paint = painter(sys.stderr)
        note(plan_text(planned.plan, planned.header, painter=paint, warnings=found, command=None))
    guard(planned.plan, limits, replace(here, left_out=planned.left_out))
    return agree(planned, consent)


def _write(
    workspace: Workspace,
    planned: Planned,
    steps: Steps,
    *,
    store: StateStore,
    output: Format,
    stop: Event,
) -> _Done:
    from reconciler.apply.run import apply as run
    from reconciler.cli.planning import applied_code
    from reconciler.cli.progress import reporting

    with reporting(planned.plan, quiet=output is not Format.TEXT) as report:
        applied = run(
            planned.plan,
            steps,
            store,
            parallelism=workspace.settings.parallelism,
            stop=stop,
            report=report,
        )
    return _Done(
        outcomes=applied.outcomes,
        code=applied_code(planned.plan, applied),
        trouble=applied.stopped_by,
    )


def _write_ids(
    workspace: Workspace, repository: Repository, planned: Planned, store: StateStore
) -> int:
    from reconciler.cli.write_ids import write_ids

    names = {change.name for change in planned.plan.changes}
    return write_ids(workspace.root, repository, store, names)


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
