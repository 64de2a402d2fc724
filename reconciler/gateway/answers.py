"""An answer's bytes → what it says: done, refused, hopeless, worth another try, or no answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from reconciler.gateway import codes
from reconciler.gateway.redact import shown
from reconciler.gateway.setback import Setback

MOST_BYTES = 1024 * 1024
"""The longest answer that is read."""
_REDIRECTS = range(300, 400)
_REFUSALS = range(400, 500)
_LATER = "Try again later; if it stays, give the request's id to UCloud's support."
_NOT_THE_SERVICE = (
    "Check the endpoint (UCLOUD_API_BASE_URL) and the proxy (HTTPS_PROXY): "
    "this does not look like the service."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back over HTTP."""

    status: int
    content: bytes
    """At most one byte more than `MOST_BYTES`."""
    request_uuid: str | None = None
    location: str | None = None
    retry_after: float = 0.0
    """Seconds."""
    date: str | None = None
    """What the service takes the time to be, as its header says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """RetCode 0: the action was done."""

    data: Mapping[str, object]
    """The whole JSON object."""
    request_uuid: str | None
    status: int = 200
    """The HTTP status."""
    code: int = codes.DONE
    """The RetCode."""


def judge(reply: Reply, *, secrets: tuple[str, ...] = ()) -> Answer | Setback:
    """What a reply says. RetCode decides wherever there is one, and the status where there is none.

    An HTTP status that is worth another try stays so beside any RetCode but a hopeless one.
    """
    data = _object(reply.content)
    if isinstance(data, str):
        return _unreadable(reply, data, secrets)
    code = data.get("RetCode")
    if not isinstance(code, int) or isinstance(code, bool):
        return _unreadable(reply, "has no RetCode", secrets)
    if reply.status not in codes.STATUSES_WORTH_ANOTHER_TRY and code == codes.DONE:
        return Answer(data=data, request_uuid=reply.request_uuid, status=reply.status)
    return _failed(reply, code, _message(data, secrets))


def retry_after(header: str | None, date: str | None) -> float:
    """Seconds the header `Retry-After` asks for; 0 without one, or with one nobody understands.

    A point in time is compared with the answer's own `Date`, so our clock need not be right.
    """
    if header is None:
        return 0.0
    if header.strip().isascii() and header.strip().isdigit():
        return float(header)
    try:
        until, now = parsedate_to_datetime(header), parsedate_to_datetime(date or "")
        return max(0.0, (until - now).total_seconds())
    except (ValueError, TypeError):  # TypeError: one of them names a time zone, the other none
        return 0.0


def _object(content: bytes) -> dict[str, object] | str:
    """The JSON object, or what is wrong with the answer."""
    if len(content) > MOST_BYTES:
        return f"is longer than {MOST_BYTES} bytes"
    try:
        data = json.loads(content)
    except (ValueError, RecursionError):
        return "is not JSON"
    return data if isinstance(data, dict) else "is not a JSON object"


def _message(data: Mapping[str, object], secrets: tuple[str, ...]) -> str:
    message = data.get("Message")
    return shown(message, secrets=secrets) if isinstance(message, str) else ""


def _failed(reply: Reply, code: int, message: str) -> Setback:
    hopeless = codes.is_hopeless(code)
    busy = reply.status in codes.STATUSES_WORTH_ANOTHER_TRY
    again = not hopeless and (busy or code in codes.WORTH_ANOTHER_TRY)
    throttled = again and (code == codes.THROTTLED or reply.status == codes.TOO_MANY_REQUESTS)
    return Setback(
        summary=_said(code, message) + (f" (HTTP {reply.status})" if busy else "") + _id(reply),
        advice=codes.what_to_check(code) if hopeless else _LATER if again else "",
        # Only a throttled or a plainly refused request is known to have had no effect; a fault of
        # the service may have come after the acceptance.
        accepted=None if again and not throttled else False,
        again=again,
        throttled=throttled,
        hopeless=hopeless,
        retry_after=reply.retry_after,
        status=reply.status,
        code=code or None,
        request_uuid=reply.request_uuid,
    )


def _said(code: int, message: str) -> str:
    if code == codes.DONE:
        return "an answer that contradicts its own HTTP status"
    return f"RetCode {code}, {codes.meaning(code)}" + (f": “{message}”" if message else "")


def _unreadable(reply: Reply, why: str, secrets: tuple[str, ...]) -> Setback:
    again = reply.status in codes.STATUSES_WORTH_ANOTHER_TRY
    throttled = reply.status == codes.TOO_MANY_REQUESTS
    if reply.status in _REDIRECTS:
        target = shown(reply.location or "nowhere", secrets=secrets)
        what = f"HTTP {reply.status}, a redirect to {target}, which is not followed"
    else:
        got = shown(reply.content, secrets=secrets)
        what = f"HTTP {reply.status} with an answer that {why}: " + (f"“{got}”" if got else "empty")
    return Setback(
        summary=what + _id(reply),
        advice=_LATER if again else _NOT_THE_SERVICE,
        accepted=False if reply.status in _REFUSALS else None,
        again=again,
        throttled=throttled,
        retry_after=reply.retry_after,
        status=reply.status,
        request_uuid=reply.request_uuid,
    )


def _id(reply: Reply) -> str:
    return f" (request {reply.request_uuid})" if reply.request_uuid else ""
