"""Every byte on the wire, judged by a service that was written from the reference alone."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler import __version__
from tests.integration.contract_service import (
    APPROVED,
    PENDING,
    PRIVATE_KEY,
    Asked,
    Held,
    Reply,
    coded,
)
from tests.integration.contract_world import ContractWorld, MakeContractWorld, contract_worlds
from tests.integration.world import PNG

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
RETRIED = (110, 130, 150, 151, 153, 200, 18004, 18007)
RETRIED_HTTP = (429, 500, 502, 503, 504)


@pytest.fixture
def make(tmp_path: Path) -> Iterator[MakeContractWorld]:
    with contract_worlds(tmp_path) as worlds:
        yield worlds


def url(name: str) -> dict[str, str]:
    return {"url": f"https://documents.example/{name}"}


@pytest.mark.parametrize("encoding", ["json", "form"])
def test_each_write_is_what_the_reference_says(make: MakeContractWorld, encoding: str) -> None:
    """Signed over sorted keys, `Signature` last, numbers as numbers, documents byte for byte."""
    world = make(
        SIG1=Held(content="甲乙丙丁"),
        SIG2=Held(content="甲乙丙丁", status=PENDING),
        SIG3=Held(content="甲乙丙丁"),
        SIG4=Held(content="子丑 &=+%"),
    )
    # The reviewers' narrower alphabet is not what this test is about.
    world.file("reconciler.toml", f'encoding = "{encoding}"\n[rules]\nUSMS101 = "off"\n')
    world.file("documents/letter", PDF * 900)
    world.manifest(
        "shop/many",
        id=["SIG3", "SIG1"],
        content="甲乙丙丁",
        purpose="others-use",
        authorization={"file": "documents/letter"},
        scene='验证码 "\\ /\u00e9😀&=+%',
    )
    world.manifest(
        "one", id="SIG4", content="子丑 &=+%", type="trademark", certificate=url("签?a=b&c")
    )
    world.manifest("new", content="新的签名", type="app", description="第一次", international=True)

    assert world.run("apply", "--yes", UCLOUD_SECURITY_TOKEN="temporary").code == 0

    service = world.service
    assert service.complaints == []
    assert service.connections < len(service.asked), "connections are kept and used again"
    for asked in service.asked:
        assert asked.path == "/"
        assert asked.headers["User-Agent"] == f"reconciler/{__version__}"
        assert "Transfer-Encoding" not in asked.headers
        assert asked.parameters["SecurityToken"] == "temporary"
    writes = {asked.ids: asked.parameters for asked in service.writes()}
    assert set(writes) == {("SIG1", "SIG3"), ("SIG4",), ()}
    many, one, new = writes[("SIG1", "SIG3")], writes[("SIG4",)], writes[()]
    assert many["File"] == "image/png;base64," + base64.b64encode(PNG).decode()
    assert many["ProxyFile"] == "application/pdf;base64," + base64.b64encode(PDF * 900).decode()
    assert many["SceneDesc"] == '验证码 "\\ /\u00e9😀&=+%'
    assert one["Document"] == "https://documents.example/签?a=b&c"
    assert "File" not in one
    numbers = [
        str(each[key]) for each in (many, one, new) for key in ("SigType", "CertificateType")
    ]
    assert numbers == ["0", "0", "4", "4", "1", "1"]
    assert new["International"] == (True if encoding == "json" else "true")


def test_a_document_that_changes_on_its_way_is_abandoned_before_signature(
    make: MakeContractWorld,
) -> None:
    """Bytes that nobody reviewed are never accepted: `Signature` is never sent."""
    world = make(SIG1=Held(content="甲乙丙丁"))
    world.manifest("shop", id="SIG1", content="甲乙丙丁")
    licence = world.root / "documents" / "licence.png"

    def swap(asked: Asked) -> None:
        if len(world.service.asked) == 2:
            licence.write_bytes(PNG[:-1] + b"?")

    world.service.instead = swap
    code, applied = world.document("apply", "--yes")
    assert (code, applied["outcomes"][0]["outcome"]) == (1, "failed")
    assert all(b'"Signature"' not in asked.body for asked in world.service.asked[2:])
    assert world.service.held["SIG1"].status != PENDING
    assert world.records() == set()


def test_what_is_worth_another_try_is_tried_again(make: MakeContractWorld) -> None:
    """RetCode 110, 130, 150, 151, 153, 200, 18004, 18007, HTTP 429 and 5xx, a cut connection."""
    first_answers: dict[str, Reply] = {f"SIG{code}": coded(code) for code in RETRIED}
    first_answers |= {
        f"SIG{status}": Reply(status=status, body=b"<html>") for status in RETRIED_HTTP
    }
    first_answers["SIGDROP"] = Reply(drop=True)
    names = list(first_answers)
    world = make(**{name: Held(content=f"甲乙{name[3:]}", status=APPROVED) for name in names})
    for name in names:
        world.manifest(name.lower(), id=name, content=f"甲乙{name[3:]}")
    world.service.instead = lambda asked: first_answers.pop(asked.ids[0], None)

    assert set(world.plan().values()) == {("adopt", "untracked", False)}
    assert len(world.service.asked) == 2 * len(names)


def test_one_answer_of_nonsense_is_one_error_row_and_is_not_asked_again(
    make: MakeContractWorld,
) -> None:
    """The others go on; a redirect is not followed; an answer is bounded in size; exit 1."""
    seen = {"SigContent": "甲乙丙丁", "Status": APPROVED, "ErrDesc": ""}
    answers = {
        "SIGCODE": coded(18003),
        "SIGHTML": Reply(body=b"<html>"),
        "SIGHUGE": Reply(body=b'{"RetCode": 0, "x": "' + b"x" * 8_000_000 + b'"}'),
        "SIGLIST": Reply(body=b"[]"),
        "SIGMOVED": Reply(status=307, headers=(("Location", "http://127.0.0.1:9/elsewhere"),)),
        "SIGOTHER": coded(0, Data={"SigId": "SIG0", **seen}),
        "SIGSTATUS": coded(0, Data={"SigId": "SIGSTATUS", **seen, "Status": 7}),
    }
    world = make(SIGGOOD=Held(content="子丑寅卯", status=APPROVED))
    world.manifest("good", id="SIGGOOD", content="子丑寅卯")
    for name in answers:
        world.manifest(name.lower(), id=name, content=f"甲乙{name[3:]}")
    world.service.instead = lambda asked: answers.get(asked.ids[0])

    code, plan = world.document("plan")
    assert code == 1
    assert [row["id"] for row in plan["errors"]] == sorted(answers)
    assert [row["name"] for row in plan["changes"]] == ["good"]
    assert plan["summary"]["errors"] == len(answers)
    assert len(world.service.asked) == len(answers) + 1
    assert max(len(row["summary"]) for row in plan["errors"]) < 1000


def creates(world: ContractWorld) -> int:
    return sum(asked.action == "CreateUSMSSignature" for asked in world.service.asked)


def test_a_create_whose_answer_was_lost_is_never_repeated(make: MakeContractWorld) -> None:
    """Preceded by a query by content; accepted without an answer; the next run finds it."""
    world = make()
    world.manifest("new", content="新的签名", description="第一次")
    world.service.afterwards = lambda asked: (
        Reply(drop=True) if asked.action == "CreateUSMSSignature" else None
    )
    first = world.run("apply", "--yes")
    before = world.service.asked[-creates(world) - 1]
    assert before.parameters["SigContent"] == "新的签名"
    world.service.afterwards = None
    assert world.run("apply", "--yes").code == 0
    assert creates(world) == len(world.service.held) == 1
    assert world.records() == {"SIGNEW0000"}
    assert PRIVATE_KEY not in first.out + first.err
