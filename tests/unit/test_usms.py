"""The API's names and numbers ↔ the model, and nothing believed that makes no sense."""

from __future__ import annotations

import inspect
import io
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import (
    HopelessError,
    NoAnswerError,
    RejectedRequestError,
    ServiceError,
)
from reconciler.gateway.answers import Answer
from reconciler.gateway.parameters import FileParameter, Parameters
from reconciler.model import Observed, Proof, Purpose, ReviewStatus, SignatureType
from reconciler.ports import ReadOnlyService, Receipt, Service
from reconciler.usms import Project, ReadOnlyUsms, Usms
from tests.unit.builders import LETTER, LICENCE, submission

UUID = "5d0c7e2a-6f0e-4b1c-9b1e-0d3f5a8c2b11"


@dataclass
class FakeGateway:
    """Answers every call with `data`, or raises `error`."""

    data: dict[str, Any] = field(default_factory=dict)
    error: ServiceError | None = None
    calls: list[tuple[str, dict[str, Any], bool]] = field(default_factory=list)

    def call(self, action: str, parameters: Parameters, *, idempotent: bool) -> Answer:
        self.calls.append((action, dict(parameters), idempotent))
        if self.error:
            raise self.error
        return Answer(data={"RetCode": 0, **self.data}, request_uuid=UUID)


def opened(proof: Proof) -> BinaryIO:
    return io.BytesIO(f"bytes of {proof.path}".encode())


def usms(gateway: FakeGateway) -> Usms:
    return Usms(gateway, open_document=opened)


def found(**data: Any) -> dict[str, Any]:
    whole = {"SigId": "SIG1", "SigContent": "甲乙丙丁", "Status": 0, "ErrDesc": ""}
    return {"Data": {**whole, **data}}


def test_it_is_the_service_the_engine_asks_for() -> None:
    reading: ReadOnlyService = ReadOnlyUsms(FakeGateway())
    writing: Service = usms(FakeGateway())
    assert isinstance(writing, type(reading))


def test_the_read_only_one_has_nothing_to_write_with() -> None:
    """Neither methods that write nor the gateway, whose `call` would do any action."""
    gateway = FakeGateway(data=found())
    service = ReadOnlyUsms(gateway)
    public = {name for name, _ in inspect.getmembers(service) if not name.startswith("_")}
    assert public == {"find", "find_content", "projects"}
    assert gateway not in vars(service).values()
    for ask in vars(service).values():
        ask({"Action": "DeleteUSMSSignature"})
    assert {action for action, _, _ in gateway.calls} == {"QueryUSMSSignature", "GetProjectList"}


def test_find_asks_by_id_in_the_project() -> None:
    gateway = FakeGateway(data=found(Status=3, ErrDesc="证件不清晰"))
    observed = ReadOnlyUsms(gateway).find(project="org-tests", id="SIG1")
    assert observed == Observed(
        status=ReviewStatus.REJECTED, id="SIG1", content="甲乙丙丁", rejection="证件不清晰"
    )
    assert gateway.calls == [
        ("QueryUSMSSignature", {"ProjectId": "org-tests", "SigId": "SIG1"}, True)
    ]


def test_find_content_asks_by_content() -> None:
    gateway = FakeGateway(data=found())
    observed = ReadOnlyUsms(gateway).find_content(project="org-tests", content="甲乙丙丁")
    assert observed.id == "SIG1"
    assert gateway.calls == [
        ("QueryUSMSSignature", {"ProjectId": "org-tests", "SigContent": "甲乙丙丁"}, True)
    ]


def test_without_a_project_the_service_chooses_its_default_one() -> None:
    gateway = FakeGateway(data=found())
    ReadOnlyUsms(gateway).find(project="", id="SIG1")
    assert gateway.calls[0][1] == {"SigId": "SIG1"}


