"""What each action of the sandbox checks, does and answers."""

from __future__ import annotations

import base64
import hashlib
from typing import Any

import pytest

from reconciler.model import Purpose, ReviewStatus, SignatureType
from reconciler.sandbox.actions import HANDLERS
from reconciler.sandbox.codes import ACTIONS, DOCUMENT_BYTES
from reconciler.sandbox.service import Service
from tests.unit.sandbox_calls import (
    CREATE,
    PNG,
    UPDATE,
    call,
    create,
    encoded,
    file,
    query,
    service,
    signed,
    update,
)

MISSING, FORMAT, INVALID, NOT_APPLIED_FOR = 18001, 18002, 18003, 18016


@pytest.fixture
def sandbox() -> Service:
    return service()


def delete(to: Service, *ids: str, **changes: Any) -> dict[str, Any]:
    flat = {f"SigIds.{index}": value for index, value in enumerate(ids)}
    return call(to, "DeleteUSMSSignature", {"ProjectId": "org-sandbox", **flat}, **changes)


def status(of: Service, id: str) -> ReviewStatus | None:
    signature = of.store.get(id)
    return None if signature is None else signature.status


def test_every_action_has_its_handler() -> None:
    assert set(HANDLERS) == set(ACTIONS)


class TestQuery:
    def test_it_answers_id_content_status_and_reason(self, sandbox: Service) -> None:
        assert query(sandbox, SigId="SIG1") == {
            "RetCode": 0,
            "Action": "QueryUSMSSignatureResponse",
            "Message": "",
            "Data": {"SigId": "SIG1", "SigContent": "一号店铺", "Status": 3, "ErrDesc": "否"},
        }

    def test_statuses_are_the_numbers_of_the_reference(self, sandbox: Service) -> None:
        ids = ("SIG2", "SIG3", "SIG4", "SIG1", "SIG5")
        assert [query(sandbox, SigId=one)["Data"]["Status"] for one in ids] == [0, 1, 2, 3, 4]

    def test_it_finds_by_content(self, sandbox: Service) -> None:
        assert query(sandbox, SigContent="四号店铺")["Data"]["SigId"] == "SIG4"

    def test_id_and_content_must_both_fit(self, sandbox: Service) -> None:
        assert query(sandbox, SigId="SIG4", SigContent="四号店铺")["Data"]["SigId"] == "SIG4"
        assert query(sandbox, SigId="SIG4", SigContent="五号店铺")["Data"] == {}

    def test_id_or_content_must_be_there(self, sandbox: Service) -> None:
        assert query(sandbox)["RetCode"] == MISSING
        assert query(sandbox, SigId="")["RetCode"] == MISSING

    @pytest.mark.parametrize(
        "parameters", [{"SigId": "SIG9"}, {"SigContent": "九号店铺"}, {"SigId": "SIG6"}]
    )
    def test_nothing_found_is_empty_data(
        self, sandbox: Service, parameters: dict[str, str]
    ) -> None:
        answer = query(sandbox, **parameters)
        assert (answer["RetCode"], answer["Data"]) == (0, {})

    def test_of_several_with_one_content_it_answers_the_latest(self, sandbox: Service) -> None:
        create(sandbox)
        second = create(sandbox)["SigId"]
        assert query(sandbox, SigContent="优刻得科技")["Data"]["SigId"] == second
        delete(sandbox, second)
        assert query(sandbox, SigContent="优刻得科技")["Data"]["SigId"] == "SIGSANDBOX000001"

    def test_an_id_is_a_string(self, sandbox: Service) -> None:
        assert query(sandbox, SigId=1)["RetCode"] == FORMAT


