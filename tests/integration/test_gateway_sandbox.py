"""The adapter and the gateway against the sandbox, which checks every byte and can misbehave."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import pytest

from reconciler.errors import (
    DocumentChangedError,
    HopelessError,
    NoAnswerError,
    RejectedRequestError,
    ServiceError,
)
from reconciler.gateway.credentials import Credentials
from reconciler.gateway.encodings import Encoding
from reconciler.gateway.retry import Patience
from reconciler.model import Proof, Purpose, ReviewStatus, Submission
from reconciler.resources import examples_path
from reconciler.sandbox.seed import DEFAULT_ACCOUNT, Seed, SeedSignature
from reconciler.sandbox.server import Sandbox, running
from reconciler.usms import Usms
from tests.integration.gateway_setup import gateway
from tests.unit.builders import submission
from tests.unit.gateway_builders import FakeTime

PROJECT = "org-sandbox"
LICENCE = next((examples_path() / "_documents").rglob("*.png"))
LETTER = next((examples_path() / "_documents").rglob("*.pdf"))
SEED = Seed(
    signatures=(
        SeedSignature(id="SIG1", content="甲乙丙丁"),
        SeedSignature(
            id="SIG2", content="子丑寅卯", status=ReviewStatus.REJECTED, rejection="证件不清晰"
        ),
        SeedSignature(id="SIG3", content="赵钱孙李", status=ReviewStatus.APPROVED),
    )
)
BOTH = pytest.mark.parametrize("encoding", list(Encoding))


@contextmanager
def world(*faults: str, **options: Any) -> Iterator[tuple[Sandbox, Usms]]:
    """A sandbox and a client for it; nobody waits for real."""
    keys = Credentials(
        public_key=DEFAULT_ACCOUNT.public_key, private_key=DEFAULT_ACCOUNT.private_key
    )
    options = {"credentials": keys, "timeout": 0.5, "time": FakeTime(), **options}
    with (
        running(seed=SEED, faults=faults, drip=0.05) as sandbox,
        gateway(sandbox.url, **options) as client,
    ):
        yield sandbox, Usms(client, open_document=_opened)


def _opened(proof: Proof) -> BinaryIO:
    return Path(str(proof.path)).open("rb")


def proof(path: Path, media_type: str) -> Proof:
    content = path.read_bytes()
    return Proof(
        path=str(path),
        sha256=hashlib.sha256(content).hexdigest(),
        size=len(content),
        media_type=media_type,
    )


def described(content: str, **changes: Any) -> Submission:
    return submission(content, certificate=proof(LICENCE, "image/png"), **changes)


def test_statuses_and_reasons_come_back_as_they_are() -> None:
    with world() as (_, usms):
        assert usms.find(project=PROJECT, id="SIG1").status is ReviewStatus.PENDING
        rejected = usms.find(project=PROJECT, id="SIG2")
        assert (rejected.status, rejected.rejection) == (ReviewStatus.REJECTED, "证件不清晰")
        assert usms.find_content(project=PROJECT, content="赵钱孙李").id == "SIG3"
        assert [each.id for each in usms.projects()] == [PROJECT]


@BOTH
def test_a_resubmission_arrives_as_it_was_described(encoding: Encoding) -> None:
    sent = described(
        "丙丁戊己",
        purpose=Purpose.OTHERS_USE,
        authorization=proof(LETTER, "application/pdf"),
        scene="Login codes, and “more”",
    )
    with world(encoding=encoding) as (sandbox, usms):
        receipt = usms.resubmit(project=PROJECT, ids=("SIG1", "SIG2"), submission=sent)
        assert receipt.request_uuid
        for each in ("SIG1", "SIG2"):
            kept = sandbox.signature(each)
            assert kept is not None
            assert (kept.content, kept.status) == ("丙丁戊己", ReviewStatus.PENDING)
        assert len([each for each in sandbox.log() if each.action == "UpdateUSMSSignature"]) == 1


@BOTH
def test_create_and_delete_do_what_they_say(encoding: Encoding) -> None:
    with world(encoding=encoding) as (sandbox, usms):
        sent = described("新的签名", description="For the shop", international=True)
        created = usms.create(project=PROJECT, submission=sent)
        assert created.id is not None
        assert usms.find(project=PROJECT, id=created.id).content == "新的签名"
        usms.delete(project=PROJECT, ids=(created.id,))
        assert sandbox.signature(created.id) is None


def test_what_the_service_refuses_is_told_against_the_one_signature() -> None:
    with world() as (_, usms):
        with pytest.raises(RejectedRequestError) as caught:
            usms.resubmit(project=PROJECT, ids=("SIG3",), submission=described("丙丁戊己"))
        assert caught.value.accepted is False
        assert usms.find(project=PROJECT, id="SIG1").id == "SIG1"


RECOVERED = [
    "throttle", "retcode=150", "http429", "http500", "http502", "http503", "http504",
    "drop-before", "hang", "drop-after", "hang-after", "cut", "slow",
]  # fmt: skip


@pytest.mark.parametrize("kind", RECOVERED)
def test_an_update_survives_what_is_worth_another_try(kind: str) -> None:
    with world(f"UpdateUSMSSignature:{kind}:2") as (sandbox, usms):
        usms.resubmit(project=PROJECT, ids=("SIG1",), submission=described("丙丁戊己"))
        kept = sandbox.signature("SIG1")
        assert kept is not None
        assert kept.content == "丙丁戊己"


@pytest.mark.parametrize("kind", ["redirect", "garbage", "huge", "unknown-status"])
def test_a_query_that_gets_nothing_usable_fails_alone(kind: str) -> None:
    with world(f"QueryUSMSSignature:{kind}") as (_, usms):
        with pytest.raises(NoAnswerError) as caught:
            usms.find(project=PROJECT, id="SIG1")
        assert caught.value.accepted is False
        assert usms.find(project=PROJECT, id="SIG1").id == "SIG1"


def test_an_empty_data_is_not_found() -> None:
    with world("QueryUSMSSignature:empty-data") as (_, usms):
        assert usms.find(project=PROJECT, id="SIG1").status is ReviewStatus.NOT_FOUND


@pytest.mark.parametrize("kind", ["drop-after", "hang-after", "cut", "garbage", "huge", "slow"])
def test_a_create_whose_answer_is_lost_is_not_repeated_and_not_called_failed(kind: str) -> None:
    with world(f"CreateUSMSSignature:{kind}") as (sandbox, usms):
        with pytest.raises(ServiceError) as caught:
            usms.create(
                project=PROJECT, submission=described("新的签名", description="For the shop")
            )
        assert caught.value.accepted is None
        assert len([each for each in sandbox.signatures() if each.content == "新的签名"]) == 1


def test_wrong_keys_end_everything_with_one_message() -> None:
    keys = Credentials(public_key=DEFAULT_ACCOUNT.public_key, private_key="another")
    with world(credentials=keys) as (sandbox, usms):
        for each in ("SIG1", "SIG2"):
            with pytest.raises(HopelessError, match="RetCode 171") as caught:
                usms.find(project=PROJECT, id=each)
            assert "UCLOUD_PRIVATE_KEY" in caught.value.advice
        assert len(sandbox.log()) == 1


@BOTH
def test_bytes_that_nobody_reviewed_are_never_accepted(encoding: Encoding, tmp_path: Path) -> None:
    path = tmp_path / "licence.png"
    path.write_bytes(LICENCE.read_bytes())
    planned = proof(path, "image/png")
    path.write_bytes(LICENCE.read_bytes()[:-1] + b"!")
    with world(encoding=encoding, patience=Patience(tries=3)) as (sandbox, usms):
        with pytest.raises(DocumentChangedError):
            usms.resubmit(
                project=PROJECT,
                ids=("SIG1",),
                submission=submission("丙丁戊己", certificate=planned),
            )
        kept = sandbox.signature("SIG1")
        assert kept is not None
        assert kept.content == "甲乙丙丁"
