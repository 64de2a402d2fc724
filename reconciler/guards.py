"""Refuse dangerous plans: one named step between plan and apply. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from reconciler.errors import RefusedError
from reconciler.plan.changes import Action, Change, Plan

_KINDS = {
    Action.RESUBMIT: "submissions",
    Action.CREATE: "submissions",
    Action.DELETE: "deletions",
    Action.FORGET: "forgotten records",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one run may do."""

    max_submissions: int
    """As many submissions, as many deletions and as many forgotten records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refusal:
    summary: str
    advice: str


def guard(plan: Plan, limits: Limits) -> None:
    """Raise `RefusedError`, naming every limit that the plan exceeds; return where it is safe."""
    refusals = [*_counts(plan, limits), *_same_content(plan.changes), *_emptied(plan)]
    if refusals:
        summaries = dict.fromkeys(refusal.summary for refusal in refusals)
        advice = dict.fromkeys(refusal.advice for refusal in refusals)
        raise RefusedError("; ".join(summaries), " ".join(advice))


def stale(plan: Plan, reviewed: str) -> None:
    """Raise `RefusedError` unless the plan would do exactly what was reviewed."""
    if plan.fingerprint != reviewed:
        raise RefusedError(
            f"the plan is stale: {_short(reviewed)} was reviewed, "
            f"but now {_short(plan.fingerprint)} would be done",
            "Run `reconciler plan` again, have it reviewed, and apply that one.",
        )


def _short(fingerprint: str) -> str:
    return fingerprint[:12]


def _counts(plan: Plan, limits: Limits) -> Iterable[_Refusal]:
    counts = Counter(_KINDS.get(change.action) for change in plan.changes)
    exceeded = [k for k in dict.fromkeys(_KINDS.values()) if counts[k] > limits.max_submissions]
    enough = max((counts[kind] for kind in exceeded), default=0)
    for kind in exceeded:
        yield _Refusal(
            summary=f"{counts[kind]} {kind} are more than the limit of {limits.max_submissions}",
            advice="Read the plan; if it is what you mean, raise the limit for this run: "
            f"--max-submissions {enough}.",
        )


def _same_content(changes: Iterable[Change]) -> Iterable[_Refusal]:
    """Two manifests that would leave the service with the same brand twice in one project."""
    seen: dict[tuple[str, str], str] = {}
    for change in changes:
        desired = change.desired
        if desired is None or desired.content is None or desired.absent:
            continue
        first = seen.setdefault((change.project, desired.content), change.name)
        if first != change.name:
            yield _Refusal(
                summary=f"{first} and {change.name} would both have the content {desired.content}",
                advice="Give one of them other content, or list both ids in one manifest.",
            )


def _emptied(plan: Plan) -> Iterable[_Refusal]:
    """Every record forgotten and no manifest left: more likely a wrong directory than a wish."""
    managed = any(change.desired is not None for change in plan.changes)
    if plan.changes and not managed and not plan.errors:
        yield _Refusal(
            summary=f"there is no manifest, but the state has {len(plan.changes)} records",
            advice="Check --root and the branch; "
            "`reconciler state rm` forgets a record on purpose.",
        )
