"""What a forge's API answered, read within bounds."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import requests

from reconciler.forge.failures import ForgeError
from reconciler.wording import printable

_LARGEST = 64 * 1024 * 1024
"""Bytes of an answer: a page of a hundred long comments in Chinese has half of it."""
_MOST_WORDS = 300


class Answer:
    """What came back; without a response, `content` says why none came."""

    def __init__(self, response: requests.Response | None, content: bytes) -> None:
        self.status = None if response is None else response.status_code
        self.headers: Mapping[str, str] = {} if response is None else response.headers
        self.links = _links(response)
        self.content = content

    @property
    def is_good(self) -> bool:
        """It did what was asked."""
        return self.status is not None and 200 <= self.status < 300  # noqa: PLR2004 - HTTP's own

    @property
    def is_unclear(self) -> bool:
        """Nobody can know whether it did."""
        return self.status is None or self.status >= 500  # noqa: PLR2004 - HTTP's own

    @property
    def message(self) -> str:
        """The forge's own words, in one line."""
        text = self.content.decode("utf-8", errors="replace")
        try:
            found = json.loads(text)
        except (ValueError, RecursionError):
            found = text
        if isinstance(found, dict):
            found = found.get("message") or found.get("error") or ""
        words = found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)
        return printable(" ".join(words.split()))[:_MOST_WORDS]


def _links(response: requests.Response | None) -> Mapping[str, str]:
    if response is None:
        return {}
    return {name: link["url"] for name, link in response.links.items() if "url" in link}


def bounded(response: requests.Response) -> bytes:
    """The whole body. Raises `requests.RequestException` where it is cut off or far too large."""
    parts, size = [], 0
    for part in response.iter_content(65536):
        size += len(part)
        if size > _LARGEST:
            raise requests.exceptions.ContentDecodingError("the answer is too large")
        parts.append(part)
    return b"".join(parts)


def decoded(answer: Answer) -> Any:
    """The JSON in it. Raises `ForgeError` where it is none."""
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError):
        raise ForgeError("the forge's answer is no JSON", status=answer.status) from None


def reason(error: requests.RequestException) -> str:
    """Why no answer came, without the error's own words, which repeat the URL."""
    for kind, words in (
        (requests.exceptions.SSLError, "its certificate cannot be verified"),
        (requests.exceptions.ProxyError, "the proxy does not let us through"),
        (requests.exceptions.ConnectTimeout, "it cannot be reached in time"),
        (requests.exceptions.Timeout, "it does not answer in time"),
        (requests.exceptions.ContentDecodingError, "its answer is damaged or too large"),
        (requests.exceptions.ConnectionError, "the connection failed"),
    ):
        if isinstance(error, kind):
            return words
    return f"the request failed ({type(error).__name__})"
