"""What was reviewed, held against what would be done now: row by row, for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from reconciler.plan.changes import REMOTE_WRITES, Action, Change, Plan

_WRITES = frozenset(action.value for action in REMOTE_WRITES)
_CELLS = 60
Key = tuple[str | None, str | None]
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedRow:
    """One row of a plan that somebody has looked at."""

    name: str
    id: str | None
    action: str
    reason: str
    project: str | None = None
    sent: Mapping[str, str] = field(default_factory=lambda: _NOTHING)
    """What it showed of what would be sent, by field: new values, and documents by hash or URL."""

    @property
    def key(self) -> Key:
        """What makes two rows the same one: the id, or the name while there is none."""
        return (None, self.name) if self.id is None else (self.id, None)

    @property
    def shown(self) -> str:
        """How a person calls it."""
        return f"{self.name} ({self.id or 'no id'})"


def row_of(change: Change) -> ReviewedRow:
    """What a reviewer sees of a row."""
    values = {diff.field: diff.after for diff in change.diff}
    values |= {each.role: each.proof.identity for each in change.documents}
    return ReviewedRow(
        name=change.name,
        id=change.id,
        action=change.action.value,
        reason=change.verdict.reason.value,
        project=change.project or None,
        sent={name: value for name, value in values.items() if value is not None},
    )


def differences(reviewed: Sequence[ReviewedRow], plan: Plan) -> Iterator[str]:
    """One line for each way in which the plan would do something else than what was reviewed."""
    before = {row.key: row for row in reviewed}
    now = {row.key: row for row in map(row_of, plan.changes)}
    failed = {(each.id, None) if each.id else (None, each.name) for each in plan.errors}
    for key in dict.fromkeys([*before, *now]):
        then, here = before.get(key), now.get(key)
        if then is not None and here is None and key in failed:
            yield f"{then.shown}: {then.action} was reviewed; now it cannot be asked about"
        else:
            yield from _between(then, here)


def unpinned(reviewed: Sequence[ReviewedRow], plan: Plan) -> Iterator[str]:
    """One line for each difference that the same fingerprint leaves room for (contract 6 says what
    it covers): where a write goes, and what an application sends beyond an update.
    """
    before = {row.key: row for row in reviewed}
    for now in map(row_of, plan.changes):
        then = before.get(now.key)
        if then is None or now.action not in _WRITES:
            continue
        if then.project != now.project:
            yield f"{now.shown}: project: {then.project} was reviewed; now {now.project}"
        if now.action == Action.CREATE.value:
            yield from _fields(then, now)


def _between(then: ReviewedRow | None, now: ReviewedRow | None) -> Iterator[str]:
    if now is not None and (then is None or then.action != now.action):
        if now.action in _WRITES or (then is not None and then.action in _WRITES):
            was = "nothing" if then is None else _words(then)
            yield f"{now.shown}: {was} was reviewed; now {_words(now)}"
    elif now is None and then is not None and then.action in _WRITES:
        yield f"{then.shown}: {_words(then)} was reviewed; now there is no such signature"
    elif then is not None and now is not None and now.action in _WRITES:
        yield from _fields(then, now)


def _fields(then: ReviewedRow, now: ReviewedRow) -> Iterator[str]:
    for name in dict.fromkeys([*then.sent, *now.sent]):
        before, after = then.sent.get(name), now.sent.get(name)
        if before != after:
            yield f"{now.shown}: {name}: {_value(before)} was reviewed; now {_value(after)}"


def _words(row: ReviewedRow) -> str:
    doing = "nothing" if row.action == Action.NO_OP.value else row.action
    return f"{doing} ({row.reason})"


def _value(value: str | None) -> str:
    if value is None:
        return "no change"
    return f"“{value if len(value) <= _CELLS else value[:_CELLS] + '…'}”"
