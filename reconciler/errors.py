"""Every deliberate failure: one root, each class with its exit code and its advice.

The command line turns a `ReconcilerError` into one message and one exit code; anything else that
reaches it is a bug (exit 70). Messages never carry a private key, a `Signature` or document bytes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar

EXIT_DONE = 0
EXIT_FAILURE = 1
EXIT_CHANGES = 2
EXIT_INVALID = 3
EXIT_REFUSED = 4
EXIT_USAGE = 64
EXIT_BUG = 70
EXIT_INTERRUPTED = 130

_PRECEDENCE: Sequence[int] = (
    EXIT_INTERRUPTED,
    EXIT_BUG,
    EXIT_USAGE,
    EXIT_INVALID,
    EXIT_FAILURE,
    EXIT_REFUSED,
    EXIT_CHANGES,
    EXIT_DONE,
)


def worst(codes: Iterable[int]) -> int:
    """The one exit code for several findings (contract 3); 0 when there are none."""
    return min(codes, key=_PRECEDENCE.index, default=EXIT_DONE)


class ReconcilerError(Exception):
    """What went wrong (`summary`, one line) and what to do about it (`advice`, may be empty)."""

    exit_code: ClassVar[int] = EXIT_FAILURE

    def __init__(self, summary: str, advice: str = "") -> None:
        super().__init__(summary)
        self.summary = summary
        self.advice = advice


class UsageError(ReconcilerError):
    """The command line or the settings do not make sense."""

    exit_code = EXIT_USAGE


class CredentialsError(ReconcilerError):
    """Keys or the project are missing or unreadable; nothing was sent."""


class OutputError(ReconcilerError):
    """Standard output takes nothing more: a full disk, or a stream that was closed."""


class RefusedError(ReconcilerError):
    """A guard, a blocked change, a stale plan or a held lock: nothing (more) was done."""

    exit_code = EXIT_REFUSED


class StateError(ReconcilerError):
    """The state cannot be read or written; the message names the record's file."""


class KeptError(StateError):
    """It is recorded durably, but on this machine alone; the message says where."""


class InterruptError(ReconcilerError):
    """The user or the runner asked to stop; what was done is recorded."""

    exit_code = EXIT_INTERRUPTED


class ServiceError(ReconcilerError):
    """The service did not do what was asked.

    `accepted` is False when the request certainly had no effect, None when nobody can know.
    `request_uuid` is the service's own name for the request (header X-UCLOUD-REQUEST-UUID).
    """

    def __init__(
        self,
        summary: str,
        advice: str = "",
        *,
        accepted: bool | None = False,
        request_uuid: str | None = None,
    ) -> None:
        super().__init__(summary, advice)
        self.accepted = accepted
        self.request_uuid = request_uuid


class RejectedRequestError(ServiceError):
    """A RetCode that belongs to this one request (USMS 18000-18016 and codes we do not know)."""

    def __init__(
        self, summary: str, advice: str = "", *, code: int, request_uuid: str | None = None
    ) -> None:
        super().__init__(summary, advice, accepted=False, request_uuid=request_uuid)
        self.code = code


class HopelessError(ServiceError):
    """What every further request would get too: a RetCode (160-174, 180, 290-299), or no
    connection to anybody. Stop at once; `passing` says that it may be well again in a while.
    """

    def __init__(
        self,
        summary: str,
        advice: str = "",
        *,
        accepted: bool | None = False,
        request_uuid: str | None = None,
        passing: bool = False,
    ) -> None:
        super().__init__(summary, advice, accepted=accepted, request_uuid=request_uuid)
        self.passing = passing


class NoAnswerError(ServiceError):
    """No usable answer after all tries: refused, timed out, cut off, too large or not JSON."""


def may_pass(error: ServiceError) -> bool:
    """Whether asking again in a while may do: the service was away, not of another opinion."""
    if isinstance(error, HopelessError):
        return error.passing
    return not isinstance(error, RejectedRequestError)


class DocumentChangedError(ServiceError):
    """A document's bytes are not the planned ones; the request was abandoned unsigned."""
