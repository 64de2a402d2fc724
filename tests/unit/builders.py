"""Short ways to make the values that tests of the engine are about."""

from __future__ import annotations

from typing import Any

from reconciler.model import (
    Desired,
    Observed,
    Origin,
    Proof,
    Purpose,
    Recorded,
    ReviewStatus,
    SignatureType,
    Submission,
)

PROJECT = "org-tests"
LICENCE = Proof(sha256="a" * 64, path="documents/licence.png", size=10, media_type="image/png")
LETTER = Proof(sha256="b" * 64, path="documents/letter.pdf", size=20, media_type="application/pdf")


def submission(content: str = "甲乙丙丁", **changes: Any) -> Submission:
    """A company's own signature, unless told otherwise."""
    fields: dict[str, Any] = {
        "content": content,
        "type": SignatureType.COMPANY,
        "purpose": Purpose.SELF_USE,
        "certificate": LICENCE,
    }
    return Submission(**(fields | changes))


def desired(name: str = "shop", *, ids: tuple[str, ...] = ("SIG1",), **changes: Any) -> Desired:
    """A manifest; `content=` and the fields of a submission go into the submission."""
    own = {key: changes.pop(key) for key in ("suspend", "absent", "project") if key in changes}
    if not ids:  # without one the service refuses an application
        changes.setdefault("description", "Login codes")
    sent = submission(**changes)
    fields: dict[str, Any] = {
        "name": name,
        "path": f"signatures/{name}.yaml",
        "line": 2,
        "ids": ids,
        "content": sent.content,
        "project": PROJECT,
        "submission": sent,
    }
    return Desired(**(fields | own))


def recorded(id: str = "SIG1", *, name: str = "shop", **changes: Any) -> Recorded:
    """A record of a submission that was accepted."""
    own = {key: changes.pop(key) for key in ("project", "endpoint", "origin") if key in changes}
    fields: dict[str, Any] = {
        "id": id,
        "name": name,
        "project": PROJECT,
        "endpoint": "http://service.example",
        "submission": submission(**changes),
        "origin": Origin.SUBMITTED,
        "at": "2026-11-20T08:00:00+00:00",
        "request_uuid": "uuid-1",
        "head": None,
        "tool_version": "0.1.0",
    }
    return Recorded(**(fields | own))


def observed(
    status: ReviewStatus = ReviewStatus.PENDING,
    *,
    id: str | None = "SIG1",
    content: str | None = "甲乙丙丁",
    rejection: str | None = None,
) -> Observed:
    """The service's answer."""
    return Observed(status=status, id=id, content=content, rejection=rejection)


NOT_FOUND = Observed(status=ReviewStatus.NOT_FOUND)
