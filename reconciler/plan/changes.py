"""What a plan is made of. Code branches on the action; only people read the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from reconciler.canonical import digest
from reconciler.model import Desired, Proof, Recorded, ReviewStatus, Submission


class Action(StrEnum):
    """What apply would do."""

    RESUBMIT = "resubmit"
    CREATE = "create"
    ADOPT = "adopt"
    DELETE = "delete"
    FORGET = "forget"
    NO_OP = "no-op"
    BLOCKED = "blocked"


REMOTE_WRITES = frozenset({Action.RESUBMIT, Action.CREATE, Action.DELETE})
QUIET = frozenset({Action.NO_OP, Action.BLOCKED})
"""The actions that change nothing anywhere (`plan --detailed-exitcode`)."""


class Reason(StrEnum):
    """Why, as contract 4 names it."""

    SUSPENDED = "suspended"
    UNTRACKED = "untracked"
    CONTENT_DIFFERS = "content_differs"
    FIRST_SUBMISSION = "first_submission"
    APPROVED_IMMUTABLE = "approved_immutable"
    DISABLED = "disabled"
    CAUGHT_UP = "caught_up"
    CHANGED = "changed"
    DRIFTED = "drifted"
    IN_SYNC = "in_sync"
    UNDER_REVIEW = "under_review"
    REJECTED_UNCHANGED = "rejected_unchanged"
    NOT_FOUND = "not_found"
    UNMANAGED = "unmanaged"
    NEW = "new"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The decision about one id; `attention` asks a person to look although nothing is done."""

    action: Action
    reason: Reason
    attention: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDiff:
    """One field, before (recorded or observed) and after (desired); None where there is none."""

    field: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedDocument:
    """A document that the change would send; its bytes are never here."""

    role: str
    """`certificate` or `authorization`."""
    proof: Proof


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One row of a plan."""

    name: str
    id: str | None
    project: str
    path: str | None
    line: int | None
    verdict: Verdict
    status: ReviewStatus
    rejection: str | None
    diff: tuple[FieldDiff, ...]
    documents: tuple[PlannedDocument, ...]
    unverifiable: tuple[str, ...]
    desired: Desired | None
    """None for `forget`, where no manifest is left."""
    recorded: Recorded | None

    @property
    def action(self) -> Action:
        """What apply would do."""
        return self.verdict.action

    @property
    def submission(self) -> Submission:
        """What is to be sent; asking a row that has nothing to send is a bug."""
        if self.desired is None or self.desired.submission is None:
            raise AssertionError(f"{self.action} of {self.name} has nothing to send")
        return self.desired.submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A signature about which nothing could be decided, since its query failed."""

    name: str
    id: str | None
    summary: str
    passing: bool = False
    """Asking again may do, with nothing changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What apply would do and why; rows sorted by name, then id."""

    changes: tuple[Change, ...]
    errors: tuple[Failure, ...]

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) over what would be done, and nothing else (contract 6)."""
        rows = sorted(
            [change.id or "", change.action.value, _manifest_fingerprint(change)]
            for change in self.changes
            if change.action in REMOTE_WRITES
        )
        return digest(rows)

    @property
    def summary(self) -> Mapping[str, int]:
        """How many rows of each action, how many need attention, how many failed."""
        counts = Counter(change.action.value for change in self.changes)
        order = ("resubmit", "create", "adopt", "delete", "forget", "no-op", "blocked")
        return {
            **{action: counts[action] for action in order},
            "attention": sum(change.verdict.attention for change in self.changes),
            "errors": len(self.errors),
        }


def _manifest_fingerprint(change: Change) -> str:
    if change.desired is None or change.desired.submission is None:
        return ""
    return change.desired.submission.fingerprint
