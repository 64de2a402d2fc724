"""What somebody should look at, although nobody has changed anything. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from reconciler.model import ReviewStatus
from reconciler.plan.changes import Action, Change, Plan, Reason
from reconciler.problems import Problem, Severity, sort_key

EXPIRY_RULES = frozenset({"USMS203", "USMS204"})
"""The rules about documents that are out of date, or soon will be."""


class Kind(StrEnum):
    """What is wrong, gravest first."""

    INVALID = "invalid"
    """A manifest has an error, so that nothing can be applied."""
    REJECTED = "rejected"
    DISABLED = "disabled"
    MISSING = "missing"
    """The service does not know it any more."""
    DRIFTED = "drifted"
    """The service shows other content than was submitted."""
    BLOCKED = "blocked"
    """The manifest asks for something that the service does not take, or not now."""
    NOT_APPLIED = "not-applied"
    """The manifest asks for something that was not done yet."""
    EXPIRING = "expiring"
    """A document is out of date, or soon will be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One thing to look at."""

    kind: Kind
    name: str
    """The signature's name, or the file's path where it has none."""
    id: str | None = None
    detail: str = ""
    """The reviewer's reason, or the rule's words; may be empty."""


def troubles(plan: Plan, problems: Iterable[Problem]) -> tuple[Trouble, ...]:
    """Everything that the service, the state and the manifests tell, gravest first.

    A signature that is suspended is left alone. One that could not be asked about is no trouble:
    nobody knows.
    """
    found = [*_of_manifests(problems), *(t for change in plan.changes for t in _of(change))]
    order = list(Kind)
    return tuple(sorted(found, key=lambda each: (order.index(each.kind), each.name, each.id or "")))


def _of(change: Change) -> Iterator[Trouble]:
    kind = _kind(change)
    if kind is not None:
        yield Trouble(kind=kind, name=change.name, id=change.id, detail=change.rejection or "")


def _kind(change: Change) -> Kind | None:
    reason = change.verdict.reason
    if reason is Reason.SUSPENDED or change.desired is None:
        return None
    if change.status in _BY_STATUS:
        return _BY_STATUS[change.status]
    if reason in _BY_REASON:
        return _BY_REASON[reason]
    return _BY_ACTION.get(change.action)


_BY_ACTION = {
    Action.BLOCKED: Kind.BLOCKED,
    **dict.fromkeys((Action.RESUBMIT, Action.CREATE, Action.DELETE), Kind.NOT_APPLIED),
}
_BY_STATUS = {ReviewStatus.REJECTED: Kind.REJECTED, ReviewStatus.DISABLED: Kind.DISABLED}
_BY_REASON = {Reason.DRIFTED: Kind.DRIFTED, Reason.NOT_FOUND: Kind.MISSING}


def _of_manifests(problems: Iterable[Problem]) -> Iterator[Trouble]:
    for problem in sorted(problems, key=sort_key):
        kind = _kind_of_problem(problem)
        if kind is not None:
            place = f"{problem.path}:{problem.position.line}"
            yield Trouble(
                kind=kind,
                name=problem.name or problem.path,
                detail=f"{place}: {problem.summary}",
            )


def _kind_of_problem(problem: Problem) -> Kind | None:
    if problem.rule in EXPIRY_RULES:
        return Kind.EXPIRING
    return Kind.INVALID if problem.severity is Severity.ERROR else None
