"""SMS signatures as UCloud's API has them: its actions, names and numbers stay in this module."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, Protocol

from reconciler.errors import NoAnswerError, ServiceError
from reconciler.gateway.answers import Answer
from reconciler.gateway.parameters import FileParameter, Parameters
from reconciler.gateway.redact import shown
from reconciler.model import Observed, Proof, Purpose, ReviewStatus, SignatureType, Submission
from reconciler.ports import Receipt
from reconciler.wording import is_unicode

_TYPES: Mapping[SignatureType, int] = {
    SignatureType.COMPANY: 0,
    SignatureType.APP: 1,
    SignatureType.WEBSITE: 2,
    SignatureType.PUBLIC_ACCOUNT: 3,
    SignatureType.TRADEMARK: 4,
    SignatureType.GOVERNMENT: 5,
}
_PURPOSES: Mapping[Purpose, int] = {Purpose.SELF_USE: 0, Purpose.OTHERS_USE: 1}
_STATUSES: Mapping[int, ReviewStatus] = {
    0: ReviewStatus.PENDING,
    1: ReviewStatus.REVIEWING,
    2: ReviewStatus.APPROVED,
    3: ReviewStatus.REJECTED,
    4: ReviewStatus.DISABLED,
}
_BRACKETS = (("【", "】"), ("[", "]"))

_Values = dict[str, str | int | bool | tuple[str, ...] | FileParameter]


class Caller(Protocol):
    """What is needed of a `Gateway`."""

    def call(self, action: str, parameters: Parameters, *, idempotent: bool) -> Answer:
        """See `Gateway.call`."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """A project these keys can use (GetProjectList)."""

    id: str
    name: str
    is_default: bool


class ReadOnlyUsms:
    """`ports.ReadOnlyService` over HTTP. It keeps two ways to ask, and none to call an action."""

    def __init__(self, gateway: Caller) -> None:
        self._query = _reader(gateway, "QueryUSMSSignature")
        self._list_projects = _reader(gateway, "GetProjectList")

    def find(self, *, project: str, id: str) -> Observed:
        """Ask about one id; `NOT_FOUND` when the service has nothing under it."""
        answer = self._query(_in_project(project, {"SigId": id}))
        observed = _observed(answer, about=id)
        if observed.id not in (None, id):
            raise _nonsense(answer, id, f"the answer is about {_quoted(observed.id)}")
        return observed

    def find_content(self, *, project: str, content: str) -> Observed:
        """Ask about one content; `NOT_FOUND` when the service has none such."""
        answer = self._query(_in_project(project, {"SigContent": content}))
        observed = _observed(answer, about=content)
        if observed.content not in (None, content):
            raise _nonsense(answer, content, f"the answer is about {_quoted(observed.content)}")
        return observed

    def projects(self) -> tuple[Project, ...]:
        """All projects of these keys; raises `ServiceError`."""
        answer = self._list_projects({})
        entries = answer.data.get("ProjectSet")
        if not isinstance(entries, list):
            raise _nonsense(answer, "projects", "ProjectSet is no list")
        return tuple(_project(answer, entry) for entry in entries)


class Usms(ReadOnlyUsms):
    """`ports.Service` over HTTP: reads and writes."""

    def __init__(self, gateway: Caller, *, open_document: Callable[[Proof], BinaryIO]) -> None:
        super().__init__(gateway)
        self._gateway = gateway
        self._open = open_document

    def resubmit(self, *, project: str, ids: tuple[str, ...], submission: Submission) -> Receipt:
        """UpdateUSMSSignature: one description for all ids, in one request. Idempotent."""
        values = self._described(submission)
        # The page allows an array; the SDKs send one id under its own name.
        values.update({"SigId": ids[0]} if len(ids) == 1 else {"SigIds": ids})
        return self._write("UpdateUSMSSignature", project, values, idempotent=True)

    def create(self, *, project: str, submission: Submission) -> Receipt:
        """CreateUSMSSignature. Not idempotent: the caller asks by content first."""
        _check_can_be_applied_for(submission)
        values = self._described(submission)
        values["Description"] = submission.description or ""
        if submission.international:
            values["International"] = True
        if submission.qualification is not None:
            values["QualificationId"] = submission.qualification
        answer = self._call("CreateUSMSSignature", project, values, idempotent=False)
        new_id = answer.data.get("SigId")
        if not isinstance(new_id, str) or not new_id:
            raise NoAnswerError(
                f"CreateUSMSSignature: {submission.content} was accepted, but the answer does not "
                "say under which SigId",
                "Look for it in UCloud's console before anything is applied for again.",
                accepted=None,
                request_uuid=answer.request_uuid,
            )
        return Receipt(request_uuid=answer.request_uuid, id=new_id)

    def delete(self, *, project: str, ids: tuple[str, ...]) -> Receipt:
        """DeleteUSMSSignature, for good; what is deleted already stays so."""
        return self._write("DeleteUSMSSignature", project, {"SigIds": ids}, idempotent=True)

    def _write(self, action: str, project: str, values: _Values, *, idempotent: bool) -> Receipt:
        answer = self._call(action, project, values, idempotent=idempotent)
        return Receipt(request_uuid=answer.request_uuid)

    def _call(self, action: str, project: str, values: _Values, *, idempotent: bool) -> Answer:
        return self._gateway.call(action, _in_project(project, values), idempotent=idempotent)

    def _described(self, submission: Submission) -> _Values:
        values: _Values = {
            "SigContent": submission.content,
            "SigType": _TYPES[submission.type],
            "SigPurpose": _PURPOSES[submission.purpose],
            "CertificateType": _TYPES[submission.type],
            **self._proof(submission.certificate, file="File", url="Document"),
        }
        if submission.authorization is not None:
            values |= self._proof(submission.authorization, file="ProxyFile", url="ProxyDoc")
        if submission.scene is not None:
            values["SceneDesc"] = submission.scene
        return values

    def _proof(self, proof: Proof, *, file: str, url: str) -> _Values:
        if proof.url is not None:
            return {url: proof.url}
        if proof.size is None or proof.sha256 is None or proof.media_type is None:
            raise ValueError("a document without a url needs its size, sha256 and media type")
        document = FileParameter(
            open=partial(self._open, proof),
            size=proof.size,
            sha256=proof.sha256,
            media_type=proof.media_type,
            name=proof.path or "the document",
        )
        return {file: document}


def _reader(gateway: Caller, action: str) -> Callable[[Parameters], Answer]:
    """A way to do one reading action, and nothing else."""

    def ask(parameters: Parameters) -> Answer:
        try:
            return gateway.call(action, parameters, idempotent=True)
        except ServiceError as error:
            error.accepted = False  # however it ended, a question changes nothing
            raise

    return ask


def _in_project(project: str, values: Parameters) -> Parameters:
    """Without a project the service takes the account's default one."""
    return {"ProjectId": project, **values} if project else values


