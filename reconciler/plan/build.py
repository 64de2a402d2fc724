"""Targets and the service's answers become a plan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from reconciler.errors import ServiceError, may_pass
from reconciler.model import NOT_ASKED, Observed, Recorded, ReviewStatus
from reconciler.plan.changes import Action, Change, Failure, Plan, Verdict
from reconciler.plan.diff import UNVERIFIABLE, differences, documents
from reconciler.plan.facts import establish
from reconciler.plan.pairing import Target
from reconciler.plan.table import decide

Answer = Observed | ServiceError
_NOTHING = frozenset({ReviewStatus.NOT_FOUND, ReviewStatus.UNKNOWN})


def build(
    answered: Iterable[tuple[Target, Answer]],
    records: Mapping[str, Recorded],
    *,
    left_out: Iterable[Target] = (),
) -> Plan:
    """Decide about every target; a failed query becomes a row under `errors`.

    `records` are all records by id: an id that was found by content may have one. `left_out` are
    the targets that this plan is not about (`--only`): their ids stay theirs all the same.
    """
    pairs = sorted(answered, key=lambda pair: _order(pair[0]))
    everyone = (*left_out, *(target for target, _ in pairs))
    claimed = {t.id: t.name for t in everyone if t.id is not None and t.desired is not None}
    rows = [_row(target, answer, records, claimed) for target, answer in pairs]
    changes = [row for row in rows if isinstance(row, Change) and not _reclaimed(row, claimed)]
    return Plan(
        changes=tuple(sorted(changes, key=_order)),
        errors=tuple(sorted((row for row in rows if isinstance(row, Failure)), key=_order)),
    )


def _reclaimed(row: Change, claimed: Mapping[str, str]) -> bool:
    """A record without a manifest whose id another manifest has just found by its content."""
    return row.desired is None and row.id in claimed


def _order(row: Target | Change | Failure) -> tuple[str, str]:
    return (row.name, row.id or "")


def _row(
    target: Target, answer: Answer, records: Mapping[str, Recorded], claimed: dict[str, str]
) -> Change | Failure:
    if isinstance(answer, ServiceError):
        if not _decided_unseen(target):
            passing = may_pass(answer)
            return Failure(name=target.name, id=target.id, summary=answer.summary, passing=passing)
        answer = NOT_ASKED
    if target.id is not None or answer.status in _NOTHING:
        return _complete(change(target, answer))
    return _found(target, answer, records, claimed)


def _complete(row: Change) -> Change | Failure:
    """The row, unless it would apply for something that the service is known to refuse.

    Where the service was not asked, it may have the content already, and nothing is applied for.
    """
    if row.action is not Action.CREATE or row.status is ReviewStatus.UNKNOWN:
        return row
    unfit = row.submission.unfit_to_apply
    if unfit is None:
        return row
    summary = f"the service has no such content, and {unfit}"
    return Failure(name=row.name, id=None, summary=summary)


def _decided_unseen(target: Target) -> bool:
    """Whatever the service says about it, nothing is sent: suspended, or without a manifest."""
    return target.desired is None or target.desired.suspend


def _found(
    target: Target, answer: Observed, records: Mapping[str, Recorded], claimed: dict[str, str]
) -> Change | Failure:
    """The service has the content of a manifest without an id: the id comes from its answer."""
    wanted = None if target.desired is None else target.desired.content
    if not answer.id or answer.content != wanted:
        about = f"{answer.content} under the id {answer.id}" if answer.id else "one without an id"
        summary = f"asked about {wanted}, the service answered about {about}"
        return Failure(name=target.name, id=None, summary=summary)
    holder = claimed.setdefault(answer.id, target.name)
    if holder != target.name:
        summary = f"its content belongs to {answer.id} at the service, which {holder} manages"
        return Failure(name=target.name, id=answer.id, summary=summary)
    return change(replace(target, id=answer.id, recorded=records.get(answer.id)), answer)


def verdict(target: Target, observed: Observed) -> Verdict:
    """The decision about one target."""
    facts = establish(
        desired=target.desired, id=target.id, recorded=target.recorded, observed=observed
    )
    return decide(facts)


def change(target: Target, observed: Observed) -> Change:
    """One row, complete."""
    decision = verdict(target, observed)
    desired, recorded = target.desired, target.recorded
    return Change(
        name=target.name,
        id=target.id,
        project=target.project,
        path=None if desired is None else desired.path,
        line=None if desired is None else desired.line,
        verdict=decision,
        status=observed.status,
        rejection=observed.rejection,
        diff=differences(decision, desired, recorded, observed),
        documents=documents(decision, desired),
        unverifiable=UNVERIFIABLE if decision.action is Action.ADOPT else (),
        desired=desired,
        recorded=recorded,
    )
