"""A try that did not succeed: what is known of it, and the error it becomes when it is the last."""

from __future__ import annotations

from dataclasses import dataclass

from reconciler.errors import (
    HopelessError,
    NoAnswerError,
    RejectedRequestError,
    ServiceError,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setback:
    """One failed try."""

    summary: str
    advice: str = ""
    accepted: bool | None
    """Of this try alone: False had certainly no effect, None may have been accepted."""
    again: bool
    """Worth another try."""
    throttled: bool = False
    hopeless: bool = False
    unreached: bool = False
    """There was not even a connection to send it on."""
    retry_after: float = 0.0
    """Seconds the service asks to be left alone."""
    status: int | None = None
    """The HTTP status, where the answer got that far."""
    code: int | None = None
    """The RetCode, where the answer had one."""
    request_uuid: str | None = None

    def error(self, action: str, *, doubt: bool, history: str = "") -> ServiceError:
        """The error to raise; `doubt` says that some try of the call may have been accepted."""
        error = self._classified(f"{action}: {self.summary}{history}")
        error.accepted = None if doubt else False
        return error

    def _classified(self, summary: str) -> ServiceError:
        if self.hopeless:
            passing = self.unreached and self.again
            return HopelessError(
                summary, self.advice, request_uuid=self.request_uuid, passing=passing
            )
        if self.code is not None and not self.again:
            return RejectedRequestError(
                summary, self.advice, code=self.code, request_uuid=self.request_uuid
            )
        return NoAnswerError(summary, self.advice, request_uuid=self.request_uuid)