def _check_can_be_applied_for(submission: Submission) -> None:
    unfit = submission.unfit_to_apply
    if unfit is not None:
        raise ServiceError(
            f"{submission.content} cannot be applied for: {unfit}", "Edit the manifest."
        )


def _observed(answer: Answer, *, about: str) -> Observed:
    """Data → model. An empty one means not found: what is there has an id and a content."""
    data = answer.data.get("Data")
    if data in (None, {}, [], ""):
        return Observed(status=ReviewStatus.NOT_FOUND)
    if not isinstance(data, dict):
        raise _nonsense(answer, about, "Data is no object")
    found, content = (_text(answer, about, data, name) for name in ("SigId", "SigContent"))
    if found == content == "":
        return Observed(status=ReviewStatus.NOT_FOUND)
    if not found or not content:
        raise _nonsense(answer, about, "SigId or SigContent is empty")
    reason = "" if data.get("ErrDesc") is None else _text(answer, about, data, "ErrDesc")
    status = _status(answer, about, data.get("Status"))
    return Observed(
        status=status,
        id=found,
        content=_unwrapped(content),
        # What an approved one still carries is about an earlier try.
        rejection=None if status is ReviewStatus.APPROVED else reason or None,
    )


def _status(answer: Answer, about: str, number: object) -> ReviewStatus:
    # A bool is an int to Python, and True would pass for 1.
    if isinstance(number, bool) or not isinstance(number, int) or number not in _STATUSES:
        raise _nonsense(answer, about, f"Status is {_quoted(number)}, not one of 0 to 4")
    return _STATUSES[number]


def _text(answer: Answer, about: str, data: Mapping[str, object], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str):
        raise _nonsense(answer, about, f"{name} is {_quoted(value)}, not a text")
    if not is_unicode(value):
        raise _nonsense(answer, about, f"{name} is {_quoted(value)}, half a character")
    return value


def _unwrapped(content: str) -> str:
    """Without the brackets the system adds, in case the answer has them."""
    for left, right in _BRACKETS:
        if content.startswith(left) and content.endswith(right):
            return content[1:-1]
    return content


def _project(answer: Answer, entry: object) -> Project:
    if not isinstance(entry, dict):
        raise _nonsense(answer, "projects", "ProjectSet has an entry that is no object")
    return Project(
        id=_text(answer, "projects", entry, "ProjectId"),
        name=_text(answer, "projects", entry, "ProjectName"),
        is_default=entry.get("IsDefault") is True,
    )


def _nonsense(answer: Answer, about: str, what: str) -> NoAnswerError:
    uuid = f" (request {answer.request_uuid})" if answer.request_uuid else ""
    return NoAnswerError(
        f"the service answers nonsense about {shown(about)}: {what}{uuid}",
        "Run again later; if it stays, give the request's id to UCloud's support.",
        request_uuid=answer.request_uuid,
    )


def _quoted(value: object) -> str:
    return "missing" if value is None else shown(repr(value))