class TestUpdate:
    @pytest.mark.parametrize("id", ["SIG1", "SIG2", "SIG3"])
    def test_an_unapproved_signature_goes_back_to_review(self, sandbox: Service, id: str) -> None:
        answer = update(sandbox, SigId=id)
        assert answer == {"RetCode": 0, "Action": "UpdateUSMSSignatureResponse", "Message": ""}
        data = query(sandbox, SigId=id)["Data"]
        assert (data["SigContent"], data["Status"], data["ErrDesc"]) == ("优刻得科技", 0, "")

    @pytest.mark.parametrize("id", ["SIG4", "SIG5"])
    def test_an_approved_or_disabled_one_is_refused(self, sandbox: Service, id: str) -> None:
        before = sandbox.store.get(id)
        answer = update(sandbox, SigId=id)
        assert answer["RetCode"] == INVALID
        assert id in answer["Message"]
        assert sandbox.store.get(id) == before

    @pytest.mark.parametrize("id", ["SIG9", "SIG6"])
    def test_an_id_the_project_does_not_have_is_refused(self, sandbox: Service, id: str) -> None:
        assert update(sandbox, SigId=id)["RetCode"] == NOT_APPLIED_FOR

    def test_everything_sent_is_kept(self, sandbox: Service) -> None:
        update(
            sandbox,
            SigType=4,
            CertificateType="4",
            SigPurpose="1",
            ProxyFile=file(b"letter", "application/pdf"),
            SceneDesc="登录",
        )
        kept = sandbox.store.get("SIG1")
        assert kept is not None
        assert (kept.type, kept.purpose) == (SignatureType.TRADEMARK, Purpose.OTHERS_USE)
        assert (kept.scene, kept.rejection) == ("登录", None)
        assert [str(kept.certificate)[:7], str(kept.authorization)[:7]] == ["sha256:", "sha256:"]

    def test_a_proof_that_is_not_sent_again_stays(self, sandbox: Service) -> None:
        update(sandbox, Document="https://example.com/a.png")
        update(sandbox, File=None)
        kept = sandbox.store.get("SIG1")
        assert kept is not None
        assert str(kept.certificate).startswith("sha256:")

    def test_a_url_stands_for_a_document_uploaded_before(self, sandbox: Service) -> None:
        answer = update(
            sandbox,
            File=None,
            Document="https://example.com/a.png",
            SigPurpose=1,
            ProxyDoc="https://example.com/b.png",
        )
        kept = sandbox.store.get("SIG1")
        assert answer["RetCode"] == 0
        assert kept is not None
        assert kept.certificate == "url:https://example.com/a.png"
        assert kept.authorization == "url:https://example.com/b.png"

    def test_several_ids_take_one_description(self, sandbox: Service) -> None:
        several = {"SigId": None, "SigIds.0": "SIG1", "SigIds.1": "SIG2"}
        assert update(sandbox, **several)["RetCode"] == 0
        contents = [query(sandbox, SigId=one)["Data"]["SigContent"] for one in ("SIG1", "SIG2")]
        assert contents == ["优刻得科技"] * 2

    @pytest.mark.parametrize("bad", ["SIG4", "SIG9"])
    def test_several_ids_go_all_or_nothing(self, sandbox: Service, bad: str) -> None:
        several = {"SigId": None, "SigIds.0": "SIG1", "SigIds.1": bad}
        assert update(sandbox, **several)["RetCode"] in (INVALID, NOT_APPLIED_FOR)
        assert status(sandbox, "SIG1") is ReviewStatus.REJECTED

    @pytest.mark.parametrize(
        ("ids", "code"),
        [
            ({"SigId": None}, MISSING),
            ({"SigId": ""}, MISSING),
            ({"SigId": "SIG1", "SigIds.0": "SIG2"}, INVALID),
            ({"SigId": None, "SigIds.1": "SIG1"}, FORMAT),
            ({"SigId": None, "SigIds.01": "SIG1"}, FORMAT),
            ({"SigId": None, "SigIds.0": "SIG1", "SigIds.1": "SIG1"}, INVALID),
            ({"SigId": None, "SigIds.0": ""}, MISSING),
        ],
    )
    def test_ids_are_one_or_a_list_without_gaps(
        self, sandbox: Service, ids: dict[str, Any], code: int
    ) -> None:
        assert update(sandbox, **ids)["RetCode"] == code

    @pytest.mark.parametrize("name", ["ProjectId", "SigContent", "SigType", "SigPurpose"])
    def test_what_the_page_requires_must_be_there(self, sandbox: Service, name: str) -> None:
        answer = update(sandbox, **{name: None})
        assert answer["RetCode"] == MISSING
        assert name in answer["Message"]

    @pytest.mark.parametrize("name", ["CertificateType", "File", "SceneDesc"])
    def test_what_the_page_does_not_require_may_be_missing(
        self, sandbox: Service, name: str
    ) -> None:
        assert update(sandbox, **{name: None})["RetCode"] == 0

    def test_others_use_needs_a_letter(self, sandbox: Service) -> None:
        answer = update(sandbox, SigPurpose=1)
        assert answer["RetCode"] == MISSING
        assert "ProxyDoc" in answer["Message"]

    @pytest.mark.parametrize(
        ("changes", "code"),
        [
            ({"SigContent": "优"}, INVALID),
            ({"SigContent": "一二三四五六七八九十甲乙丙"}, INVALID),
            ({"SigContent": "【优刻得】"}, INVALID),
            ({"SigContent": "[UCloud]"}, INVALID),
            ({"SigContent": 12306}, FORMAT),
            ({"SigType": 6, "CertificateType": 6}, INVALID),
            ({"SigType": -1}, INVALID),
            ({"SigType": "one"}, FORMAT),
            ({"SigType": "٣"}, FORMAT),
            ({"SigType": True}, FORMAT),
            ({"SigType": 0.5}, FORMAT),
            ({"SigPurpose": 2}, INVALID),
            ({"CertificateType": 1}, INVALID),
            ({"CertificateType": "x"}, FORMAT),
            ({"SceneDesc": 5}, FORMAT),
            ({"File": 5}, FORMAT),
            ({"Document": 5, "File": None}, FORMAT),
        ],
    )
    def test_values_that_make_no_sense_are_refused(
        self, sandbox: Service, changes: dict[str, Any], code: int
    ) -> None:
        assert update(sandbox, **changes)["RetCode"] == code
        assert status(sandbox, "SIG1") is ReviewStatus.REJECTED

    @pytest.mark.parametrize("content", ["优刻", "一二三四五六七八九十甲乙", "UCloud", "12306"])
    def test_two_to_twelve_characters_are_taken(self, sandbox: Service, content: str) -> None:
        assert update(sandbox, SigContent=content)["RetCode"] == 0


