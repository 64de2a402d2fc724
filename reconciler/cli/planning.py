"""From a repository to its plan: what `plan`, `apply`, `status` and `demo` have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from threading import Event

from reconciler import __version__
from reconciler.apply.run import Applied
from reconciler.cli.workspace import Workspace, now, require_project
from reconciler.errors import (
    EXIT_DONE,
    EXIT_FAILURE,
    EXIT_REFUSED,
    ServiceError,
    UsageError,
    worst,
)
from reconciler.git.head import head
from reconciler.load import Repository
from reconciler.model import NOT_ASKED, Observed
from reconciler.observe import Question, observe
from reconciler.plan.build import build
from reconciler.plan.changes import Plan, Reason
from reconciler.plan.outcomes import Result
from reconciler.plan.pairing import Target, pair
from reconciler.ports import ReadOnlyService
from reconciler.render.header import PlanHeader
from reconciler.state.open import open_state

_CODES = {Result.FAILED: EXIT_FAILURE, Result.UNKNOWN: EXIT_FAILURE}
_REFUSALS = frozenset({Reason.APPROVED_IMMUTABLE, Reason.DISABLED, Reason.NOT_FOUND})
"""Skipping for one of these leaves the manifest's wish undone."""

Answers = Mapping[Question, Observed | ServiceError]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan and what it was made from."""

    plan: Plan
    header: PlanHeader
    targets: tuple[Target, ...]
    answers: Answers


def make_plan(
    workspace: Workspace,
    repository: Repository,
    service: ReadOnlyService | None,
    *,
    only: Sequence[str] = (),
    stop: Event,
) -> Planned:
    """Compare manifests, records and, where there is a `service`, its answers.

    Raises `StateError`, `HopelessError`, `InterruptError`, and `UsageError` for an unknown name.
    """
    records = open_state(workspace.settings.state, root=workspace.root).load()
    targets = _selected(pair(repository.desired, records), only)
    answers = _ask(workspace, targets, service, stop)
    plan = build([(each, _answer(each, answers)) for each in targets], records)
    return Planned(
        plan=plan,
        header=_header(workspace, refreshed=service is not None),
        targets=targets,
        answers=answers,
    )


def exit_code(plan: Plan) -> int:
    """1 where a signature could not be read, 4 where a change is blocked, else 0."""
    return worst(
        [
            EXIT_FAILURE if plan.errors else EXIT_DONE,
            EXIT_REFUSED if plan.summary["blocked"] else EXIT_DONE,
        ]
    )


def applied_code(plan: Plan, applied: Applied) -> int:
    """The exit code of an apply: its worst outcome, and what ended it early."""
    codes = [exit_code(plan), *(_CODES.get(each.result, EXIT_DONE) for each in applied.outcomes)]
    codes += [EXIT_REFUSED for each in applied.outcomes if each.reason in _REFUSALS]
    if applied.stopped_by is not None:
        codes.append(applied.stopped_by.exit_code)
    return worst(codes)


def question(target: Target) -> Question:
    """By id where there is one, else by content."""
    content = None if target.id is not None or target.desired is None else target.desired.content
    return Question(project=target.project, id=target.id, content=content)


def _ask(
    workspace: Workspace,
    targets: Iterable[Target],
    service: ReadOnlyService | None,
    stop: Event,
) -> Answers:
    managed = [target for target in targets if target.desired is not None]
    if service is None or not managed:
        return {}
    require_project({target.project for target in managed})
    return observe(
        [question(target) for target in managed],
        service,
        parallelism=workspace.settings.parallelism,
        stop=stop,
    )


def _answer(target: Target, answers: Answers) -> Observed | ServiceError:
    return answers.get(question(target), NOT_ASKED)


def _selected(targets: tuple[Target, ...], only: Sequence[str]) -> tuple[Target, ...]:
    """`--only`: a pattern that matches nothing is a mistake, never an empty plan."""
    for pattern in only:
        if not any(fnmatchcase(target.name, pattern) for target in targets):
            raise UsageError(
                f"--only {pattern}: there is no such signature",
                "A name is the manifest's path below signatures/ without its ending.",
            )
    if not only:
        return targets
    return tuple(t for t in targets if any(fnmatchcase(t.name, each) for each in only))


def _header(workspace: Workspace, *, refreshed: bool) -> PlanHeader:
    return PlanHeader(
        tool_version=__version__,
        timestamp=now().isoformat(timespec="seconds"),
        project=workspace.settings.project or None,
        endpoint=workspace.settings.endpoint,
        head=head(workspace.root),
        refreshed=refreshed,
    )
