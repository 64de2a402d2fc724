"""The service's numbers: return codes, statuses, types, purposes, limits.

Source: the reference's tables. Where it names no code for a refusal, the sandbox chooses one, and
the choice is marked here: nobody may rely on the real service answering the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from reconciler.errors import ReconcilerError
from reconciler.model import Purpose, ReviewStatus, SignatureType

QUERY: Final = "QueryUSMSSignature"
UPDATE: Final = "UpdateUSMSSignature"
CREATE: Final = "CreateUSMSSignature"
DELETE: Final = "DeleteUSMSSignature"
PROJECTS: Final = "GetProjectList"
ACTIONS = (QUERY, UPDATE, CREATE, DELETE, PROJECTS)

OK: Final = 0
THROTTLED: Final = 153
ACTION_MISSING: Final = 160
ACTION_UNKNOWN: Final = 161
SIGNING_MISSING: Final = 170
SIGNING_WRONG: Final = 171
ACCOUNT_UNKNOWN: Final = 172
TOKEN_UNKNOWN: Final = 174
PROJECT_FORBIDDEN: Final = 290
PROJECT_UNKNOWN: Final = 292
UNREADABLE: Final = 18000
"""Chosen: also for a form that cannot be read, since the reference names no code for one."""
MISSING: Final = 18001
FORMAT: Final = 18002
"""Chosen: a value that cannot be read as what it should be."""
INVALID: Final = 18003
"""Chosen: a readable value that is not allowed, and a signature whose status forbids the action."""
NOT_APPLIED_FOR: Final = 18016
"""Chosen: an id that does not exist in this project, in a write."""

STATUS_NUMBERS: Mapping[ReviewStatus, int] = {
    ReviewStatus.PENDING: 0,
    ReviewStatus.REVIEWING: 1,
    ReviewStatus.APPROVED: 2,
    ReviewStatus.REJECTED: 3,
    ReviewStatus.DISABLED: 4,
}
UNKNOWN_STATUS_NUMBER: Final = 9
"""A number that no page lists, for the fault `unknown-status`."""
EDITABLE = frozenset({ReviewStatus.PENDING, ReviewStatus.REVIEWING, ReviewStatus.REJECTED})
"""Unapproved: what an update may change and send back to review."""

TYPES: Mapping[int, SignatureType] = {
    0: SignatureType.COMPANY,
    1: SignatureType.APP,
    2: SignatureType.WEBSITE,
    3: SignatureType.PUBLIC_ACCOUNT,
    4: SignatureType.TRADEMARK,
    5: SignatureType.GOVERNMENT,
}
PURPOSES: Mapping[int, Purpose] = {0: Purpose.SELF_USE, 1: Purpose.OTHERS_USE}

CONTENT_LENGTHS = range(2, 13)
"""Characters, each counting one."""
CONTENT_BRACKETS: Final = "【】[]"
"""The system adds them."""
DOCUMENT_BYTES: Final = 4 * 1024 * 1024
"""The most a document may have, decoded."""
BODY_BYTES: Final = 13 * 1024 * 1024
"""Two documents in base64, percent-encoded in a form, and everything else."""


class RefusalError(ReconcilerError):
    """The sandbox answers with this RetCode; `summary` becomes the answer's Message."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
