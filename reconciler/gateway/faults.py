"""What went wrong below HTTP, in plain words.

Never in the exception's own words: they may quote an address with a proxy's password in it.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from requests.exceptions import ProxyError
from urllib3.exceptions import ConnectTimeoutError, ReadTimeoutError

_ADDRESSES = "Check the endpoint (UCLOUD_API_BASE_URL) and the proxy (HTTP_PROXY, HTTPS_PROXY)."
_NETWORK = "Check the network, the endpoint (UCLOUD_API_BASE_URL) and the proxy (HTTPS_PROXY)."
_TRUST = (
    "Check the endpoint and this machine's clock. Where a proxy opens TLS, let REQUESTS_CA_BUNDLE "
    "name its certificate."
)
_SLOW = "Try again later; the setting `timeout` (UCLOUD_TIMEOUT_SECOND) allows more seconds."

_TUNNEL = re.compile(r"^Tunnel connection failed: (\d{3})")
"""How the standard library tells a proxy's answer to CONNECT; only the number is repeated."""

_Cause = TypeVar("_Cause", bound=BaseException)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """A fault in words, what to do about it, and whether another try is worth it."""

    summary: str
    advice: str = _NETWORK
    again: bool = True


def describe(error: BaseException, *, host: str, timeout: float, connected: bool) -> Fault:
    """Explain an exception of `requests` or urllib3.

    `timeout` (seconds) is the bound of an answer; `connected` says that sending had begun.
    """
    causes = list(_causes(error))
    fault = (
        _of_tls(causes, host)
        or _of_network(causes, host)
        or _of_time(causes, host, timeout if connected else None)
        or _of_addresses(causes)
        or Fault(summary=f"the connection to {host} broke before a whole answer came")
    )
    if _first(causes, ProxyError) is None:
        return fault
    return Fault(summary=f"the proxy: {fault.summary}", advice=_ADDRESSES, again=fault.again)


def _of_tls(causes: list[BaseException], host: str) -> Fault | None:
    if untrusted := _first(causes, ssl.SSLCertVerificationError):
        why = f"the certificate of {host} is not trusted{_said(untrusted, 'verify_message')}"
        return Fault(summary=why, advice=_TRUST, again=False)
    if broken := _first(causes, ssl.SSLError):
        return Fault(summary=f"TLS with {host} failed{_said(broken, 'reason')}", advice=_TRUST)
    return None


def _said(error: ssl.SSLError, attribute: str) -> str:
    """OpenSSL's own words, which only an error that came from OpenSSL has."""
    words = getattr(error, attribute, None)
    return f" ({words})" if words else ""


def _of_time(causes: list[BaseException], host: str, timeout: float | None) -> Fault | None:
    late = _first(causes, (ConnectTimeoutError, ReadTimeoutError, TimeoutError))
    if late is None:
        return None
    if timeout is None:
        return Fault(summary=f"no connection to {host} in time")
    return Fault(summary=f"no complete answer from {host} within {timeout:g} s", advice=_SLOW)


def _of_network(causes: list[BaseException], host: str) -> Fault | None:
    for cause in causes:
        if refused := _TUNNEL.search(str(cause)):
            why = f"it refused the connection to {host} (HTTP {refused[1]})"
            return Fault(summary=why, advice=_ADDRESSES, again=refused[1] not in {"403", "407"})
    if _first(causes, socket.gaierror):
        return Fault(summary=f"the name {host} cannot be resolved")
    for cause in causes:
        if isinstance(cause, OSError) and cause.strerror:
            return Fault(summary=f"{host}: {cause.strerror.lower()}")
    return None


def _of_addresses(causes: list[BaseException]) -> Fault | None:
    if _first(causes, ValueError):
        why = "the address of the endpoint or of the proxy cannot be used"
        return Fault(summary=why, advice=_ADDRESSES, again=False)
    return None


def _first(
    causes: list[BaseException], kind: type[_Cause] | tuple[type[_Cause], ...]
) -> _Cause | None:
    return next((cause for cause in causes if isinstance(cause, kind)), None)


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exceptions inside an exception, innermost first, and the exception itself."""
    for inner in (*error.args, getattr(error, "reason", None), error.__cause__):
        if isinstance(inner, BaseException):
            yield from _causes(inner)
    yield error
