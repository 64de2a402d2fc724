"""Fingerprints: what they cover, what they leave out, and that they never change."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.canonical import digest
from reconciler.model import Proof, Purpose, SignatureType, Submission
from tests.unit.builders import LETTER, LICENCE, recorded, submission

GOLDEN = Path(__file__).parent.parent / "cases" / "fingerprints.json"


def golden() -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads(GOLDEN.read_text(encoding="utf-8"))["cases"]
    return cases


def read_submission(fields: dict[str, Any]) -> Submission:
    letter = fields.get("authorization")
    return Submission(
        **fields
        | {
            "type": SignatureType(fields["type"]),
            "purpose": Purpose(fields["purpose"]),
            "certificate": Proof(**fields["certificate"]),
            "authorization": None if letter is None else Proof(**letter),
        }
    )


@pytest.mark.parametrize("case", golden(), ids=lambda case: case["case"])
def test_a_released_fingerprint_never_changes(case: dict[str, Any]) -> None:
    assert read_submission(case["submission"]).fingerprint == case["fingerprint"]


@pytest.mark.parametrize("case", golden(), ids=lambda case: case["case"])
def test_a_fingerprint_is_the_sha256_of_the_canonical_text(case: dict[str, Any]) -> None:
    """Anybody can work it out from what the service is sent, without this program."""
    assert hashlib.sha256(case["canonical"].encode()).hexdigest() == case["fingerprint"]


texts = st.text(max_size=12)
hashes = st.text("0123456789abcdef", min_size=64, max_size=64)
files = st.builds(
    Proof,
    sha256=hashes,
    path=texts,
    size=st.integers(min_value=0, max_value=4 << 20),
    media_type=st.sampled_from(("image/png", "image/jpeg", "application/pdf")),
)
proofs = files | st.builds(Proof, url=texts)
submissions = st.builds(
    Submission,
    content=texts,
    type=st.sampled_from(SignatureType),
    purpose=st.sampled_from(Purpose),
    certificate=proofs,
    authorization=st.none() | proofs,
    scene=st.none() | texts,
    description=st.none() | texts,
    international=st.booleans(),
    qualification=st.none() | texts,
)


def sent(wish: Submission) -> tuple[object, ...]:
    """What an update sends of it; the certificate's type is the signature's."""
    letter = wish.authorization
    return (
        wish.content,
        wish.type,
        wish.purpose,
        (wish.certificate.sha256, wish.certificate.url),
        None if letter is None else (letter.sha256, letter.url),
        wish.scene,
    )


@given(wish=submissions, other=submissions)
def test_two_fingerprints_are_equal_exactly_when_the_same_would_be_sent(
    wish: Submission, other: Submission
) -> None:
    assert (wish.fingerprint == other.fingerprint) == (sent(wish) == sent(other))


@given(wish=submissions, path=texts, other=submissions)
def test_paths_and_what_only_an_application_sends_change_no_fingerprint(
    wish: Submission, path: str, other: Submission
) -> None:
    moved = replace(
        wish,
        certificate=replace(wish.certificate, path=path, size=1, media_type=None),
        description=other.description,
        international=other.international,
        qualification=other.qualification,
    )
    assert moved.fingerprint == wish.fingerprint


@pytest.mark.parametrize(
    "change",
    [
        {"content": "子丑寅卯"},
        {"type": SignatureType.TRADEMARK},
        {"purpose": Purpose.OTHERS_USE},
        {"certificate": LETTER},
        {"certificate": Proof(url="https://docs.example/licence.png")},
        {"authorization": LETTER},
        {"authorization": Proof(url="https://docs.example/letter.pdf")},
        {"scene": "Login codes"},
        {"scene": ""},
    ],
    ids=str,
)
def test_every_field_that_is_sent_changes_the_fingerprint(change: dict[str, Any]) -> None:
    assert submission(**change).fingerprint != submission().fingerprint


def test_certificate_and_authorization_are_not_interchangeable() -> None:
    straight = submission(certificate=LICENCE, authorization=LETTER)
    crossed = submission(certificate=LETTER, authorization=LICENCE)
    assert straight.fingerprint != crossed.fingerprint


def test_a_url_is_not_mistaken_for_a_hash() -> None:
    assert Proof(url="x").identity != Proof(sha256="x").identity


def test_a_record_has_the_fingerprint_of_what_was_submitted() -> None:
    assert recorded(content="子丑寅卯").fingerprint == submission("子丑寅卯").fingerprint


def test_a_digest_does_not_depend_on_the_order_of_keys() -> None:
    assert digest({"b": 1, "a": "甲"}) == digest({"a": "甲", "b": 1})