@pytest.mark.parametrize(
    ("number", "status"),
    [
        (0, ReviewStatus.PENDING),
        (1, ReviewStatus.REVIEWING),
        (2, ReviewStatus.APPROVED),
        (3, ReviewStatus.REJECTED),
        (4, ReviewStatus.DISABLED),
    ],
)
def test_each_status_has_its_name(number: int, status: ReviewStatus) -> None:
    service = ReadOnlyUsms(FakeGateway(data=found(Status=number)))
    assert service.find(project="", id="SIG1").status is status


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"Data": None},
        {"Data": {}},
        {"Data": []},
        {"Data": ""},
        {"Data": {"SigId": "", "SigContent": "", "Status": 0, "ErrDesc": ""}},
    ],
)
def test_an_empty_data_is_not_found(data: dict[str, Any]) -> None:
    service = ReadOnlyUsms(FakeGateway(data=data))
    expected = Observed(status=ReviewStatus.NOT_FOUND)
    assert service.find(project="", id="SIG1") == expected
    assert service.find_content(project="", content="甲乙丙丁") == expected


@pytest.mark.parametrize("reason", ["", None])
def test_no_reason_is_no_rejection(reason: str | None) -> None:
    service = ReadOnlyUsms(FakeGateway(data=found(Status=2, ErrDesc=reason)))
    assert service.find(project="", id="SIG1").rejection is None


def test_the_reason_may_be_missing() -> None:
    data = found()
    del data["Data"]["ErrDesc"]
    assert ReadOnlyUsms(FakeGateway(data=data)).find(project="", id="SIG1").rejection is None


@pytest.mark.parametrize("content", ["甲乙丙丁", "【甲乙丙丁】", "[甲乙丙丁]"])
def test_the_brackets_the_system_adds_are_taken_off(content: str) -> None:
    service = ReadOnlyUsms(FakeGateway(data=found(SigContent=content)))
    assert service.find(project="", id="SIG1").content == "甲乙丙丁"
    assert service.find_content(project="", content="甲乙丙丁").content == "甲乙丙丁"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (found(Status=9), "Status is 9, not one of 0 to 4"),
        (found(Status=-1), "Status is -1"),
        (found(Status="2"), "Status is '2'"),
        (found(Status=True), "Status is True"),
        (found(Status=2.0), r"Status is 2\.0"),
        (found(Status=None), "Status is missing"),
        (found(Status=[1]), r"Status is \[1\]"),
        (found(SigId=None), "SigId is missing"),
        (found(SigId=7), "SigId is 7, not a text"),
        (found(SigId="SIG\ud800"), ".*half a character"),
        (found(ErrDesc="\udfff"), ".*half a character"),
        (found(SigId=""), "SigId or SigContent is empty"),
        (found(SigContent=""), "SigId or SigContent is empty"),
        (found(SigContent={}), r"SigContent is \{\}"),
        (found(ErrDesc=5), "ErrDesc is 5"),
        (found(SigId="SIG2"), "the answer is about 'SIG2'"),
        ({"Data": [found()["Data"]]}, "Data is no object"),
        ({"Data": 0}, "Data is no object"),
    ],
)
def test_nonsense_is_told_against_the_one_signature(data: dict[str, Any], why: str) -> None:
    service = ReadOnlyUsms(FakeGateway(data=data))
    with pytest.raises(NoAnswerError, match=f"answers nonsense about SIG1: {why}") as caught:
        service.find(project="", id="SIG1")
    assert caught.value.accepted is False
    assert caught.value.request_uuid == UUID
    assert UUID in caught.value.summary


def test_an_answer_about_another_content_is_nonsense() -> None:
    service = ReadOnlyUsms(FakeGateway(data=found()))
    with pytest.raises(NoAnswerError, match="nonsense about 甲乙: the answer is about '甲乙丙丁'"):
        service.find_content(project="", content="甲乙")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
SHAPES = st.fixed_dictionaries(
    {}, optional={"SigId": JSON, "SigContent": JSON, "Status": JSON, "ErrDesc": JSON}
)


