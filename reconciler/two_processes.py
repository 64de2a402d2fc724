"""A verdict on many manifests that two processes find out, who share the work as it suits."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import NamedTuple

from reconciler.cache import coding
from reconciler.meanwhile import Meanwhile, Send, is_possible
from reconciler.repository import Repository
from reconciler.schema import verdicts

Judge = Callable[[Repository], Repository]
Besides = Callable[[], None]
Own = Callable[[], object]
_VALID = b"valid\n"
_MANY = 1000
"""Manifests from which on another process saves more time than it takes."""


def are_worth_it(count: int) -> bool:
    """Whether two processes are faster, here and now, with so many manifests."""
    return count >= _MANY and is_possible()


class Found(NamedTuple):
    """A verdict, and what a cache keeps with it."""

    repository: Repository
    desired: bytes
    stated: bytes


def judged(
    loaded: Repository,
    judge: Judge,
    stated: Callable[[], bytes],
    own: Own,
    besides: Besides | None,
) -> Found | None:
    """What `judge` says about manifests that nobody has held against the schema yet.

    None where one process has to find out alone, because a manifest is not surely valid or the
    other process came to no good end. `stated` gives what was noted once they are judged; `own` and
    `besides` are other work, to be done by this process; neither raises anything.
    """
    if besides is None:
        return _divided(loaded, judge, stated, own)
    return _handed_over(loaded, judge, stated, own, besides)


def _divided(
    loaded: Repository, judge: Judge, stated: Callable[[], bytes], own: Own
) -> Found | None:
    """The other one holds the manifests against the schema, and writes down what is desired.

    Both take as long as to judge, and whoever validates has no other use for what is desired: a
    cold validate of 10,000 takes a quarter less.
    """
    with Meanwhile(lambda send: send(_desired_if_valid(loaded))) as copy:
        found = judge(loaded)
        packed = stated()
        own()
        desired = copy.result()
    return Found(found, desired, packed) if desired else None


def _handed_over(
    loaded: Repository, judge: Judge, stated: Callable[[], bytes], own: Own, besides: Besides
) -> Found | None:
    """The other one does it all, which takes a fifth off a cold plan of 10,000 and their records.

    Once the other one has found the manifests valid, this one works out too what is desired: its
    caller will ask for that, and would have to wait for both.
    """
    with Meanwhile(lambda send: _find_out(loaded, judge, stated, send)) as copy:
        own()
        besides()
        begun = copy.sent()
        if begun:
            len(loaded.desired)
        rest = copy.result()
    sent = b"" if rest is None else begun + rest
    if not sent:
        return None
    head, _, packed = sent.removeprefix(_VALID).partition(b"\n")
    problems, notes, is_passing, length = json.loads(head)
    found = loaded.judged(coding.problems(problems), notes=tuple(notes), is_passing=is_passing)
    return Found(found, packed[:length], packed[length:])


def _find_out(loaded: Repository, judge: Judge, stated: Callable[[], bytes], send: Send) -> None:
    """Nothing is sent where a manifest is not surely valid."""
    if not _are_valid(loaded):
        return
    send(_VALID)
    found = judge(loaded)
    problems, desired = coding.problem_rows(found.problems), coding.desired_text(loaded.desired)
    head = json.dumps([problems, found.notes, found.is_passing, len(desired)])
    send(head.encode() + b"\n" + desired + stated())


def _desired_if_valid(loaded: Repository) -> bytes:
    """What is desired, as it is kept; nothing where a manifest is not surely valid."""
    return coding.desired_text(loaded.desired) if _are_valid(loaded) else b""


def _are_valid(loaded: Repository) -> bool:
    is_valid = verdicts(count=loaded.count)
    return all(is_valid(manifest.data) for manifest in loaded.manifests)
