"""One manifest as the rules see it: whatever is missing or misshapen is None, and is not judged."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
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
_Texts = tuple[str | None, str | None, str | None, str | None]
"""File, address, holder and last day."""
_Word = TypeVar("_Word", SignatureType, Purpose)


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a manifest does not say itself."""

    today: date
    neutral_words: frozenset[str] = DOCUMENTED
    """The documented ones and those of the settings, folded."""
    expiry_days: int = 30


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Paper:
    """A certificate or a letter of authorization. Compared by identity, see `Papers`."""

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
    around: Surroundings

    @property
    def name(self) -> str:
        """What a message calls it."""
        return "certificate" if self.role == CERTIFICATE else "letter of authorization"

    @property
    def key(self) -> str:
        """The key that says where the document is: `file` or `url`."""
        return "file" if self.file is not None else "url"


# Not frozen, though nobody changes one: to judge 10,000 manifests would take a sixth longer.
@dataclass(slots=True, kw_only=True, eq=False)
class Subject:
    """One manifest, and what is known around it. Compared by identity."""

    number: int
    """Its place among all manifests that are judged."""
    manifest: Manifest
    around: Surroundings
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


class Papers:
    """Reads documents; those of which manifests say the same become one `Paper`.

    Companies share their documents, so what there is to say of one is found out once.
    """

    def __init__(self, facts: Mapping[str, Facts], around: Surroundings) -> None:
        """`facts` goes by sha256."""
        self.around = around
        self._facts = facts
        self._paper = cache(self._read)

    def read(self, role: str, value: object, proof: Proof | None) -> Paper | None:
        """What stands below the key `role`, and the document itself."""
        if not isinstance(value, dict):
            return None
        texts = (
            _text(value.get("file")),
            _text(value.get("url")),
            _text(value.get("holder"), _LONGEST_HOLDER),
            _text(value.get("expires")),
        )
        return self._paper(role, texts, proof)

    def _read(self, role: str, texts: _Texts, proof: Proof | None) -> Paper:
        file, url, holder, expires = texts
        sha256 = None if proof is None else proof.sha256
        return Paper(
            role=role,
            file=file,
            url=url,
            holder=holder,
            expires=_day(expires),
            proof=proof,
            identity=None if proof is None else proof.identity,
            facts=UNKNOWN if sha256 is None else self._facts.get(sha256, UNKNOWN),
            around=self.around,
        )


def subject(
    number: int, manifest: Manifest, proofs: Mapping[str, Proof], papers: Papers
) -> Subject:
    """Read a manifest; total, whatever its data is. `proofs` goes by role."""
    data = manifest.data
    certificate = papers.read(CERTIFICATE, data.get(CERTIFICATE), proofs.get(CERTIFICATE))
    letter = papers.read(LETTER, data.get(LETTER), proofs.get(LETTER))
    return Subject(
        number=number,
        manifest=manifest,
        around=papers.around,
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


def _content(value: object) -> str | None:
    text = _text(value, _LONGEST)
    return text if text is not None and len(text) >= _SHORTEST else None


def _text(value: object, longest: int = 4096) -> str | None:
    """Text of a length that people write; longer ones would only make the rules slow."""
    return value if isinstance(value, str) and 0 < len(value) <= longest else None


def _one_of(words: Mapping[str, _Word], value: object) -> _Word | None:
    return words.get(value) if isinstance(value, str) else None


def _day(text: str | None) -> date | None:
    # fromisoformat takes other forms as well (20271231), which the schema has refused already.
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError:
        return None