@given(st.dictionaries(st.just("Data"), JSON | SHAPES))
def test_whatever_is_answered_it_is_understood_or_told(data: dict[str, Any]) -> None:
    told = ""
    observed = Observed(status=ReviewStatus.NOT_FOUND)
    try:
        observed = ReadOnlyUsms(FakeGateway(data=data)).find(project="", id="SIG1")
    except NoAnswerError as error:
        told = error.summary
    assert told.isprintable()
    assert observed.id in {None, "SIG1"}
    assert (observed.status is ReviewStatus.NOT_FOUND) is (observed.id is None)


@pytest.mark.parametrize(
    "error",
    [
        RejectedRequestError("x", code=18016),
        NoAnswerError("x", accepted=None),
        HopelessError("x"),
    ],
)
def test_a_question_that_failed_certainly_changed_nothing(error: ServiceError) -> None:
    service = ReadOnlyUsms(FakeGateway(error=error))
    for ask in (
        lambda: service.find(project="", id="SIG1"),
        lambda: service.find_content(project="", content="甲乙"),
        service.projects,
    ):
        error.accepted = None
        with pytest.raises(type(error)) as caught:
            ask()
        assert caught.value is error
        assert caught.value.accepted is False


def test_projects_are_listed() -> None:
    entries = [
        {"ProjectId": "org-a", "ProjectName": "默认", "IsDefault": True, "MemberCount": 1},
        {"ProjectId": "org-b", "ProjectName": "Shop"},
    ]
    gateway = FakeGateway(data={"ProjectSet": entries})
    assert ReadOnlyUsms(gateway).projects() == (
        Project(id="org-a", name="默认", is_default=True),
        Project(id="org-b", name="Shop", is_default=False),
    )
    assert gateway.calls == [("GetProjectList", {}, True)]


@pytest.mark.parametrize(
    "data", [{}, {"ProjectSet": {}}, {"ProjectSet": ["org-a"]}, {"ProjectSet": [{}]}]
)
def test_a_list_of_projects_that_is_none_is_told(data: dict[str, Any]) -> None:
    with pytest.raises(NoAnswerError, match="nonsense about projects"):
        ReadOnlyUsms(FakeGateway(data=data)).projects()


def test_resubmit_sends_everything_the_page_names() -> None:
    gateway = FakeGateway()
    sent = submission(
        "优刻得科技",
        type=SignatureType.TRADEMARK,
        purpose=Purpose.OTHERS_USE,
        authorization=LETTER,
        scene="Login codes",
        description="not for updates",
        international=True,
    )
    receipt = usms(gateway).resubmit(project="org-tests", ids=("SIG1",), submission=sent)
    ((action, parameters, idempotent),) = gateway.calls
    file, letter = parameters.pop("File"), parameters.pop("ProxyFile")
    assert (action, idempotent) == ("UpdateUSMSSignature", True)
    assert parameters == {
        "ProjectId": "org-tests",
        "SigId": "SIG1",
        "SigContent": "优刻得科技",
        "SigType": 4,
        "SigPurpose": 1,
        "CertificateType": 4,
        "SceneDesc": "Login codes",
    }
    assert isinstance(file, FileParameter)
    assert (file.size, file.sha256, file.media_type) == (10, "a" * 64, "image/png")
    assert file.open().read() == b"bytes of documents/licence.png"
    assert letter.open().read() == b"bytes of documents/letter.pdf"
    assert receipt == Receipt(request_uuid=UUID)


def test_urls_go_out_as_document_and_proxy_doc() -> None:
    gateway = FakeGateway()
    sent = submission(
        certificate=Proof(url="https://files.example/licence"),
        authorization=Proof(url="https://files.example/letter"),
    )
    usms(gateway).resubmit(project="", ids=("SIG1",), submission=sent)
    parameters = gateway.calls[0][1]
    assert parameters["Document"] == "https://files.example/licence"
    assert parameters["ProxyDoc"] == "https://files.example/letter"
    assert not {"File", "ProxyFile"} & set(parameters)


def test_several_ids_go_out_in_one_request() -> None:
    gateway = FakeGateway()
    usms(gateway).resubmit(project="", ids=("SIG1", "SIG2"), submission=submission())
    ((_, parameters, _),) = gateway.calls
    assert parameters["SigIds"] == ("SIG1", "SIG2")
    assert "SigId" not in parameters


