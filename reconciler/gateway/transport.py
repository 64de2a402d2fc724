"""One request, one answer: connections are kept, and nothing is decided about what comes next."""

from __future__ import annotations

import contextlib
import re
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError
from urllib3.response import BaseHTTPResponse

from reconciler import __version__
from reconciler.errors import UsageError
from reconciler.gateway import answers, redact
from reconciler.gateway.answers import Reply
from reconciler.gateway.body import Body
from reconciler.gateway.faults import describe
from reconciler.gateway.setback import Setback
from reconciler.gateway.tls import OneContextAdapter, load_context

CONNECT_SECONDS = 10.0
_BLOCK = 65536
_UUID_HEADER = "X-UCLOUD-REQUEST-UUID"


class Transport:
    """Posts bodies to one endpoint. Raises `UsageError` for one that cannot be used.

    Proxies and CA bundles come from the environment variables `requests` knows, read once.
    Threads may share it. `secrets` are left out of what is shown of an answer.
    """

    def __init__(
        self,
        endpoint: str,
        *,
        content_type: str,
        timeout: float,
        parallelism: int,
        secrets: tuple[str, ...] = (),
    ) -> None:
        self.host = _host(endpoint)
        self._timeout = timeout
        self._secrets = secrets
        with requests.Session() as session:
            settings = session.merge_environment_settings(endpoint, {}, True, None, None)
        self._proxies = dict(settings["proxies"])
        bundle = settings["verify"] if isinstance(settings["verify"], str) else None
        self._adapter = self._adapted(endpoint, bundle, connections=parallelism)
        self._request = _prepared(endpoint, content_type)

    def post(self, body: Body) -> Reply | Setback:
        """Send a body and read the answer. Raises `DocumentChangedError` from the body."""
        request = self._request.copy()
        request.prepare_body(body, None)
        with contextlib.closing(body):
            try:
                # No session in between: it would follow redirects, keep cookies, and read the whole
                # of a redirect's body.
                response = self._adapter.send(
                    request,
                    timeout=(CONNECT_SECONDS, self._timeout),
                    proxies=self._proxies,
                    verify=True,
                    stream=True,
                )
            except (requests.RequestException, HTTPError) as error:
                return self._setback(error, body)
        with response:
            return self._read(response, body)

    def close(self) -> None:
        """Close the idle connections."""
        self._adapter.close()

    def _adapted(self, endpoint: str, bundle: str | None, *, connections: int) -> OneContextAdapter:
        addresses = (endpoint, *self._proxies.values())
        secure = any(address.lower().startswith("https:") for address in addresses)
        # A VPC's endpoint speaks plain HTTP: no CA bundle need be read for it.
        context = load_context(bundle) if secure else None
        return OneContextAdapter(context, connections=connections)

    def _read(self, response: requests.Response, body: Body) -> Reply | Setback:
        raw: BaseHTTPResponse = response.raw
        content = bytearray()
        try:
            while len(content) <= answers.MOST_BYTES:
                # Never decompressed: it was not asked for, and would undo the bound.
                block = raw.read1(_BLOCK, decode_content=False)
                if not block:
                    break
                content += block
        except HTTPError as error:
            return self._setback(error, body, began=response, got=bytes(content))
        return Reply(
            status=response.status_code,
            content=bytes(content[: answers.MOST_BYTES + 1]),
            request_uuid=_uuid(response),
            location=response.headers.get("Location"),
            retry_after=answers.retry_after(
                response.headers.get("Retry-After"), response.headers.get("Date")
            ),
            date=response.headers.get("Date"),
        )

    def _setback(
        self,
        error: Exception,
        body: Body,
        *,
        began: requests.Response | None = None,
        got: bytes = b"",
    ) -> Setback:
        fault = describe(error, host=self.host, timeout=self._timeout, connected=body.started)
        return Setback(
            summary=fault.summary + (_got(began, got, self._secrets) if began is not None else ""),
            advice=fault.advice,
            # Without its signing, which goes last, a request cannot have been accepted.
            accepted=None if body.signed else False,
            again=fault.again,
            unreached=not body.started,
            status=None if began is None else began.status_code,
            request_uuid=None if began is None else _uuid(began),
        )


def _uuid(response: requests.Response) -> str | None:
    return redact.request_uuid(response.headers.get(_UUID_HEADER))


def _got(response: requests.Response, content: bytes, secrets: tuple[str, ...]) -> str:
    text = redact.shown(content, secrets=secrets)
    uuid = _uuid(response)
    request = f", request {uuid}" if uuid else ""
    return f" (HTTP {response.status_code}{request}; what came: “{text}”)"


def _host(endpoint: str) -> str:
    """The endpoint's host and port, for messages."""
    try:
        parts = urlsplit(endpoint)
        sound = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        sound = False
    if not sound or parts.username or parts.query or parts.fragment:
        named = re.sub("//.*@", "//…@", endpoint)  # a password may stand before the @
        raise UsageError(
            f"the endpoint {redact.shown(named)} is no address of a service",
            "It must look like https://api.ucloud.cn (UCLOUD_API_BASE_URL, or `endpoint`).",
        )
    return parts.netloc


def _prepared(endpoint: str, content_type: str) -> requests.PreparedRequest:
    headers = {
        "User-Agent": f"reconciler/{__version__}",
        "Content-Type": content_type,
        "Accept": "application/json",
        "Accept-Encoding": "identity",
    }
    return requests.Request("POST", endpoint, headers=headers).prepare()