class TestDocuments:
    @pytest.mark.parametrize(
        "text",
        [
            "iVBORw0KGgo=",
            "image/png,iVBORw0KGgo=",
            "image/png;base64,",
            "image/png;base64,iVBORw0KGgo",
            "image/png;base64,iVBO\nRw0KGgo=",
            "image/png;base64,iVBORw0KGgo==",
            "image/png;base64,-_-_",
            "image/png;base64,签名签名",
            ";base64,iVBORw0KGgo=",
        ],
    )
    @pytest.mark.parametrize("name", ["File", "ProxyFile"])
    def test_anything_but_media_type_and_base64_is_refused(
        self, sandbox: Service, name: str, text: str
    ) -> None:
        assert update(sandbox, **{name: text})["RetCode"] == FORMAT

    def test_four_mebibytes_are_the_limit(self, sandbox: Service) -> None:
        assert update(sandbox, File=file(b"\0" * DOCUMENT_BYTES))["RetCode"] == 0
        assert update(sandbox, File=file(b"\0" * (DOCUMENT_BYTES + 1)))["RetCode"] == INVALID

    def test_the_log_has_size_and_digest_and_never_the_bytes(self, sandbox: Service) -> None:
        update(sandbox, ProxyFile=file(b"letter", "application/pdf"), SecurityToken="secret-token")
        update(sandbox, File="image/png;base64,broken")
        first, second = sandbox.log.entries()
        assert [(d.parameter, d.media_type, d.size) for d in first.documents] == [
            ("File", "image/png", len(PNG)),
            ("ProxyFile", "application/pdf", 6),
        ]
        assert [d.sha256 for d in first.documents] == [
            hashlib.sha256(content).hexdigest() for content in (PNG, b"letter")
        ]
        assert [(d.parameter, d.media_type, d.sha256, d.size) for d in second.documents] == [
            ("File", None, None, None)
        ]
        shown = repr([first.as_json(), second.as_json()])
        for secret in (base64.b64encode(PNG).decode(), "broken", "secret-token"):
            assert secret not in shown


