"""The sandbox's reviewer: pending, half-way reviewing, then a verdict anybody can foretell.

It refuses (a) a content that is one of the neutral words the review standards name, 告警通知 and
尊敬的客户, and (b) a scene that holds `sandbox:reject`, so that a pipeline can ask for a rejection;
it approves everything else. Documents are not looked at.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from reconciler.errors import UsageError
from reconciler.model import Purpose, ReviewStatus, SignatureType
from reconciler.sandbox.seed import Seed, SeedSignature

NEUTRAL_CONTENTS = frozenset({"告警通知", "尊敬的客户"})
REJECT_MARKER = "sandbox:reject"
NEUTRAL_REASON = "签名内容为中性词，无法识别发送主体，请使用企业全称、简称或商标"
DEFAULT_REASON = "资质证明文件不清晰，请重新上传"

Clock = Callable[[], float]
"""Seconds since any fixed moment, never backwards."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSignature:
    """One signature as the service holds it; documents only by what identifies them."""

    id: str
    project: str
    content: str
    status: ReviewStatus
    type: SignatureType
    purpose: Purpose
    rejection: str | None = None
    scene: str | None = None
    certificate: str | None = None
    """`sha256:<hex>` or `url:<url>`; None when none was sent."""
    authorization: str | None = None
    queued_at: float | None = None
    """The clock when it was submitted; None once decided, or put somewhere on command."""


class Reviewer:
    """Decides on submissions `review_after` seconds after they came; None: on command alone."""

    def __init__(self, *, review_after: float | None, clock: Clock) -> None:
        if review_after is not None and not (math.isfinite(review_after) and review_after >= 0):
            raise UsageError(f"--review-after must be 0 or more seconds, not {review_after:g}")
        self._review_after = review_after
        self._clock = clock

    def submitted(self, signature: StoredSignature) -> StoredSignature:
        """The signature at the end of the queue: pending, without the last reason."""
        return replace(
            signature, status=ReviewStatus.PENDING, rejection=None, queued_at=self._clock()
        )

    def settle(self, signature: StoredSignature) -> StoredSignature:
        """The signature as it stands by now; the same object when nothing has happened."""
        if signature.queued_at is None or self._review_after is None:
            return signature
        waited = self._clock() - signature.queued_at
        if waited >= self._review_after:
            return _decided(signature)
        if waited >= self._review_after / 2 and signature.status is ReviewStatus.PENDING:
            return replace(signature, status=ReviewStatus.REVIEWING)
        return signature

    def seeded(self, seed: Seed) -> tuple[StoredSignature, ...]:
        """The seed's signatures; those waiting for the reviewer wait from now on."""
        return tuple(self._seeded(signature, seed.default_project) for signature in seed.signatures)

    def _seeded(self, signature: SeedSignature, project: str) -> StoredSignature:
        waiting = {
            ReviewStatus.PENDING: 0.0,
            ReviewStatus.REVIEWING: (self._review_after or 0.0) / 2,
        }.get(signature.status)
        return StoredSignature(
            id=signature.id,
            project=signature.project or project,
            content=signature.content,
            status=signature.status,
            type=signature.type,
            purpose=signature.purpose,
            rejection=signature.rejection,
            scene=signature.scene,
            queued_at=None if waiting is None else self._clock() - waiting,
        )


def put(
    signature: StoredSignature, status: ReviewStatus, reason: str | None = None
) -> StoredSignature:
    """The signature where a command puts it; it stays there until it is submitted again.

    A rejection without a reason gets `DEFAULT_REASON`.
    """
    if status is ReviewStatus.REJECTED:
        reason = reason or DEFAULT_REASON
    return replace(signature, status=status, rejection=reason, queued_at=None)


def _decided(signature: StoredSignature) -> StoredSignature:
    if signature.content in NEUTRAL_CONTENTS:
        return put(signature, ReviewStatus.REJECTED, NEUTRAL_REASON)
    if REJECT_MARKER in (signature.scene or ""):
        return put(signature, ReviewStatus.REJECTED)
    return put(signature, ReviewStatus.APPROVED)
