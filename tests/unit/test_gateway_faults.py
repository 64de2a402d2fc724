"""What went wrong below HTTP is told in plain words, without the exception's own."""

from __future__ import annotations

import re
import socket
import ssl

import pytest
from requests.exceptions import ConnectionError as RequestsConnectionError
from requests.exceptions import InvalidURL, ProxyError
from urllib3.exceptions import HTTPError, ProtocolError, ReadTimeoutError

from reconciler.gateway.faults import Fault, describe


def told(error: BaseException, *, connected: bool = True) -> Fault:
    return describe(error, host="api.example", timeout=60.0, connected=connected)


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


def untrusted() -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_message = "self-signed certificate"
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RequestsConnectionError(socket.gaierror(-2, "x")), "api.example cannot be resolved"),
        (RequestsConnectionError(ConnectionRefusedError(111, "Connection refused")), "refused"),
        (RequestsConnectionError(untrusted()), r"not trusted \(self-signed certificate\)"),
        (RequestsConnectionError(ssl.SSLError(1, "handshake")), "TLS with api.example failed"),
        (caused(HTTPError("x"), TimeoutError("timed out")), "no complete answer .* within 60 s"),
        (RequestsConnectionError(ProtocolError("Connection aborted.")), "broke before"),
        (ProxyError(OSError("Tunnel connection failed: 403")), "the proxy: it refused .* 403"),
        (InvalidURL("https://user:password@proxy"), "the address of the endpoint or of the proxy"),
    ],
)
def test_a_fault_in_plain_words(error: BaseException, words: str) -> None:
    fault = told(error)
    assert re.search(words, fault.summary)
    assert fault.advice


def test_what_cannot_change_is_not_worth_another_try() -> None:
    assert not told(RequestsConnectionError(untrusted())).again
    assert not told(InvalidURL("x")).again
    assert told(RequestsConnectionError(ConnectionResetError(104, "reset"))).again


def test_a_timeout_before_anything_was_sent_is_about_the_connection() -> None:
    late = ReadTimeoutError(None, "/", "handshake")  # type: ignore[arg-type]  # no pool is needed
    assert told(late, connected=False).summary == "no connection to api.example in time"


def test_a_proxys_password_is_never_told() -> None:
    secret = "http://user:hunter2@proxy.example:3128"
    for error in (InvalidURL(secret), ProxyError(ProtocolError(secret)), HTTPError(secret)):
        fault = told(error)
        assert "hunter2" not in fault.summary + fault.advice