class TestCreate:
    def test_it_answers_the_new_id(self, sandbox: Service) -> None:
        answer = create(sandbox, SceneDesc="登录")
        assert answer == {
            "RetCode": 0,
            "Action": "CreateUSMSSignatureResponse",
            "Message": "",
            "SigId": "SIGSANDBOX000001",
        }
        made = sandbox.store.get("SIGSANDBOX000001")
        assert made is not None
        assert (made.project, made.scene, made.status) == ("org-sandbox", "登录", "pending")

    def test_it_is_not_idempotent(self, sandbox: Service) -> None:
        assert create(sandbox)["SigId"] != create(sandbox)["SigId"]

    @pytest.mark.parametrize(
        "name",
        ["ProjectId", "SigContent", "SigType", "SigPurpose", "CertificateType", "Description"],
    )
    def test_what_the_reference_requires_must_be_there(self, sandbox: Service, name: str) -> None:
        answer = create(sandbox, **{name: None})
        assert answer["RetCode"] == MISSING
        assert name in answer["Message"]

    def test_the_proof_may_be_a_qualification_instead(self, sandbox: Service) -> None:
        assert create(sandbox, File=None, QualificationId="q-1")["RetCode"] == 0

    def test_others_use_needs_a_letter_as_a_file(self, sandbox: Service) -> None:
        assert create(sandbox, SigPurpose=1, ProxyDoc="https://example.com/b")["RetCode"] == MISSING
        assert create(sandbox, SigPurpose=1, ProxyFile=file())["RetCode"] == 0

    @pytest.mark.parametrize("international", [True, False, "true", "false", ""])
    def test_international_is_a_boolean(self, sandbox: Service, international: Any) -> None:
        assert create(sandbox, International=international)["RetCode"] == 0

    @pytest.mark.parametrize("international", ["yes", 1, 0])
    def test_international_is_nothing_else(self, sandbox: Service, international: Any) -> None:
        assert create(sandbox, International=international)["RetCode"] == FORMAT

    def test_the_certificate_goes_with_the_type(self, sandbox: Service) -> None:
        assert create(sandbox, CertificateType=1)["RetCode"] == INVALID


class TestDelete:
    @pytest.mark.parametrize("id", ["SIG1", "SIG2", "SIG4", "SIG5"])
    def test_what_no_reviewer_is_at_goes_for_good(self, sandbox: Service, id: str) -> None:
        assert delete(sandbox, id)["RetCode"] == 0
        assert query(sandbox, SigId=id)["Data"] == {}
        assert delete(sandbox, id)["RetCode"] == NOT_APPLIED_FOR

    def test_a_signature_under_review_is_refused(self, sandbox: Service) -> None:
        assert delete(sandbox, "SIG3")["RetCode"] == INVALID
        assert status(sandbox, "SIG3") is ReviewStatus.REVIEWING

    def test_several_go_all_or_nothing(self, sandbox: Service) -> None:
        assert delete(sandbox, "SIG1", "SIG3")["RetCode"] == INVALID
        assert status(sandbox, "SIG1") is ReviewStatus.REJECTED
        assert delete(sandbox, "SIG1", "SIG2")["RetCode"] == 0
        assert status(sandbox, "SIG2") is None

    def test_project_and_ids_must_be_there(self, sandbox: Service) -> None:
        assert delete(sandbox, "SIG1", ProjectId=None)["RetCode"] == MISSING
        assert delete(sandbox, SigId="SIG1")["RetCode"] == MISSING

    def test_an_id_is_never_given_twice(self, sandbox: Service) -> None:
        first = create(sandbox)["SigId"]
        delete(sandbox, first)
        assert create(sandbox)["SigId"] != first


def test_the_log_tells_what_was_asked_and_decided() -> None:
    sandbox = service()
    several = {"SigId": None, "SigIds.0": "SIG1", "SigIds.1": "SIG4"}
    update(sandbox, **several)
    sandbox.handle(encoded(signed("CreateUSMSSignature", CREATE), "form"))
    refused, done = sandbox.log.entries()
    assert (refused.action, refused.ids) == ("UpdateUSMSSignature", ("SIG1", "SIG4"))
    assert (refused.accepted, refused.retcode, refused.encoding) == (False, INVALID, "json")
    assert (done.accepted, done.retcode, done.encoding) == (True, 0, "form")
    assert (done.content, done.user_agent, done.fault) == ("优刻得科技", "tests", None)
    assert next(iter(done.parameters)) == "Signature"
    assert done.parameters["Signature"] == done.parameters["File"] == "(hidden)"
    assert refused.parameters["SigType"] == UPDATE["SigType"]
