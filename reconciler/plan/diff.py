"""Field by field: what stands at the service or in the record, and what is wanted instead."""

from __future__ import annotations

from reconciler.model import Desired, Observed, Recorded, Submission
from reconciler.plan.changes import Action, FieldDiff, PlannedDocument, Reason, Verdict

_SENDS_DOCUMENTS = frozenset({Action.RESUBMIT, Action.CREATE, Action.ADOPT, Action.BLOCKED})
_NO_DIFFERENCE = frozenset({Reason.IN_SYNC, Reason.UNDER_REVIEW, Reason.REJECTED_UNCHANGED})
"""Neither changed nor drifted: to find that out again field by field would only take time."""
UNVERIFIABLE = ("type", "purpose", "documents")
"""What QueryUSMSSignature never shows, so that an adopted record takes it from the manifest."""


def differences(
    verdict: Verdict, desired: Desired | None, recorded: Recorded | None, observed: Observed
) -> tuple[FieldDiff, ...]:
    """The fields that differ, in the manifest's order; nothing where nothing would be sent."""
    if verdict.action is Action.DELETE:
        return _deleted(desired, observed)
    if desired is None or desired.submission is None or _shows_nothing(verdict, recorded):
        return ()
    if verdict.reason in _NO_DIFFERENCE:
        return ()
    after = _fields(desired.submission, applying=verdict.action is Action.CREATE)
    before = _before(verdict, recorded, observed)
    pairs = ((name, before.get(name), value) for name, value in after.items())
    return tuple(FieldDiff(field=n, before=b, after=a) for n, b, a in pairs if a != b)


def _deleted(desired: Desired | None, observed: Observed) -> tuple[FieldDiff, ...]:
    """The content that goes for good, where the manifest does not say that it is this one."""
    expected = None if desired is None else desired.content
    if observed.content in (None, expected):
        return ()
    return (FieldDiff(field="content", before=observed.content, after=None),)


def _shows_nothing(verdict: Verdict, recorded: Recorded | None) -> bool:
    """Without a record there is no before to an adoption or to a row that does nothing."""
    without_before = recorded is None and verdict.action in {Action.ADOPT, Action.NO_OP}
    return without_before or verdict.action is Action.FORGET or verdict.reason is Reason.SUSPENDED


def documents(verdict: Verdict, desired: Desired | None) -> tuple[PlannedDocument, ...]:
    """The documents that belong to the row, certificate first."""
    if desired is None or desired.submission is None or verdict.action not in _SENDS_DOCUMENTS:
        return ()
    proofs = {
        "certificate": desired.submission.certificate,
        "authorization": desired.submission.authorization,
    }
    return tuple(PlannedDocument(role=r, proof=p) for r, p in proofs.items() if p is not None)


def _before(
    verdict: Verdict, recorded: Recorded | None, observed: Observed
) -> dict[str, str | None]:
    known = {} if recorded is None else _fields(recorded.submission)
    if recorded is None or verdict.reason is Reason.DRIFTED:
        known["content"] = observed.content
    return known


def _fields(submission: Submission, *, applying: bool = False) -> dict[str, str | None]:
    letter = submission.authorization
    fields: dict[str, str | None] = {
        "content": submission.content,
        "type": submission.type.value,
        "purpose": submission.purpose.value,
        "certificate": submission.certificate.identity,
        "authorization": None if letter is None else letter.identity,
        "scene": submission.scene,
    }
    if applying:
        fields["description"] = submission.description
        fields["international"] = "true" if submission.international else None
        fields["qualification"] = submission.qualification
    return fields
