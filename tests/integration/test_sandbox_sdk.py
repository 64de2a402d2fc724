"""The official SDK's client works against the sandbox, over real sockets."""

from __future__ import annotations

import base64
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from ucloud.client import Client
from ucloud.core import exc

from reconciler.model import ReviewStatus
from reconciler.sandbox.seed import Seed, SeedSignature
from reconciler.sandbox.server import Sandbox, running

PNG = "image/png;base64," + base64.b64encode(b"\x89PNG made up" * 100).decode()
SEED = Seed(
    signatures=(
        SeedSignature(
            id="SIG1", content="一号店铺", status=ReviewStatus.REJECTED, rejection="模糊"
        ),
        SeedSignature(id="SIG2", content="二号店铺", status=ReviewStatus.APPROVED),
        SeedSignature(id="SIG3", content="三号店铺"),
    )
)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with running(seed=SEED) as served:
        yield served


@pytest.fixture
def client(sandbox: Sandbox) -> Client:
    quiet = logging.getLogger("tests.ucloud")
    quiet.setLevel(logging.CRITICAL)  # the SDK would log whole requests
    environment = sandbox.environment()
    return Client(
        {
            "region": "cn-bj2",
            "project_id": environment["UCLOUD_PROJECT_ID"],
            "public_key": environment["UCLOUD_PUBLIC_KEY"],
            "private_key": environment["UCLOUD_PRIVATE_KEY"],
            "base_url": environment["UCLOUD_API_BASE_URL"],
        },
        logger=quiet,
    )


def description(**changes: Any) -> dict[str, Any]:
    return {
        "SigContent": "优刻得科技",
        "SigType": 0,
        "SigPurpose": 0,
        "CertificateType": 0,
        "File": PNG,
        **changes,
    }


def test_it_queries(client: Client) -> None:
    data = client.usms().query_usms_signature({"SigId": "SIG1"})["Data"]
    assert data == {"SigId": "SIG1", "SigContent": "一号店铺", "Status": 3, "ErrDesc": "模糊"}
    assert client.usms().query_usms_signature({"SigContent": "二号店铺"})["Data"]["Status"] == 2


def test_it_resubmits(client: Client, sandbox: Sandbox) -> None:
    client.usms().update_usms_signature(description(SigId="SIG1", SceneDesc="登录"))
    kept = sandbox.signature("SIG1")
    assert kept is not None
    assert (kept.content, kept.status, kept.scene) == ("优刻得科技", ReviewStatus.PENDING, "登录")


def test_it_resubmits_several_ids(client: Client, sandbox: Sandbox) -> None:
    client.invoke("UpdateUSMSSignature", description(SigIds=["SIG1", "SIG3"]))
    assert [one.content for one in sandbox.signatures()] == ["优刻得科技", "二号店铺", "优刻得科技"]


def test_it_creates_and_deletes(client: Client, sandbox: Sandbox) -> None:
    made = client.usms().create_usms_signature(description(Description="x", International=False))
    assert sandbox.signature(made["SigId"]) is not None
    client.usms().delete_usms_signature({"SigIds": [made["SigId"], "SIG1"]})
    assert [one.id for one in sandbox.signatures()] == ["SIG2", "SIG3"]


def test_it_lists_projects(client: Client) -> None:
    (project,) = client.uaccount().get_project_list()["ProjectSet"]
    assert (project["ProjectId"], project["IsDefault"]) == ("org-sandbox", True)


def test_it_is_told_of_refusals_with_the_request_uuid(client: Client, sandbox: Sandbox) -> None:
    with pytest.raises(exc.RetCodeException) as caught:
        client.usms().update_usms_signature(description(SigId="SIG2"))
    assert caught.value.code == 18003
    assert caught.value.request_uuid == sandbox.log()[-1].uuid


def test_its_signing_fits_whatever_is_sent(client: Client, sandbox: Sandbox) -> None:
    strange = {
        "Text": "a&b=c+d %é【】\n😀",
        "Float": 1.5,
        "Whole": 2.0,
        "Yes": True,
        "Number": 10**20,
    }
    client.invoke("QueryUSMSSignature", {"SigId": "SIG1", **strange})
    assert sandbox.log()[-1].parameters["Text"] == strange["Text"]
    assert sandbox.log()[-1].accepted


def test_a_wrong_key_is_refused(client: Client) -> None:
    client.credential.private_key = "another"
    with pytest.raises(exc.RetCodeException) as caught:
        client.invoke("QueryUSMSSignature", {"SigId": "SIG1"})
    assert caught.value.code == 171
