"""A request's parameters off the wire: JSON, form or query string."""

from __future__ import annotations

import json
from collections.abc import Iterable
from urllib.parse import parse_qsl

from reconciler.sandbox.parameters import Parameters
from reconciler.sandbox.wire import Request
from reconciler.signing import Scalar, canonical

FIELDS = 2000
_ENCODINGS = {"application/json": "json", "application/x-www-form-urlencoded": "form"}


def encoding(request: Request) -> str:
    """How the parameters came: `json`, `form`, `query` (GET) or `unknown`."""
    if request.head.method == "GET":
        return "query"
    content_type = request.head.headers.get("content-type", "").partition(";")[0]
    return _ENCODINGS.get(content_type.strip().lower(), "unknown")


def decode(request: Request) -> Parameters:
    """The parameters in the order they were sent; none, with the reason, if they are unreadable.

    A parameter that comes twice, a list or an object (the reference has them flattened before
    signing), null and text without UTF-8 are refused: none of them can be signed in one way only.
    """
    try:
        return Parameters(_values(request))
    except RecursionError:
        return Parameters({}, "the request nests too deeply")
    except ValueError as error:
        return Parameters({}, f"the request cannot be read: {error}")


def _values(request: Request) -> dict[str, Scalar]:
    match encoding(request):
        case "json":
            return _from_json(request.body)
        case "form":
            return _from_form(request.body.decode("ascii"))
        case "query":
            return _from_form(request.head.query)
        case _:
            raise ValueError("send application/json or application/x-www-form-urlencoded")


def _from_json(body: bytes) -> dict[str, Scalar]:
    value = _JSON.decode(body.decode())
    if not isinstance(value, dict):
        raise ValueError("the body must be an object")  # noqa: TRY004 - the sender's fault, not a caller's
    return value


def _from_form(text: str) -> dict[str, Scalar]:
    if not text:
        return {}
    try:
        pairs = parse_qsl(
            text,
            keep_blank_values=True,
            strict_parsing=True,
            errors="strict",
            max_num_fields=FIELDS,
        )
    except ValueError as error:  # its own words would quote the request
        raise ValueError("not name=value&name=value in percent-encoded UTF-8") from error
    return _once(pairs)


def _once(pairs: Iterable[tuple[str, object]]) -> dict[str, Scalar]:
    found: dict[str, Scalar] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name} comes twice")
        if not isinstance(value, str | int | float):
            raise ValueError(  # noqa: TRY004 - the sender's fault, not a caller's
                f"{name} must be a string, a number or a boolean; lists are sent as {name}.0, …"
            )
        _check_text(name)
        _check_text(value if isinstance(value, str) else canonical(value))
        found[name] = value
    return found


# Built once: json.loads would build one for every request.
_JSON = json.JSONDecoder(object_pairs_hook=_once)


def _check_text(text: str) -> None:
    # Asking first is free, and a document of millions of letters is ASCII.
    if not text.isascii():
        text.encode()
