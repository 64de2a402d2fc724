"""Running a sandbox: `with running(seed=…) as sandbox:` for tests, benchmarks, demo and command."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from threading import Thread

from reconciler.errors import ReconcilerError, UsageError
from reconciler.model import ReviewStatus
from reconciler.sandbox.faults import parse_fault
from reconciler.sandbox.listener import HOST, Listener
from reconciler.sandbox.log import LogEntry
from reconciler.sandbox.reviewer import Clock, StoredSignature
from reconciler.sandbox.seed import Account, Seed
from reconciler.sandbox.service import Service

DEFAULT_SEED = Seed()
DRIP_SECONDS = 0.2
POLL_SECONDS = 0.02
"""How often the accepting thread looks whether it is to stop."""


class Sandbox:
    """A running sandbox, as the code that started it sees it."""

    def __init__(self, service: Service, port: int) -> None:
        self._service = service
        self.url = f"http://{HOST}:{port}"

    @property
    def seed(self) -> Seed:
        """What it started with."""
        return self._service.seed

    @property
    def account(self) -> Account:
        """The seed's first account."""
        return self.seed.accounts[0]

    def environment(self) -> Mapping[str, str]:
        """The variables that make UCloud's tools talk to it as the first account."""
        return {
            "UCLOUD_PUBLIC_KEY": self.account.public_key,
            "UCLOUD_PRIVATE_KEY": self.account.private_key,
            "UCLOUD_PROJECT_ID": self.seed.home(self.account),
            "UCLOUD_API_BASE_URL": self.url,
        }

    def log(self) -> tuple[LogEntry, ...]:
        """Every request so far, in the order they were decided."""
        return self._service.log.entries()

    def signature(self, id: str) -> StoredSignature | None:
        """The signature as it stands by now, None without such an id."""
        return self._service.store.get(id)

    def signatures(self) -> tuple[StoredSignature, ...]:
        """Every signature, in the order they came."""
        return self._service.store.all()

    def review(self, id: str, status: ReviewStatus, reason: str | None = None) -> StoredSignature:
        """Put a signature where a reviewer would; it stays there until it is submitted again.

        Raises `UsageError` for an id that does not exist and a status the service does not have.
        """
        return self._service.review(id, status, reason)

    def add_fault(self, text: str) -> None:
        """One more fault, `ACTION:KIND[:TIMES]`; raises `UsageError`."""
        self._service.faults.add(parse_fault(text))

    def clear_faults(self) -> None:
        """Let nothing more go wrong."""
        self._service.faults.clear()


@contextmanager
def running(
    *,
    seed: Seed = DEFAULT_SEED,
    review_after: float | None = None,
    faults: Sequence[str] = (),
    port: int = 0,
    latency: float = 0.0,
    drip: float = DRIP_SECONDS,
    clock: Clock = time.monotonic,
) -> Iterator[Sandbox]:
    """A sandbox on loopback while the block runs; every socket is closed behind it.

    `review_after` seconds after a submission the reviewer decides (half-way it is under review);
    None leaves it to commands. `faults` are `ACTION:KIND[:TIMES]`. `port` 0 takes a free one.
    `latency` seconds pass before each reply; `drip` seconds between two bytes of the fault `slow`.
    Raises `UsageError` for a setting that makes no sense, `ReconcilerError` when the port is taken.
    """
    _check(port, latency)
    service = Service(
        seed=seed,
        review_after=review_after,
        faults=[parse_fault(text) for text in faults],
        clock=clock,
    )
    try:
        listener = Listener(port, service, latency=latency, drip=drip)
    except OSError as error:
        raise ReconcilerError(
            f"the sandbox cannot listen on {HOST}:{port}: {error.strerror}",
            "Choose another --port, or 0 for any free one.",
        ) from error
    thread = Thread(target=listener.serve_forever, args=(POLL_SECONDS,), name="sandbox")
    thread.start()
    try:
        yield Sandbox(service, listener.server_address[1])
    finally:
        listener.stop()
        thread.join()
    for bug in listener.bugs:
        raise bug


def _check(port: int, latency: float) -> None:
    if not 0 <= port <= 65535:  # noqa: PLR2004 - the range of ports
        raise UsageError(f"--port must be from 0 to 65535, not {port}")
    if not (math.isfinite(latency) and latency >= 0):
        raise UsageError(f"--latency must be 0 or more, not {latency:g}")
