"""About which signatures the service is asked: all, those that may need something, or none. Pure.

What is not asked about is decided by manifest and record alone, as in an offline plan. For an
unchanged signature that was approved when it was last seen that can only be `in_sync`, so `needed`
may miss these rows of the decision table: `drifted`, `disabled` and `not_found` of signatures that
were approved, and whatever follows where the service has taken an approval back. `none` may miss
those of every status. An apply asks before each write all the same.
"""

from __future__ import annotations

from reconciler.model import ReviewStatus
from reconciler.plan.facts import is_changed
from reconciler.plan.pairing import Target
from reconciler.plan.refresh import Refresh


def is_asked(target: Target, refresh: Refresh) -> bool:
    """Whether the service is asked about this target; never about one without a manifest."""
    if target.desired is None or refresh is Refresh.NONE:
        return False
    return refresh is Refresh.ALL or _may_need_something(target)


def _may_need_something(target: Target) -> bool:
    desired, recorded = target.desired, target.recorded
    if desired is None or desired.submission is None or recorded is None:
        return True
    seen = recorded.observation
    approved = seen is not None and seen.status is ReviewStatus.APPROVED
    return not approved or is_changed(desired.submission, recorded.submission)
