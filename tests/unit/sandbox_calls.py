"""Short ways to make sandboxes and signed requests for them."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from reconciler.model import ReviewStatus
from reconciler.sandbox.faults import parse_fault
from reconciler.sandbox.seed import DEFAULT_ACCOUNT, Account, Project, Seed, SeedSignature
from reconciler.sandbox.service import Service
from reconciler.sandbox.wire import Head, Request
from reconciler.signing import Scalar, canonical, sign

PROJECT = "org-sandbox"
PNG = b"\x89PNG\r\n\x1a\n made up"
Parameters = dict[str, Scalar]


def file(content: bytes = PNG, media_type: str = "image/png") -> str:
    """A document as the API wants it."""
    return f"{media_type};base64,{base64.b64encode(content).decode()}"


UPDATE: Parameters = {
    "ProjectId": PROJECT,
    "SigId": "SIG1",
    "SigContent": "优刻得科技",
    "SigType": 0,
    "SigPurpose": 0,
    "CertificateType": 0,
    "File": file(),
}
CREATE: Parameters = {
    "ProjectId": PROJECT,
    "SigContent": "优刻得科技",
    "SigType": 0,
    "SigPurpose": 0,
    "CertificateType": 0,
    "Description": "for login codes",
    "File": file(),
}
SEED = Seed(
    projects=(Project(id=PROJECT, default=True), Project(id="org-other")),
    signatures=(
        SeedSignature(id="SIG1", content="一号店铺", status=ReviewStatus.REJECTED, rejection="否"),
        SeedSignature(id="SIG2", content="二号店铺", status=ReviewStatus.PENDING),
        SeedSignature(id="SIG3", content="三号店铺", status=ReviewStatus.REVIEWING),
        SeedSignature(id="SIG4", content="四号店铺", status=ReviewStatus.APPROVED),
        SeedSignature(id="SIG5", content="五号店铺", status=ReviewStatus.DISABLED),
        SeedSignature(id="SIG6", content="六号店铺", project="org-other"),
    ),
)


@dataclass
class FakeClock:
    """Time that passes when told to."""

    now: float = 1000.0

    def __call__(self) -> float:
        """The time."""
        return self.now


def service(
    seed: Seed = SEED,
    *,
    review_after: float | None = None,
    faults: Sequence[str] = (),
    clock: FakeClock | None = None,
) -> Service:
    """A sandbox without sockets."""
    return Service(
        seed=seed,
        review_after=review_after,
        faults=[parse_fault(text) for text in faults],
        clock=clock or FakeClock(),
    )


def signed(
    action: str, parameters: Mapping[str, Any], account: Account = DEFAULT_ACCOUNT
) -> Parameters:
    """The parameters with everything common; None takes a parameter away."""
    whole = {"Action": action, "PublicKey": account.public_key, **parameters}
    present = {name: value for name, value in whole.items() if value is not None}
    return {"Signature": sign(present, account.private_key)} | present


def request(
    body: bytes = b"",
    *,
    method: str = "POST",
    content_type: str = "application/json",
    query: str = "",
) -> Request:
    """A request as it comes off the wire."""
    headers = {"content-type": content_type, "user-agent": "tests"}
    head = Head(
        method=method, path="/", query=query, headers=headers, length=len(body), keep_alive=True
    )
    return Request(head=head, body=body, connection=1)


def encoded(parameters: Parameters, encoding: str = "json") -> Request:
    """The parameters as a JSON body, a form or a query string."""
    if encoding == "json":
        return request(json.dumps(parameters, ensure_ascii=False).encode())
    form = urlencode({name: canonical(value) for name, value in parameters.items()})
    if encoding == "query":
        return request(method="GET", query=form)
    return request(form.encode(), content_type="application/x-www-form-urlencoded; charset=utf-8")


def sent(to: Service, parameters: Parameters, encoding: str = "json") -> dict[str, Any]:
    """The answer to these very parameters."""
    answer = json.loads(to.handle(encoded(parameters, encoding)).reply.body)
    assert isinstance(answer, dict)
    return answer


def call(
    to: Service, action: str, base: Mapping[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    """The answer to an action with `base`, changed; None takes a parameter away."""
    return sent(to, signed(action, {**(base or {}), **changes}))


def update(to: Service, **changes: Any) -> dict[str, Any]:
    """The answer to a good update of SIG1, changed."""
    return call(to, "UpdateUSMSSignature", UPDATE, **changes)


def create(to: Service, **changes: Any) -> dict[str, Any]:
    """The answer to a good creation, changed."""
    return call(to, "CreateUSMSSignature", CREATE, **changes)


def query(to: Service, **parameters: Any) -> dict[str, Any]:
    """The answer to a query."""
    return call(to, "QueryUSMSSignature", parameters)
