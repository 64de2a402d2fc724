"""What the decision table asks about one id, worked out once so that the table only reads."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reconciler.model import Desired, Observed, Recorded, ReviewStatus, Submission


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The answers, all plain; see contract 4 for the words."""

    managed: bool
    """There is a manifest."""
    recorded: bool
    """There is a record of what was last submitted or adopted."""
    status: ReviewStatus
    has_id: bool
    suspend: bool
    absent: bool
    changed: bool
    """Want's fingerprint differs from had's."""
    drifted: bool
    """Not changed, but the service's content is not the recorded one."""
    same_content: bool
    """The service shows the content that the manifest wants."""
    content_alone: bool
    """Changed, and in nothing but the content."""


def establish(
    *, desired: Desired | None, id: str | None, recorded: Recorded | None, observed: Observed
) -> Facts:
    """Compare the three views of one id."""
    want = None if desired is None else desired.submission
    had = None if recorded is None else recorded.submission
    changed = is_changed(want, had)
    return Facts(
        managed=desired is not None,
        recorded=recorded is not None,
        status=observed.status,
        has_id=id is not None,
        suspend=desired is not None and desired.suspend,
        absent=desired is not None and desired.absent,
        changed=changed,
        drifted=not changed and _drifted(had, observed),
        same_content=desired is not None and observed.content == desired.content,
        content_alone=_content_alone(want, had),
    )


def is_changed(want: Submission | None, had: Submission | None) -> bool:
    """Whether the fingerprints differ; False where there is nothing to compare."""
    if want is None or had is None or want == had:
        return False  # equal ones have the same fingerprint, which takes 20 times as long to tell
    return want.fingerprint != had.fingerprint


def _drifted(had: Submission | None, observed: Observed) -> bool:
    if had is None or observed.content is None:
        return False
    return observed.content != had.content


def _content_alone(want: Submission | None, had: Submission | None) -> bool:
    if want is None or had is None or want.content == had.content:
        return False
    return replace(want, content=had.content).fingerprint == had.fingerprint
