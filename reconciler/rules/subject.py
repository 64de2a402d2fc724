"""One manifest as the rules see it: whatever is missing or misshapen is None, and is not judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from reconciler.inspection.facts import UNKNOWN, Facts
from reconciler.manifests import Manifest
from reconciler.model import Proof, Purpose, SignatureType
from reconciler.rules.words import DOCUMENTED

CERTIFICATE, LETTER = "certificate", "authorization"
_SHORTEST, _LONGEST = 2, 12
_LONGEST_HOLDER = 200
_LONGEST_SCENE = 500
# A look into a mapping takes a tenth of the time that an enumeration takes to find its member.
_TYPES: Mapping[str, SignatureType] = {each.value: each for each in SignatureType}
_PURPOSES: Mapping[str, Purpose] = {each.value: each for each in Purpose}
_Word = TypeVar("_Word", SignatureType, Purpose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A certificate or a letter of authorization."""

    role: str
    """The key below which it stands."""
    file: str | None = None
    """As it is written."""
    url: str | None = None
    holder: str | None = None
    expires: date | None = None
    proof: Proof | None = None
    """None where the document could not be read."""
    identity: str | None = None
    """What makes two documents the same one to the service; None where it could not be read."""
    facts: Facts = UNKNOWN

    @property
    def name(self) -> str:
        """What a message calls it."""
        return "certificate" if self.role == CERTIFICATE else "letter of authorization"

    @property
    def key(self) -> str:
        """The key that says where the document is: `file` or `url`."""
        return "file" if self.file is not None else "url"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Subject:
    """One manifest, and what is known around it. Compared by identity."""

    manifest: Manifest
    today: date
    neutral_words: frozenset[str]
    """The documented ones and those of the settings, folded."""
    expiry_days: int
    content: str | None
    """None unless it has 2 to 12 characters: other contents have their problem already."""
    type: SignatureType | None
    purpose: Purpose | None
    international: bool
    scene: str | None
    project: str | None
    certificate: Paper | None
    letter: Paper | None
    papers: tuple[Paper, ...]
    """Both documents, where there are any."""
    has_letter: bool
    """The key is there, whatever stands below it."""
    exempt: bool
    """Nothing is sent: a tombstone, or suspended."""

    @property
    def holder(self) -> str | None:
        """Whose name the certificate bears."""
        return None if self.certificate is None else self.certificate.holder


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a manifest does not say itself."""

    today: date
    neutral_words: frozenset[str] = DOCUMENTED
    expiry_days: int = 30


def subject(
    manifest: Manifest,
    proofs: Mapping[str, Proof],
    facts: Mapping[str, Facts],
    around: Surroundings,
) -> Subject:
    """Read a manifest; total, whatever its data is. `proofs` goes by role, `facts` by sha256."""
    data = manifest.data
    certificate = _paper(CERTIFICATE, data.get(CERTIFICATE), proofs, facts)
    letter = _paper(LETTER, data.get(LETTER), proofs, facts)
    return Subject(
        manifest=manifest,
        today=around.today,
        neutral_words=around.neutral_words,
        expiry_days=around.expiry_days,
        content=_content(data.get("content")),
        type=_one_of(_TYPES, data.get("type")),
        purpose=_one_of(_PURPOSES, data.get("purpose")),
        international=data.get("international") is True,
        scene=_text(data.get("scene"), _LONGEST_SCENE),
        project=_text(data.get("project"), _LONGEST_SCENE),
        certificate=certificate,
        letter=letter,
        papers=_papers(certificate, letter),
        has_letter=LETTER in data,
        exempt=is_exempt(manifest),
    )


def is_exempt(manifest: Manifest) -> bool:
    """Whether nothing will be sent, so that no reviewer sees it: a tombstone, or suspended."""
    return manifest.data.get("absent") is True or manifest.data.get("suspend") is True


def _papers(certificate: Paper | None, letter: Paper | None) -> tuple[Paper, ...]:
    if certificate is None:
        return () if letter is None else (letter,)
    return (certificate,) if letter is None else (certificate, letter)


def _paper(
    role: str, value: object, proofs: Mapping[str, Proof], facts: Mapping[str, Facts]
) -> Paper | None:
    if not isinstance(value, Mapping):
        return None
    proof = proofs.get(role)
    sha256 = None if proof is None else proof.sha256
    return Paper(
        role=role,
        file=_text(value.get("file")),
        url=_text(value.get("url")),
        holder=_text(value.get("holder"), _LONGEST_HOLDER),
        expires=_day(value.get("expires")),
        proof=proof,
        identity=None if proof is None else proof.identity,
        facts=UNKNOWN if sha256 is None else facts.get(sha256, UNKNOWN),
    )


def _content(value: object) -> str | None:
    text = _text(value, _LONGEST)
    return text if text is not None and len(text) >= _SHORTEST else None


def _text(value: object, longest: int = 4096) -> str | None:
    """Text of a length that people write; longer ones would only make the rules slow."""
    return value if isinstance(value, str) and 0 < len(value) <= longest else None


def _one_of(words: Mapping[str, _Word], value: object) -> _Word | None:
    return words.get(value) if isinstance(value, str) else None


def _day(value: object) -> date | None:
    # fromisoformat takes other forms as well (20271231), which the schema has refused already.
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
