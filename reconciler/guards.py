"""Refuse dangerous plans: one named step between plan and apply. Pure.

Each refusal says the number, the limit and the flag that raises the limit for this run.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from reconciler.errors import RefusedError
from reconciler.model import Recorded
from reconciler.plan.changes import REMOTE_WRITES, Action, Change, Plan
from reconciler.plan.guarded import Guard
from reconciler.plan.pairing import Target
from reconciler.plan.staleness import ReviewedRow, differences, row_of, unpinned

_KINDS = {
    Action.RESUBMIT: "submissions",
    Action.CREATE: "submissions",
    Action.DELETE: "deletions",
    Action.FORGET: "forgotten records",
}
_KEPT = frozenset({Action.BLOCKED, Action.NO_OP})
_LINES = 20
"""How many differences of a stale plan are told."""
_ONE_SERVICE = frozenset(
    {"api.ucloud.cn", "api.sms.ucloud.cn", "api.ucloud-global.com", "api.service.ucloud.cn"}
)
"""UCloud's own addresses for the same service: changing between them loses nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one run may do."""

    max_submissions: int
    """As many submissions, as many deletions and as many forgotten records."""
    allowed: frozenset[Guard] = frozenset()
    """The guards that are let through."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """The repository and the service that a plan is for."""

    manifests: int
    """How many there are, whatever part of them the plan is about."""
    projects: frozenset[str]
    """All that the manifests and the settings name."""
    endpoint_of: Callable[[str], str]
    """Where a project's signatures live."""
    left_out: Sequence[Target] = ()
    """What the plan is not about (`--only`, `--since`), which has its content all the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Refusal:
    summary: str
    advice: str


def guard(plan: Plan, limits: Limits, here: Here) -> None:
    """Raise `RefusedError`, naming every limit that the plan exceeds; return where it is safe."""
    refusals = list(_counts(plan, limits))
    for each, check in _CHECKS.items():
        if each not in limits.allowed:
            refusals += check(plan, here)
    if refusals:
        summaries = dict.fromkeys(refusal.summary for refusal in refusals)
        advice = dict.fromkeys(refusal.advice for refusal in refusals)
        raise RefusedError("; ".join(summaries), " ".join(advice))


def place(targets: Sequence[Target], limits: Limits, here: Here) -> None:
    """Before anybody is asked, raise `RefusedError` where the records are not for this place.

    `guard` would say so too, but a wrong service or project may not answer at all, or nonsense.
    """
    if Guard.OTHER_PLACE not in limits.allowed:
        for refusal in _strangers(targets, here):
            raise RefusedError(refusal.summary, refusal.advice)


def stale(plan: Plan, reviewed: str, rows: Sequence[ReviewedRow] | None = None) -> None:
    """Raise `RefusedError` unless the plan would do exactly what was reviewed.

    `rows` are those of the saved plan, for the differences; None where nobody has them: then all
    that would be done is told.
    """
    same = plan.fingerprint == reviewed
    found = [] if rows is None else list((unpinned if same else differences)(rows, plan))
    if same and not found:
        return
    summary = "the plan is stale: something else than was reviewed would be done"
    if not same:
        summary = (
            f"the plan is stale: {_short(reviewed)} was reviewed, "
            f"but now {_short(plan.fingerprint)} would be done"
        )
    told = _told(_now(plan) if rows is None else found)
    raise RefusedError(
        "\n".join([summary, *told]),
        "Run `reconciler plan` again, have it reviewed, and apply that one.",
    )


def _now(plan: Plan) -> list[str]:
    """What a person can hold against the plan that was reviewed, wherever that is."""
    writes = [change for change in plan.changes if change.action in REMOTE_WRITES]
    rows = [f"now: {each.action} {row_of(each).shown}: {each.verdict.reason}" for each in writes]
    return rows or ["now: nothing is left to send"]


def _told(lines: Sequence[str]) -> Iterator[str]:
    if not lines:
        yield "  the difference is in something that a plan does not show"
    yield from (f"  {line}" for line in lines[:_LINES])
    if len(lines) > _LINES:
        yield f"  and {len(lines) - _LINES} more"


def _short(fingerprint: str) -> str:
    return fingerprint[:12]


def _counts(plan: Plan, limits: Limits) -> Iterator[_Refusal]:
    counts = Counter(_KINDS.get(change.action) for change in plan.changes)
    exceeded = [k for k in dict.fromkeys(_KINDS.values()) if counts[k] > limits.max_submissions]
    enough = max((counts[kind] for kind in exceeded), default=0)
    for kind in exceeded:
        yield _Refusal(
            summary=f"{counts[kind]} {kind} are more than the limit of {limits.max_submissions}",
            advice="Read the plan; if it is what you mean, raise the limit for this run: "
            f"--max-submissions {enough}.",
        )


def _same_content(plan: Plan, here: Here) -> Iterator[_Refusal]:
    """Two manifests that would leave the service with the same brand twice in one project."""
    names: dict[tuple[str, str], list[str]] = {}
    for change in plan.changes:
        content = _content_after(change)
        if content is not None:
            names.setdefault((change.project, content), []).append(change.name)
    for target in here.left_out:
        if target.recorded is not None and target.desired is not None:
            # Two of these are no matter of this run: one of the plan has to be among them.
            using = names.get((target.project, target.recorded.submission.content), [])
            using += [target.name] if using else []
    for (_, content), using in names.items():
        distinct = list(dict.fromkeys(using))
        if len(distinct) > 1:
            yield _Refusal(
                summary=f"{' and '.join(distinct)} would both have the content {content}: "
                f"{len(distinct)} signatures, where the limit is 1",
                advice="Give one of them other content, or list both ids in one manifest. "
                + _let_through(Guard.SAME_CONTENT),
            )


def _content_after(change: Change) -> str | None:
    """What the service will have: where nothing is sent, what was recorded stays."""
    if change.desired is None or change.desired.absent:
        return None
    if change.action in _KEPT and change.recorded is not None:
        return change.recorded.submission.content
    return change.desired.content


def _emptied(plan: Plan, here: Here) -> Iterator[_Refusal]:
    """Everything forgotten and no manifest left: more likely a wrong directory than a wish."""
    gone = sum(change.desired is None for change in plan.changes)
    if gone and not here.manifests:
        yield _Refusal(
            summary=f"there is no manifest, but the state has {gone} "
            f"record{'' if gone == 1 else 's'}; the limit for forgetting everything is 0",
            advice="Check --root and the branch; "
            f"`reconciler state rm` forgets a record on purpose. {_let_through(Guard.EMPTY)}",
        )


def _elsewhere(plan: Plan, here: Here) -> Iterator[_Refusal]:
    """Records of another project or service: more likely a wrong state than a wish."""
    return _strangers(plan.changes, here)


def _strangers(rows: Iterable[Change | Target], here: Here) -> Iterator[_Refusal]:
    records = [row for row in rows if row.recorded is not None]
    for what, found in (
        ("service", [_other_service(row.recorded, here) for row in records]),
        ("project", [_other_project(row, here) for row in records]),
    ):
        strange = [each for each in found if each is not None]
        if strange:
            count, first = len(strange), strange[0]
            yield _Refusal(
                summary=f"{count} of {len(records)} records "
                f"belong{'s' if count == 1 else ''} to another {what} ({first}); the limit is 0",
                advice="Check the settings `state`, `project` and `endpoint`, and the profile. "
                + _let_through(Guard.OTHER_PLACE),
            )


def _other_service(recorded: Recorded | None, here: Here) -> str | None:
    if recorded is None or _service(recorded.endpoint) == _service(
        here.endpoint_of(recorded.project)
    ):
        return None
    return recorded.endpoint


def _service(endpoint: str) -> str:
    host = urlsplit(endpoint).hostname
    return "UCloud" if host in _ONE_SERVICE else endpoint.rstrip("/").lower()


def _other_project(row: Change | Target, here: Here) -> str | None:
    """A record that no manifest claims belongs here when any manifest is for its project."""
    project = "" if row.recorded is None else row.recorded.project
    own = (here.projects if row.desired is None else {row.project}) - {""}
    return project if project and own and project not in own else None


def _let_through(guard: Guard) -> str:
    return f"If it is what you mean, let it through for this run: --allow {guard.value}."


_CHECKS: dict[Guard, Callable[[Plan, Here], Iterable[_Refusal]]] = {
    Guard.SAME_CONTENT: _same_content,
    Guard.EMPTY: _emptied,
    Guard.OTHER_PLACE: _elsewhere,
}
