"""The five actions: parameters in, the answer's own fields out, or a `RefusalError`.

Where the reference is silent, the sandbox does this: a query that finds nothing answers RetCode 0
with empty `Data`; of several signatures with one content it answers the one that got it last; a
write that names an id which is not in the project gets 18016, one that the status forbids 18003;
a write about several ids does all or nothing; unknown parameters are ignored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from reconciler.model import ReviewStatus
from reconciler.sandbox import codes
from reconciler.sandbox.access import check_project
from reconciler.sandbox.descriptions import Description, read_create, read_update
from reconciler.sandbox.parameters import Parameters
from reconciler.sandbox.reviewer import Reviewer, StoredSignature
from reconciler.sandbox.seed import Account, Seed
from reconciler.sandbox.store import Store

Answer = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request whose signing is right, and what it works on."""

    parameters: Parameters
    account: Account
    seed: Seed
    store: Store
    reviewer: Reviewer

    def project(self, *, required: bool) -> str:
        """The project meant; raises `RefusalError`."""
        return check_project(self.seed, self.account, self.parameters, required=required)


def query(call: Call) -> Answer:
    """QueryUSMSSignature: by id, by content, or by both (then both must fit)."""
    project = call.project(required=False)
    sig_id, content = call.parameters.text("SigId"), call.parameters.text("SigContent")
    if sig_id is None and content is None:
        raise codes.RefusalError(codes.MISSING, "SigId or SigContent is missing")
    found = call.store.latest(project, content or "") if sig_id is None else call.store.get(sig_id)
    if found is None or found.project != project or content not in (None, found.content):
        return {"Data": {}}
    return {
        "Data": {
            "SigId": found.id,
            "SigContent": found.content,
            "Status": codes.STATUS_NUMBERS[found.status],
            "ErrDesc": found.rejection or "",
        }
    }


def update(call: Call) -> Answer:
    """UpdateUSMSSignature: change unapproved signatures and send them back to review."""
    project = call.project(required=True)
    ids = _updated_ids(call.parameters)
    wanted = read_update(call.parameters)
    with call.store.lock:
        found = _found(call.store, project, ids)
        for signature in found:
            if signature.status not in codes.EDITABLE:
                raise _forbidden(signature)
        for signature in found:
            call.store.put(call.reviewer.submitted(_changed(signature, wanted)))
    return {}


def create(call: Call) -> Answer:
    """CreateUSMSSignature: another signature, whatever exists already."""
    project = call.project(required=True)
    wanted = read_create(call.parameters)
    with call.store.lock:
        made = StoredSignature(
            id=call.store.new_id(),
            project=project,
            content=wanted.content,
            status=ReviewStatus.PENDING,
            type=wanted.type,
            purpose=wanted.purpose,
            scene=wanted.scene,
            certificate=wanted.certificate,
            authorization=wanted.authorization,
        )
        call.store.put(call.reviewer.submitted(made))
    return {"SigId": made.id}


def delete(call: Call) -> Answer:
    """DeleteUSMSSignature: gone for good, unless a reviewer is at it."""
    project = call.project(required=True)
    ids = call.parameters.required_texts("SigIds")
    with call.store.lock:
        found = _found(call.store, project, ids)
        for signature in found:
            if signature.status is ReviewStatus.REVIEWING:
                raise _forbidden(signature)
        for signature in found:
            call.store.remove(signature.id)
    return {}


def projects(call: Call) -> Answer:
    """GetProjectList: the projects this account may use; a ProjectId is ignored.

    The SDK's fields beyond the reference's are there, since its client insists on them.
    """
    usable = [
        project
        for project in call.seed.projects
        if not call.account.projects or project.id in call.account.projects
    ]
    return {
        "ProjectCount": len(usable),
        "ProjectSet": [
            {
                "ProjectId": project.id,
                "ProjectName": project.name or project.id,
                "IsDefault": project.id == call.seed.default_project,
                "CreateTime": 0,
                "MemberCount": 1,
                "ResourceCount": 0,
            }
            for project in usable
        ],
    }


HANDLERS: Mapping[str, Callable[[Call], Answer]] = {
    codes.QUERY: query,
    codes.UPDATE: update,
    codes.CREATE: create,
    codes.DELETE: delete,
    codes.PROJECTS: projects,
}


def _updated_ids(parameters: Parameters) -> tuple[str, ...]:
    one, several = parameters.text("SigId"), parameters.texts("SigIds")
    if one is not None and several:
        raise codes.RefusalError(codes.INVALID, "send either SigId or SigIds.N")
    return several if one is None and several else (parameters.required_text("SigId"),)


def _changed(signature: StoredSignature, wanted: Description) -> StoredSignature:
    # A proof that is not sent again stays the one on file.
    return replace(
        signature,
        content=wanted.content,
        type=wanted.type,
        purpose=wanted.purpose,
        scene=wanted.scene,
        certificate=wanted.certificate or signature.certificate,
        authorization=wanted.authorization or signature.authorization,
    )


def _found(store: Store, project: str, ids: tuple[str, ...]) -> tuple[StoredSignature, ...]:
    return tuple(_find(store, project, one) for one in ids)


def _find(store: Store, project: str, id: str) -> StoredSignature:
    signature = store.get(id)
    if signature is None or signature.project != project:
        raise codes.RefusalError(codes.NOT_APPLIED_FOR, f"there is no signature {id}")
    return signature


def _forbidden(signature: StoredSignature) -> codes.RefusalError:
    return codes.RefusalError(
        codes.INVALID, f"signature {signature.id} is {signature.status}, which forbids this"
    )
