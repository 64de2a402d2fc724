"""The decision table of contract 4, row by row and in its order: the first row that fits decides.

Three rows differ from the contract's print, and why:

* The tombstone rows stand behind `suspended` instead of last. Below the others they would never
  be reached, since a row for the status always fits first.
* A tombstone for something that the service no longer has is done: its record is forgotten, and
  without one there is nothing to do. Otherwise a deletion would be planned for ever.
* When the service was not asked (`plan --offline`), the last rows compare manifest and record
  alone, and assume that whatever changed may be resubmitted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reconciler.model import ReviewStatus
from reconciler.plan.changes import Action, Reason, Verdict
from reconciler.plan.facts import Facts

_ANY = frozenset(ReviewStatus)
_PENDING = frozenset({ReviewStatus.PENDING})
_REVIEWING = frozenset({ReviewStatus.REVIEWING})
_APPROVED = frozenset({ReviewStatus.APPROVED})
_REJECTED = frozenset({ReviewStatus.REJECTED})
_DISABLED = frozenset({ReviewStatus.DISABLED})
_NOT_FOUND = frozenset({ReviewStatus.NOT_FOUND})
_NOT_ASKED = frozenset({ReviewStatus.UNKNOWN})
_UNDER_REVIEW = _PENDING | _REVIEWING
_TRACKABLE = _APPROVED | _UNDER_REVIEW | _DISABLED
_UNAPPROVED = _UNDER_REVIEW | _REJECTED

_EITHER = (True, False)
_YES = (True,)
_NONE = (False,)


@dataclass(frozen=True, slots=True)
class _Row:
    had: tuple[bool, ...]
    seen: frozenset[ReviewStatus]
    when: Callable[[Facts], bool]
    action: Action
    reason: Reason
    attention: bool = False

    @property
    def verdict(self) -> Verdict:
        """What it decides."""
        return Verdict(action=self.action, reason=self.reason, attention=self.attention)


def _always(_: Facts) -> bool:
    return True


def _suspended(facts: Facts) -> bool:
    return facts.suspend


def _unmanaged(facts: Facts) -> bool:
    return not facts.managed


def _absent(facts: Facts) -> bool:
    return facts.absent


def _same(facts: Facts) -> bool:
    return facts.same_content


def _other(facts: Facts) -> bool:
    return not facts.same_content


def _caught_up(facts: Facts) -> bool:
    return facts.content_alone and facts.same_content


def _changed(facts: Facts) -> bool:
    return facts.changed


def _drifted(facts: Facts) -> bool:
    return facts.drifted


def _id(facts: Facts) -> bool:
    return facts.has_id


def _changed_id(facts: Facts) -> bool:
    return facts.changed and facts.has_id


_LOOK = True
_A, _R = Action, Reason

# fmt: off
TABLE: tuple[_Row, ...] = (
    #    had      seen                      when         action       reason
    _Row(_EITHER, _ANY,                     _suspended,  _A.NO_OP,    _R.SUSPENDED),
    _Row(_YES,    _ANY,                     _unmanaged,  _A.FORGET,   _R.UNMANAGED),

    _Row(_EITHER, _REVIEWING,               _absent,     _A.BLOCKED,  _R.UNDER_REVIEW),
    _Row(_YES,    _NOT_FOUND,               _absent,     _A.FORGET,   _R.ABSENT),
    _Row(_NONE,   _NOT_FOUND,               _absent,     _A.NO_OP,    _R.ABSENT),
    _Row(_EITHER, _ANY,                     _absent,     _A.DELETE,   _R.ABSENT),

    _Row(_NONE,   _TRACKABLE,              _same,       _A.ADOPT,    _R.UNTRACKED),
    _Row(_NONE,   _UNDER_REVIEW,            _other,      _A.RESUBMIT, _R.CONTENT_DIFFERS),
    _Row(_NONE,   _REJECTED,                _always,     _A.RESUBMIT, _R.FIRST_SUBMISSION),
    _Row(_NONE,   _APPROVED,                _other,      _A.BLOCKED,  _R.APPROVED_IMMUTABLE),
    _Row(_NONE,   _DISABLED,                _other,      _A.BLOCKED,  _R.DISABLED),

    _Row(_YES,    _APPROVED | _UNDER_REVIEW, _caught_up, _A.ADOPT,    _R.CAUGHT_UP),
    _Row(_YES,    _UNAPPROVED,              _changed,    _A.RESUBMIT, _R.CHANGED),
    _Row(_YES,    _APPROVED,                _changed,    _A.BLOCKED,  _R.APPROVED_IMMUTABLE),
    _Row(_YES,    _DISABLED,                _changed,    _A.BLOCKED,  _R.DISABLED),
    _Row(_YES,    _UNAPPROVED,              _drifted,    _A.RESUBMIT, _R.DRIFTED),
    _Row(_YES,    _APPROVED | _DISABLED,    _drifted,    _A.NO_OP,    _R.DRIFTED, _LOOK),
    _Row(_YES,    _APPROVED,                _always,     _A.NO_OP,    _R.IN_SYNC),
    _Row(_YES,    _UNDER_REVIEW,            _always,     _A.NO_OP,    _R.UNDER_REVIEW),
    _Row(_YES,    _REJECTED,                _always,     _A.NO_OP,    _R.REJECTED_UNCHANGED, _LOOK),
    _Row(_YES,    _DISABLED,                _always,     _A.NO_OP,    _R.DISABLED, _LOOK),

    _Row(_NONE,   _NOT_FOUND,               _id,         _A.BLOCKED,  _R.NOT_FOUND),
    _Row(_YES,    _NOT_FOUND,               _changed_id, _A.BLOCKED,  _R.NOT_FOUND),
    _Row(_YES,    _NOT_FOUND,               _always,     _A.NO_OP,    _R.NOT_FOUND, _LOOK),
    _Row(_NONE,   _NOT_FOUND,               _always,     _A.CREATE,   _R.NEW),

    _Row(_NONE,   _NOT_ASKED,               _id,         _A.RESUBMIT, _R.FIRST_SUBMISSION),
    _Row(_NONE,   _NOT_ASKED,               _always,     _A.CREATE,   _R.NEW),
    _Row(_YES,    _NOT_ASKED,               _changed,    _A.RESUBMIT, _R.CHANGED),
    _Row(_YES,    _NOT_ASKED,               _always,     _A.NO_OP,    _R.IN_SYNC),
)
# fmt: on


_BY_COLUMNS = {
    (had, seen): tuple(
        (row.when, row.verdict) for row in TABLE if had in row.had and seen in row.seen
    )
    for had in _EITHER
    for seen in ReviewStatus
}
"""The rows by their first two columns, still in their order. Most signatures come to one of the
last rows: to try all others first would be a tenth of the time of a plan without work."""


def decide(facts: Facts) -> Verdict:
    """The first row that fits; a test shows that one fits for every combination of facts."""
    rows = _BY_COLUMNS[facts.recorded, facts.status]
    return next(verdict for fits, verdict in rows if fits(facts))
