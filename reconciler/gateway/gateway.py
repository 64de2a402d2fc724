"""The way to the service: every call is signed, paced, tried again where that helps, and judged."""

from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Self

from reconciler.errors import DocumentChangedError, HopelessError, ServiceError
from reconciler.gateway.answers import Answer, Reply, judge
from reconciler.gateway.body import Body
from reconciler.gateway.credentials import Credentials
from reconciler.gateway.encoded import Shelf
from reconciler.gateway.encodings import WIRES, Encoding
from reconciler.gateway.halt import Halt
from reconciler.gateway.pace import Pacer
from reconciler.gateway.parameters import Parameters, Value, flat
from reconciler.gateway.retry import Attempts, Patience
from reconciler.gateway.setback import Setback
from reconciler.gateway.transport import Transport

_log = logging.getLogger("reconciler")


class Gateway:
    """One client for all threads: one pool of connections, one pace, one verdict.

    `timeout` bounds an answer (seconds); `stop` ends waiting, not the requests in flight. The
    rest is for tests: a clock, a way to sleep, and the jitter. Raises `UsageError` for an endpoint
    or a CA bundle that cannot be used.
    """

    def __init__(
        self,
        endpoint: str,
        credentials: Credentials,
        *,
        encoding: Encoding = Encoding.JSON,
        timeout: float = 60.0,
        parallelism: int = 8,
        requests_per_second: float | None = None,
        stop: threading.Event | None = None,
        patience: Patience | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] | None = None,
        uniform: Callable[[float, float], float] = random.uniform,
    ) -> None:
        stop = stop or threading.Event()
        self._credentials = credentials
        self._wire = WIRES[encoding]
        self._shelf = Shelf()
        self._patience = patience or Patience()
        self._clock = clock
        self._uniform = uniform
        self._pacer = Pacer(requests_per_second=requests_per_second, clock=clock)
        self._halt = Halt(stop, clock=clock, sleep=sleep or stop.wait)
        self._reached_at = float("-inf")
        self._transport = Transport(
            endpoint,
            content_type=self._wire.content_type,
            timeout=timeout,
            parallelism=parallelism,
            secrets=credentials.secrets,
        )

    def call(self, action: str, parameters: Parameters, *, idempotent: bool) -> Answer:
        """Do one action; the answer has RetCode 0.

        What is not `idempotent` is tried again only while it is certain that nothing was done.

        Raises `RejectedRequestError` for a RetCode of this request, `HopelessError` for one that
        every request would get (and from then on at once for every call with the same ProjectId),
        `NoAnswerError` when no try brought a usable answer, `DocumentChangedError`, and
        `InterruptError` when stopped before anything can have been accepted. `accepted` of the
        error speaks of all tries.
        """
        values = self._with_common(action, parameters)
        project = str(parameters.get("ProjectId", ""))
        attempts = Attempts(
            self._patience, idempotent=idempotent, began=self._clock(), uniform=self._uniform
        )
        pause = partial(self._halt.pause, action=action, project=project, attempts=attempts)
        while True:
            self._halt.check(action, project, attempts)
            self._pacer.wait(pause)
            outcome = self._try(action, values, attempts)
            if isinstance(outcome, Answer):
                return outcome
            seconds = attempts.pause(outcome, now=self._clock())
            if seconds is None:
                raise self._given_up(action, project, outcome, attempts)
            pause(seconds)

    def close(self) -> None:
        """Close the idle connections; the gateway is of no use afterwards."""
        self._transport.close()

    def __enter__(self) -> Self:
        """Itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """As `close`."""
        self.close()

    def _with_common(self, action: str, parameters: Parameters) -> Mapping[str, Value]:
        common = {"Action": action, "PublicKey": self._credentials.public_key}
        if self._credentials.security_token:
            common["SecurityToken"] = self._credentials.security_token
        return flat({**parameters, **common})

    def _try(
        self, action: str, values: Mapping[str, Value], attempts: Attempts
    ) -> Answer | Setback:
        sent_at = self._clock()
        try:
            outcome = self._sent(self._body(values))
        except DocumentChangedError as error:
            error.accepted = None if attempts.doubt else False
            raise
        self._learn(outcome, sent_at)
        self._log(action, outcome, attempts, self._clock() - sent_at)
        return outcome

    def _body(self, values: Mapping[str, Value]) -> Body:
        return Body(values, self._credentials.private_key, self._wire, self._shelf)

    def _sent(self, body: Body) -> Answer | Setback:
        got = self._transport.post(body)
        if not isinstance(got, Reply):
            return got
        outcome = judge(got, secrets=self._credentials.secrets)
        return outcome if body.signed else _answered_early(outcome)

    def _learn(self, outcome: Answer | Setback, sent_at: float) -> None:
        """What one answer tells about the next requests of all threads."""
        if isinstance(outcome, Answer):
            self._pacer.answered()
        elif outcome.throttled:
            wish = min(outcome.retry_after, self._patience.longest_wish)
            self._pacer.throttled(sent_at=sent_at, retry_after=wish)
        elif outcome.unreached:
            return
        self._reached_at = self._clock()

    def _given_up(
        self, action: str, project: str, last: Setback, attempts: Attempts
    ) -> ServiceError:
        # A service that nobody has reached since this call began is not tried once more for each
        # of thousands of signatures: one message, then stop.
        if attempts.unreached and self._reached_at < attempts.began:
            last = replace(last, hopeless=True)
        history = f", after {attempts.count} tries" if attempts.count > 1 else ""
        error = last.error(action, doubt=attempts.doubt, history=history)
        if isinstance(error, HopelessError):
            self._halt.condemn(project, error)
        return error

    def _log(
        self, action: str, outcome: Answer | Setback, attempts: Attempts, seconds: float
    ) -> None:
        _log.debug(
            "%s, try %d, %.3f s: HTTP %s, RetCode %s, request %s",
            action,
            attempts.count + 1,
            seconds,
            outcome.status,
            outcome.code,
            outcome.request_uuid,
        )


def _answered_early(outcome: Answer | Setback) -> Setback:
    """Whatever it says, a request without its signing has not been accepted."""
    if isinstance(outcome, Setback):
        return replace(outcome, accepted=False)
    return Setback(
        summary="the service claims success before it was sent the whole request",
        accepted=False,
        again=False,
        request_uuid=outcome.request_uuid,
    )
