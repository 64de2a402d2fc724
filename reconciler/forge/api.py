"""HTTP with a forge: one session, retries, manners, all pages. Knows no comment and no issue."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Self
from urllib.parse import urlsplit

import requests

from reconciler import __version__
from reconciler.forge.answers import Answer, bounded, decoded, reason
from reconciler.forge.failures import ForgeError
from reconciler.forge.patience import pause
from reconciler.forge.values import Access
from reconciler.wording import printable

_TIMEOUT = (10, 60)
"""Seconds to connect, and to wait for a byte."""
_PATIENCE = 300.0
"""Seconds of waiting in one run; who wants longer starts it again."""
_TRIES = 6
_BETWEEN_WRITES = 1.0
"""Seconds, as GitHub asks."""
_MOST_PAGES = 300
_SAFE = frozenset({"GET", "PATCH", "PUT"})
"""Methods that may be repeated when nobody knows whether they were carried out."""
_PAGE = 100
_MOVED = "It has moved: give the address of its API, and the repository, as they are now."
_ADVICE: Mapping[int, str] = {
    **dict.fromkeys((301, 302, 307, 308), _MOVED),
    401: "Check the token: it is wrong, or has expired.",
    403: "Give the token the right to write comments and issues, and to read changes.",
    404: "Check the repository and the number; a token without rights is told the same.",
    422: "Check the number, and the length of the text.",
}


class Api:
    """The API of one forge. Every method raises `ForgeError`."""

    def __init__(
        self,
        access: Access,
        headers: Mapping[str, str],
        *,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._access = access
        self._sleep = sleep
        self._clock = clock
        self._patience = _PATIENCE
        self._written: float | None = None
        self._session = requests.Session()
        self._session.headers.update({"User-Agent": f"reconciler/{__version__}"})
        self._session.auth = _Headers(headers)

    def __enter__(self) -> Self:
        """Nothing is asked yet."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let the connections go."""
        self._session.close()

    def get(self, path: str, **parameters: str | int) -> Any:
        """The answer to a question."""
        return decoded(self._send("GET", self._url(path), parameters=parameters))

    def pages(self, path: str, **parameters: str | int) -> Iterator[Any]:
        """Every item of a list, page after page as the `Link` header leads.

        Without that header a full page is followed by the one of the next number: a proxy may have
        taken it out, and a comment that is not found is posted again.
        """
        first: Mapping[str, str | int] = {"per_page": _PAGE, **parameters}
        url, asked = self._url(path), first
        for number in range(1, _MOST_PAGES + 1):
            answer = self._send("GET", url, parameters=asked)
            items = _items(path, answer)
            yield from items
            following = self._next(answer)
            if following is not None:
                url, asked = following, {}
            elif "link" not in answer.headers and len(items) == _PAGE:
                url, asked = self._url(path), {**first, "page": number + 1}
            else:
                return
        raise ForgeError(f"{path}: the list has more than {_MOST_PAGES} pages")

    def write(self, method: str, path: str, body: Mapping[str, object]) -> Any:
        """The answer to a change. A POST that may have been carried out is not repeated here."""
        if self._written is not None:
            self._sleep(max(self._written + _BETWEEN_WRITES - self._clock(), 0.0))
        try:
            return decoded(self._send(method, self._url(path), body=body))
        finally:
            self._written = self._clock()

    def _url(self, path: str) -> str:
        return f"{self._access.url}{path}"

    def _next(self, answer: Answer) -> str | None:
        """The next page, never anywhere but at the same API: the token goes with the question."""
        url = answer.links.get("next")
        if url is None:
            return None
        if urlsplit(url)[:2] != urlsplit(self._access.url)[:2]:
            raise ForgeError(f"the forge's next page is elsewhere: {printable(url)}")
        return url

    def _send(
        self,
        method: str,
        url: str,
        *,
        parameters: Mapping[str, str | int] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> Answer:
        what = f"{method} {urlsplit(url).path}"
        for attempt in range(_TRIES):
            answer = self._once(method, url, parameters, body)
            if answer.is_good:
                return answer
            uncertain = method not in _SAFE and answer.is_unclear
            wait = self._wait(answer, attempt)
            if wait is not None and attempt < _TRIES - 1:
                self._sleep(wait)  # also where the caller is to look first: that is a try, too
            if uncertain or wait is None or attempt == _TRIES - 1:
                raise _failure(what, answer, uncertain=uncertain)
        raise AssertionError("the last try either returns or raises")

    def _once(
        self,
        method: str,
        url: str,
        parameters: Mapping[str, str | int] | None,
        body: Mapping[str, object] | None,
    ) -> Answer:
        try:
            with self._session.request(
                method,
                url,
                params=parameters,
                json=body,
                timeout=_TIMEOUT,
                stream=True,
                # A repository that moved: its new place has to be said, not guessed.
                allow_redirects=False,
            ) as response:
                return Answer(response, bounded(response))
        except requests.RequestException as error:
            return Answer(None, reason(error).encode())

    def _wait(self, answer: Answer, attempt: int) -> float | None:
        """Seconds, or None where the forge would have us wait longer than anybody should."""
        wait = pause(
            answer.status, answer.headers, answer.message, attempt=attempt, now=self._clock()
        )
        if wait is None or wait > self._patience:
            return None
        self._patience -= wait
        return wait


def _items(path: str, answer: Answer) -> list[Any]:
    items = decoded(answer)
    if not isinstance(items, list) or not all(isinstance(each, dict) for each in items):
        raise ForgeError(f"{path}: the forge's answer is no list of things")
    return items


class _Headers(requests.auth.AuthBase):
    """Sets the headers that let us in; as `auth`, so that a .netrc file has no say."""

    def __init__(self, headers: Mapping[str, str]) -> None:
        self._headers = headers

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update(self._headers)
        return request


def _failure(what: str, answer: Answer, *, uncertain: bool) -> ForgeError:
    status = "no answer" if answer.status is None else f"HTTP {answer.status}"
    words = answer.message
    advice = "" if answer.status is None else _ADVICE.get(answer.status, "")
    wait = answer.headers.get("retry-after")
    if wait is not None:
        advice = f"The forge asks to wait {printable(wait)} seconds; run this again then."
    return ForgeError(
        f"{what}: {status}{f': {words}' if words else ''}",
        advice,
        status=answer.status,
        uncertain=uncertain,
    )
