"""From a repository to its plan: what `plan`, `apply`, `status` and `demo` have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from threading import Event
from typing import TYPE_CHECKING, Protocol

from reconciler import __version__
from reconciler.cli.state_store import open_store
from reconciler.cli.workspace import Workspace, in_projects, now, require_project
from reconciler.errors import (
    EXIT_DONE,
    EXIT_FAILURE,
    EXIT_REFUSED,
    ServiceError,
    UsageError,
    worst,
)
from reconciler.git.head import head
from reconciler.model import NOT_ASKED, Observed
from reconciler.plan.asking import is_asked
from reconciler.plan.build import build
from reconciler.plan.changes import Action, Plan
from reconciler.plan.pairing import Target, pair
from reconciler.plan.refresh import Refresh
from reconciler.ports import ReadOnlyService, StateStore
from reconciler.render.header import PlanHeader
from reconciler.repository import Repository

if TYPE_CHECKING:  # only some commands and options need these
    from reconciler.apply.run import Applied
    from reconciler.model import Recorded
    from reconciler.observe import Question
    from reconciler.since.scope import Scope

_NOTHING = Plan(changes=(), errors=())

Answers = Mapping["Question", Observed | ServiceError]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A plan and what it was made from."""

    plan: Plan
    header: PlanHeader
    targets: tuple[Target, ...]
    answers: Answers
    left_out: tuple[Target, ...] = ()
    """What the plan is not about, for `--only` and `--since`."""
    elsewhere: Plan = _NOTHING
    """With `--since`: what else an apply would find, which the branch does not touch."""


def make_plan(
    workspace: Workspace,
    repository: Repository,
    service: ReadOnlyService | None,
    *,
    only: Sequence[str] = (),
    since: str | None = None,
    refresh: Refresh = Refresh.ALL,
    stop: Event,
    store: StateStore | None = None,
    elsewhere: bool = True,
    check: Callable[[Sequence[Target]], None] | None = None,
) -> Planned:
    """Compare manifests, records and, where there is a `service`, its answers.

    `store` is the state where it is open already, as it is while its lock is held.

    `since` names a commit: the plan is then about what differs from its merge base. The service is
    asked about the others too, unless nobody wants to know what is `elsewhere`; `refresh` says how
    much. Without a `service`, the manifests of that commit stand in for the records, unless
    `refresh` is `NONE`. `check` is shown what the plan is about before anybody is asked, and may
    refuse.

    Raises `StateError`, `HopelessError`, `InterruptError`, `UsageError` for an unknown name or
    commit, and `GitError`.
    """
    scope = None if since is None else _scope(workspace, repository, since)
    if scope is not None and service is None and refresh is not Refresh.NONE:
        return _compared(workspace, repository, scope, only)
    records = _records(workspace, service, store or open_store(workspace))
    everyone = pair(repository.desired, records)
    chosen, others = _parted(everyone, _named(everyone, only))
    targets, rest = (chosen, ()) if scope is None else _parted(chosen, scope.covers)
    if check is not None:
        check(targets)
    shown = _telling(rest, refresh) if elsewhere else ()
    asked = [each for each in (*targets, *shown) if is_asked(each, refresh)]
    answers = _ask(workspace, asked, service, stop)

    def planned(some: tuple[Target, ...], left_out: tuple[Target, ...]) -> Plan:
        answered = [(each, _answer(each, answers)) for each in some]
        return build(answered, records, left_out=left_out)

    left_out = (*others, *rest)
    return Planned(
        plan=planned(targets, left_out),
        header=_header(
            workspace, refresh=Refresh.NONE if service is None else refresh, scope=scope, only=only
        ),
        targets=targets,
        answers=answers,
        left_out=left_out,
        elsewhere=_noteworthy(planned(shown, (*others, *targets))),
    )


def _records(
    workspace: Workspace, service: ReadOnlyService | None, store: StateStore
) -> Mapping[str, Recorded]:
    if service is None:  # nobody can be asked about applications without a known end
        return store.load()
    from reconciler.apply.recover import known_records
    from reconciler.cli.recovery import context_of

    return known_records(store, service, context_of(workspace))


