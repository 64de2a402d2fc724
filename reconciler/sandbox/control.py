"""The sandbox's own endpoints, below `/_sandbox/`: no signing, JSON in and out.

    GET  /_sandbox/log          {"requests": [...]}, as in `log.LogEntry`, oldest first
    GET  /_sandbox/signatures   {"signatures": [...]}, as in `reviewer.StoredSignature`
    POST /_sandbox/review       {"id": …, "status": "approved|rejected|disabled|reviewing|pending",
                                 "reason": …}; answers the signature
    POST /_sandbox/fault        {"fault": "ACTION:KIND[:TIMES]"}, or "none" to end all that were
                                added; answers {}

A wrong request gets HTTP 400, 404 or 405 and {"error": …, "advice": …}.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict

from reconciler.errors import UsageError
from reconciler.model import ReviewStatus
from reconciler.sandbox.codes import STATUS_NUMBERS
from reconciler.sandbox.faults import parse_fault
from reconciler.sandbox.reviewer import StoredSignature
from reconciler.sandbox.service import Service
from reconciler.sandbox.wire import Reply, Request, json_body

PREFIX = "/_sandbox/"
_NO_FAULT = "none"
"""Ends those with `always` too, which would otherwise cost all that the sandbox holds."""


def control(service: Service, request: Request) -> Reply:
    """Do what one of the endpoints is asked."""
    endpoint = _ENDPOINTS.get(request.head.path.removeprefix(PREFIX))
    if endpoint is None:
        known = ", ".join(f"{PREFIX}{name}" for name in _ENDPOINTS)
        return _error(404, f"there is no {request.head.path}", f"There are {known}.")
    method, act = endpoint
    if request.head.method != method:
        return _error(405, f"{request.head.path} wants {method}", "")
    try:
        return Reply(body=json_body(act(service, request.body)))
    except UsageError as error:
        return _error(400, error.summary, error.advice)


def _error(status: int, summary: str, advice: str) -> Reply:
    return Reply(status=status, body=json_body({"error": summary, "advice": advice}))


def _log(service: Service, _: bytes) -> object:
    return {"requests": [entry.as_json() for entry in service.log.entries()]}


def _signatures(service: Service, _: bytes) -> object:
    return {"signatures": [_plain(signature) for signature in service.store.all()]}


def _review(service: Service, body: bytes) -> object:
    wish = _read(body, ("id", "status", "reason"))
    for name in ("id", "status"):
        if name not in wish:
            raise UsageError(f"{name!r} is missing")
    status = next((one for one in STATUS_NUMBERS if one == wish["status"]), None)
    if status is None:
        raise UsageError(f"the status must be one of {', '.join(STATUS_NUMBERS)}")
    return _plain(service.review(wish["id"], ReviewStatus(status), wish.get("reason")))


def _fault(service: Service, body: bytes) -> object:
    wish = _read(body, ("fault",)).get("fault", "")
    if wish == _NO_FAULT:
        service.faults.clear()
    else:
        service.faults.add(parse_fault(wish))
    return {}


def _read(body: bytes, known: tuple[str, ...]) -> Mapping[str, str]:
    try:
        value = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise UsageError("the body is not JSON") from error
    if not isinstance(value, dict):
        raise UsageError("the body must be an object")
    wish = {name: text for name, text in value.items() if text is not None}
    for name, text in wish.items():
        if name not in known:
            raise UsageError(f"{name!r} is unknown; known are {', '.join(known)}")
        if not isinstance(text, str):
            raise UsageError(f"{name!r} must be a string")
    return wish


def _plain(signature: StoredSignature) -> object:
    return asdict(signature)


_ENDPOINTS: Mapping[str, tuple[str, Callable[[Service, bytes], object]]] = {
    "log": ("GET", _log),
    "signatures": ("GET", _signatures),
    "review": ("POST", _review),
    "fault": ("POST", _fault),
}
