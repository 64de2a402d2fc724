"""What a forge holds, as far as this program looks at it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from reconciler.forge.failures import ForgeError

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """Where the API is, and how to be let in."""

    url: str
    """The API's root, without a slash at its end."""
    project: str
    """`owner/repository` at GitHub; the id, or the path, at GitLab."""
    token: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One comment on a change."""

    id: int
    author: str
    body: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One open issue."""

    number: int
    author: str
    title: str
    body: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A pull request or merge request."""

    number: int
    head: str
    """The newest commit of its branch."""
    merged: bool
    branch: str
    """Where it goes."""
    url: str


def shaped(make: Callable[[Any], T], found: Any) -> T:
    """What `make` reads out of a forge's JSON. Raises `ForgeError` where that is not there."""
    try:
        return make(found)
    except (AttributeError, KeyError, TypeError):
        raise ForgeError(
            "the forge's answer is not what its documentation says",
            "Check the address of its API, and whether something stands between.",
        ) from None
