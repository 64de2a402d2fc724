"""From a decision to the reply, spoilt where a fault wants it so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from reconciler.sandbox import codes
from reconciler.sandbox.faults import Fault, FaultKind
from reconciler.sandbox.wire import Reply, html, json_body

GARBAGE = b"<<< this is not JSON \xff\xfe >>>"
_HTTP: Mapping[FaultKind, int] = {
    FaultKind.HTTP429: 429,
    FaultKind.HTTP500: 500,
    FaultKind.HTTP502: 502,
    FaultKind.HTTP503: 503,
    FaultKind.HTTP504: 504,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What became of a request; `code` is None where a fault struck before there was a RetCode."""

    action: str
    code: int | None
    message: str = ""
    fields: Mapping[str, object] = field(default_factory=dict)
    """The answer's own fields, such as Data."""


def forgotten(action: str, fault: Fault) -> Decision:
    """The decision about a request that a fault of `FORGETTING` struck."""
    code = codes.THROTTLED if fault.kind is FaultKind.THROTTLE else fault.code
    return Decision(action=action, code=code, message=f"the sandbox's fault {fault.kind}")


def reply(decision: Decision, fault: Fault | None, uuid: str) -> Reply:
    """The reply; faults that are about its delivery leave it whole."""
    kind = None if fault is None else fault.kind
    if kind is not None and kind in _HTTP:
        return html(_HTTP[kind], uuid)
    if kind is FaultKind.REDIRECT:
        return replace(html(302, uuid), location="/")
    if kind is FaultKind.GARBAGE:
        return Reply(body=GARBAGE, uuid=uuid)
    answer = {
        "RetCode": decision.code,
        "Action": f"{decision.action}Response",
        "Message": decision.message,
        **_fields(decision.fields, kind),
    }
    return Reply(body=json_body(answer), uuid=uuid)


def _fields(fields: Mapping[str, object], kind: FaultKind | None) -> Mapping[str, object]:
    data = fields.get("Data")
    if isinstance(data, dict) and kind is FaultKind.EMPTY_DATA:
        return {**fields, "Data": {}}
    if isinstance(data, dict) and kind is FaultKind.UNKNOWN_STATUS:
        return {**fields, "Data": {**data, "Status": codes.UNKNOWN_STATUS_NUMBER}}
    return fields
