"""The three views of one SMS signature: desired, recorded, observed. Values only, all frozen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from reconciler.canonical import digest


class SignatureType(StrEnum):
    """What the content names (SigType). The proof has the same type (CertificateType)."""

    COMPANY = "company"
    APP = "app"
    WEBSITE = "website"
    PUBLIC_ACCOUNT = "public-account"
    TRADEMARK = "trademark"
    GOVERNMENT = "government"


class Purpose(StrEnum):
    """Whose brand it is (SigPurpose)."""

    SELF_USE = "self-use"
    OTHERS_USE = "others-use"


class ReviewStatus(StrEnum):
    """Where the reviewer stands; `NOT_FOUND` and `UNKNOWN` (not asked) are ours."""

    PENDING = "pending"
    REVIEWING = "reviewing"
    APPROVED = "approved"
    REJECTED = "rejected"
    DISABLED = "disabled"
    NOT_FOUND = "not-found"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One document: either a file of this repository or the URL of one uploaded before.

    `sha256` (lower-case hex), `size` (bytes), `media_type` and `path` (relative to the root, with
    forward slashes) are set for a file; `url` alone is set otherwise.
    """

    sha256: str | None = None
    url: str | None = None
    path: str | None = None
    size: int | None = None
    media_type: str | None = None

    @property
    def identity(self) -> str:
        """What makes two proofs the same to the service; the path does not."""
        return f"url:{self.url}" if self.url is not None else f"sha256:{self.sha256}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """Everything the service is sent about one signature."""

    content: str
    type: SignatureType
    purpose: Purpose
    certificate: Proof
    authorization: Proof | None = None
    scene: str | None = None
    description: str | None = None
    """For applying only: not part of the fingerprint, since an update cannot send it."""
    international: bool = False
    qualification: str | None = None

    @property
    def unfit_to_apply(self) -> str | None:
        """Why CreateUSMSSignature would refuse it, where an update may not; None if it fits."""
        proofs = (self.certificate, self.authorization)
        if any(proof is not None and proof.url is not None for proof in proofs):
            return "applying takes the documents' files, and the manifest names a `url`"
        return None if self.description else "applying needs a `description`"

    @property
    def fingerprint(self) -> str:
        """SHA-256 over what an update sends (contract 4), hex.

        Released fingerprints must never change: a change would resubmit every signature of every
        user. A new field joins only where it is set, so that manifests without it keep theirs.
        """
        sent: dict[str, str] = {
            "content": self.content,
            "type": self.type.value,
            "purpose": self.purpose.value,
            "certificate_type": self.type.value,
            "certificate": self.certificate.identity,
        }
        if self.authorization is not None:
            sent["authorization"] = self.authorization.identity
        if self.scene is not None:
            sent["scene"] = self.scene
        return digest(sent)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desired:
    """What one manifest asks for."""

    name: str
    path: str
    """The manifest, relative to the root, with forward slashes."""
    line: int
    ids: tuple[str, ...]
    """Empty while not applied for."""
    content: str | None
    """None only in a tombstone that names ids alone."""
    project: str
    """Empty when neither the manifest nor the settings name one."""
    submission: Submission | None
    """None only in a tombstone (`absent`), which sends nothing."""
    suspend: bool = False
    absent: bool = False

    @property
    def documents(self) -> tuple[Proof, ...]:
        """Those that are sent."""
        sent = self.submission
        if sent is None:
            return ()
        letter = sent.authorization
        return (sent.certificate,) if letter is None else (sent.certificate, letter)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The service's last answer that was recorded, and when (ISO 8601, UTC)."""

    status: ReviewStatus
    rejection: str | None
    at: str


class Origin(StrEnum):
    """How a record came to be."""

    SUBMITTED = "submitted"
    ADOPTED = "adopted"
    CREATED = "created"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What was last submitted (or adopted) for one id."""

    id: str
    name: str
    project: str
    endpoint: str
    submission: Submission
    origin: Origin
    at: str
    """When, ISO 8601, UTC."""
    request_uuid: str | None
    head: str | None
    """The commit of the manifests, where they are in git."""
    tool_version: str
    observation: Observation | None = None

    @property
    def fingerprint(self) -> str:
        """The fingerprint of what was submitted."""
        return self.submission.fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """The service's answer now: type, purpose and documents cannot be read back."""

    status: ReviewStatus
    id: str | None = None
    content: str | None = None
    rejection: str | None = None
    """The reviewer's reason (ErrDesc), as sent."""


NOT_ASKED = Observed(status=ReviewStatus.UNKNOWN)