@pytest.mark.parametrize(("type", "number"), [(each, n) for n, each in enumerate(SignatureType)])
def test_the_certificates_type_is_the_signatures(type: SignatureType, number: int) -> None:
    gateway = FakeGateway()
    usms(gateway).resubmit(project="", ids=("SIG1",), submission=submission(type=type))
    parameters = gateway.calls[0][1]
    assert (parameters["SigType"], parameters["CertificateType"]) == (number, number)
    assert parameters["SigPurpose"] == 0


def test_create_is_not_repeated_blindly_and_returns_the_id() -> None:
    gateway = FakeGateway(data={"SigId": "SIG9"})
    sent = submission(description="For the shop", international=True, qualification="Q1")
    receipt = usms(gateway).create(project="org-tests", submission=sent)
    ((action, parameters, idempotent),) = gateway.calls
    assert (action, idempotent) == ("CreateUSMSSignature", False)
    assert parameters.pop("File").name == "documents/licence.png"
    assert parameters == {
        "ProjectId": "org-tests",
        "SigContent": "甲乙丙丁",
        "SigType": 0,
        "SigPurpose": 0,
        "CertificateType": 0,
        "Description": "For the shop",
        "International": True,
        "QualificationId": "Q1",
    }
    assert receipt == Receipt(request_uuid=UUID, id="SIG9")


def test_what_create_need_not_send_it_does_not() -> None:
    gateway = FakeGateway(data={"SigId": "SIG9"})
    usms(gateway).create(project="", submission=submission(description="For the shop"))
    assert not {"International", "QualificationId", "SceneDesc"} & set(gateway.calls[0][1])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"description": None}, "description"),
        ({"description": ""}, "description"),
        ({"description": "x", "certificate": Proof(url="https://files.example")}, "url"),
        ({"description": "x", "authorization": Proof(url="https://files.example")}, "url"),
    ],
)
def test_what_cannot_be_applied_for_is_not_sent(changes: dict[str, Any], words: str) -> None:
    gateway = FakeGateway()
    with pytest.raises(ServiceError, match=words) as caught:
        usms(gateway).create(project="", submission=submission(**changes))
    assert caught.value.accepted is False
    assert gateway.calls == []


@pytest.mark.parametrize("data", [{}, {"SigId": ""}, {"SigId": 7}])
def test_a_created_one_without_an_id_is_not_called_failed(data: dict[str, Any]) -> None:
    with pytest.raises(NoAnswerError, match="accepted, but") as caught:
        usms(FakeGateway(data=data)).create(
            project="", submission=submission(description="For the shop")
        )
    assert caught.value.accepted is None
    assert caught.value.request_uuid == UUID


@pytest.mark.parametrize("ids", [("SIG1",), ("SIG1", "SIG2")])
def test_delete_names_its_ids_as_a_list_even_for_one(ids: tuple[str, ...]) -> None:
    gateway = FakeGateway()
    receipt = usms(gateway).delete(project="org-tests", ids=ids)
    assert gateway.calls == [
        ("DeleteUSMSSignature", {"ProjectId": "org-tests", "SigIds": ids}, True)
    ]
    assert receipt == Receipt(request_uuid=UUID)


def test_a_write_that_failed_keeps_what_is_known_of_it() -> None:
    error = NoAnswerError("x", accepted=None)
    with pytest.raises(NoAnswerError):
        usms(FakeGateway(error=error)).delete(project="", ids=("SIG1",))
    assert error.accepted is None


@pytest.mark.parametrize("missing", ["size", "sha256", "media_type"])
def test_a_document_that_was_never_looked_at_cannot_be_sent(missing: str) -> None:
    known = {"sha256": "a" * 64, "size": 10, "media_type": "image/png", missing: None}
    sent = submission(certificate=Proof(path=LICENCE.path, **known))  # type: ignore[arg-type]  # mixed types
    with pytest.raises(ValueError, match="needs its size"):
        usms(FakeGateway()).resubmit(project="", ids=("SIG1",), submission=sent)
