"""What can be made to go wrong, and how often.

A fault reads `ACTION:KIND[:TIMES]`. ACTION is an API action or `*`; TIMES is a number (1 when
absent) or `always`. A request meets the oldest fault that fits it, and uses it up by one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from threading import Lock

from reconciler.errors import UsageError
from reconciler.sandbox.codes import ACTIONS, QUERY

ANY_ACTION = "*"
ALWAYS = "always"


class FaultKind(StrEnum):
    """The kinds, by the word that asks for them; each comment says what happens."""

    THROTTLE = "throttle"  # RetCode 153
    RETCODE = "retcode"  # any RetCode: retcode=N
    HTTP429 = "http429"  # this status with an HTML body
    HTTP500 = "http500"
    HTTP502 = "http502"
    HTTP503 = "http503"
    HTTP504 = "http504"
    REDIRECT = "redirect"  # 302 to the sandbox's own front door
    DROP_BEFORE = "drop-before"  # connection closed, request forgotten
    HANG = "hang"  # no answer until the client leaves, request forgotten
    DROP_AFTER = "drop-after"  # request takes effect, connection closed
    HANG_AFTER = "hang-after"  # request takes effect, no answer until the client leaves
    GARBAGE = "garbage"  # request takes effect, the answer is not JSON
    CUT = "cut"  # request takes effect, half of the answer arrives
    HUGE = "huge"  # request takes effect, the answer has many MiB
    SLOW = "slow"  # request takes effect, the answer drips byte by byte
    UNKNOWN_STATUS = "unknown-status"  # a query's answer says Status 9
    EMPTY_DATA = "empty-data"  # a query's answer has nothing in Data


FORGETTING = frozenset(
    {
        FaultKind.THROTTLE,
        FaultKind.RETCODE,
        FaultKind.HTTP429,
        FaultKind.HTTP500,
        FaultKind.HTTP502,
        FaultKind.HTTP503,
        FaultKind.HTTP504,
        FaultKind.REDIRECT,
        FaultKind.DROP_BEFORE,
        FaultKind.HANG,
    }
)
"""The kinds that strike before anything is checked: the request has no effect."""
_OF_QUERIES = frozenset({FaultKind.UNKNOWN_STATUS, FaultKind.EMPTY_DATA})
_SYNTAX = re.compile(
    r"(?P<action>[^:]+):(?P<kind>[^:=]+)(=(?P<code>[1-9][0-9]{0,5}))?(:(?P<times>[^:]+))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing to go wrong."""

    action: str
    kind: FaultKind
    code: int | None = None
    """The RetCode of `retcode=N`."""
    times: int | None = 1
    """None for ever."""

    def fits(self, action: str) -> bool:
        """Whether a request with this action can meet it."""
        if self.kind in _OF_QUERIES and action != QUERY:
            return False
        return self.action in (ANY_ACTION, action)


def parse_fault(text: str) -> Fault:
    """The fault that `ACTION:KIND[:TIMES]` asks for; raises `UsageError`, which lists the kinds."""
    match = _SYNTAX.fullmatch(text)
    if match is None:
        raise _wrong(text, "it should read ACTION:KIND or ACTION:KIND:TIMES")
    action, kind, code = match["action"], match["kind"], match["code"]
    if action not in (ANY_ACTION, *ACTIONS):
        raise _wrong(text, f"{action!r} is no action: use {ANY_ACTION} or {', '.join(ACTIONS)}")
    if kind not in tuple(FaultKind):
        raise _wrong(text, f"{kind!r} is no kind")
    if (kind == FaultKind.RETCODE) is (code is None):
        raise _wrong(text, "a number goes with retcode, as in retcode=150, and with no other kind")
    if kind in _OF_QUERIES and action not in (ANY_ACTION, QUERY):
        raise _wrong(text, f"{kind} is about the answer of {QUERY} alone")
    return Fault(
        action=action,
        kind=FaultKind(kind),
        code=None if code is None else int(code),
        times=_times(text, match["times"]),
    )


def _times(text: str, times: str | None) -> int | None:
    if times == ALWAYS:
        return None
    if times is None:
        return 1
    if not re.fullmatch(r"[1-9][0-9]{0,8}", times):
        raise _wrong(text, f"TIMES is a number from 1, or {ALWAYS}, not {times!r}")
    return int(times)


def _wrong(text: str, why: str) -> UsageError:
    kinds = ", ".join("retcode=N" if kind is FaultKind.RETCODE else kind for kind in FaultKind)
    return UsageError(
        f"the fault {text!r} cannot be understood: {why}",
        f"Write ACTION:KIND[:TIMES], such as {QUERY}:throttle:2. The kinds are {kinds}.",
    )


class FaultBox:
    """The faults still to come, oldest first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._left: list[tuple[Fault, int | None]] = []

    def add(self, fault: Fault) -> None:
        """Let this one happen too, after those that are there."""
        with self._lock:
            self._left.append((fault, fault.times))

    def clear(self) -> None:
        """Let nothing more go wrong."""
        with self._lock:
            self._left.clear()

    def take(self, action: str) -> Fault | None:
        """The fault that a request with this action meets now, used up by one."""
        with self._lock:
            for index, (fault, left) in enumerate(self._left):
                if fault.fits(action):
                    self._use(index, fault, left)
                    return fault
            return None

    def _use(self, index: int, fault: Fault, left: int | None) -> None:
        if left == 1:
            del self._left[index]
        elif left is not None:
            self._left[index] = (fault, left - 1)