def _telling(rest: tuple[Target, ...], refresh: Refresh) -> tuple[Target, ...]:
    """Those that may have something to say: whom `needed` leaves out is in sync for all we know."""
    if refresh is not Refresh.NEEDED:
        return rest
    return tuple(each for each in rest if each.desired is None or is_asked(each, refresh))


def _noteworthy(plan: Plan) -> Plan:
    """Without the rows that have nothing to do and nothing to look at."""
    changes = (c for c in plan.changes if c.action is not Action.NO_OP or c.verdict.attention)
    return replace(plan, changes=tuple(changes))


def _scope(workspace: Workspace, repository: Repository, since: str) -> Scope:
    from reconciler.since.scope import scope_of

    return scope_of(
        workspace.root,
        since,
        repository=repository,
        default_project=workspace.settings.project or "",
    )


def _compared(
    workspace: Workspace, repository: Repository, scope: Scope, only: Sequence[str]
) -> Planned:
    """Manifests with manifests: no service, no state."""
    from reconciler.since.compare import compare

    touched = repository.at(scope.paths)
    earlier = in_projects(workspace, scope.earlier)
    whole = compare(earlier, touched, commit=scope.commit, endpoint=workspace.settings.endpoint)
    if only:
        # A name that the branch does not touch is no mistake.
        is_named = _named((*whole.changes, *repository.desired), only)
        whole = Plan(changes=tuple(each for each in whole.changes if is_named(each)), errors=())
    header = _header(workspace, refresh=Refresh.NONE, scope=scope, only=only)
    return Planned(plan=whole, header=header, targets=(), answers={})


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
    from reconciler.plan.outcomes import Result

    failed = (Result.FAILED, Result.UNKNOWN)
    codes = [exit_code(plan)]
    codes += [EXIT_FAILURE for each in applied.outcomes if each.result in failed]
    codes += [EXIT_REFUSED for each in applied.outcomes if each.refused]
    if applied.stopped_by is not None:
        codes.append(applied.stopped_by.exit_code)
    return worst(codes)


def question(target: Target) -> Question:
    """By id where there is one, else by content."""
    from reconciler.observe import Question

    content = None if target.id is not None or target.desired is None else target.desired.content
    return Question(project=target.project, id=target.id, content=content)


def _ask(
    workspace: Workspace,
    targets: Iterable[Target],
    service: ReadOnlyService | None,
    stop: Event,
) -> Answers:
    managed = tuple(targets)
    if service is None or not managed:
        return {}
    from reconciler.observe import observe

    require_project({target.project for target in managed})
    return observe(
        [question(target) for target in managed],
        service,
        parallelism=workspace.settings.parallelism,
        stop=stop,
    )


def _answer(target: Target, answers: Answers) -> Observed | ServiceError:
    return answers.get(question(target), NOT_ASKED) if answers else NOT_ASKED


class _Named(Protocol):
    @property
    def name(self) -> str: ...


def _named(everyone: Iterable[_Named], only: Sequence[str]) -> Callable[[_Named], bool]:
    """`--only`: a pattern that matches nothing is a mistake, never an empty plan."""
    names = {each.name for each in everyone}
    for pattern in only:
        if not any(fnmatchcase(name, pattern) for name in names):
            raise UsageError(
                f"--only {pattern}: there is no such signature",
                "A name is the manifest's path below signatures/ without its ending.",
            )
    return lambda each: not only or any(fnmatchcase(each.name, pattern) for pattern in only)


def _parted(
    targets: Iterable[Target], belongs: Callable[[Target], bool]
) -> tuple[tuple[Target, ...], tuple[Target, ...]]:
    """Those that belong, and the others."""
    parts: tuple[list[Target], list[Target]] = ([], [])
    for target in targets:
        parts[0 if belongs(target) else 1].append(target)
    return tuple(parts[0]), tuple(parts[1])


def _header(
    workspace: Workspace, *, refresh: Refresh, scope: Scope | None, only: Sequence[str]
) -> PlanHeader:
    return PlanHeader(
        tool_version=__version__,
        timestamp=now().isoformat(timespec="seconds"),
        project=workspace.settings.project or None,
        endpoint=workspace.settings.endpoint,
        head=head(workspace.root),
        refreshed=refresh is not Refresh.NONE,
        partly=refresh is Refresh.NEEDED,
        since=None if scope is None else scope.commit,
        only=tuple(only),
        endpoints=workspace.settings.endpoints,
    )
