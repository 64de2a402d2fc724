"""Sharing in batches: by count or by time, and never again after a failure."""

from __future__ import annotations

import threading

from reconciler.errors import StateError
from reconciler.state.batches import Batches

LONG = 3600.0


class Shares:
    """Counts the calls, and lets a test wait for them."""

    def __init__(self, error: StateError | None = None) -> None:
        self.error = error
        self.done = threading.Semaphore(0)
        self.count = 0

    def __call__(self) -> None:
        self.count += 1
        self.done.release()
        if self.error is not None:
            raise self.error


def test_a_full_batch_is_shared_at_once() -> None:
    shares = Shares()
    batches = Batches(shares, count=3, seconds=LONG)
    batches.start()
    for _ in range(3):
        batches.added()
    assert shares.done.acquire(timeout=30)
    batches.stop()
    assert shares.count == 1


def test_a_small_batch_is_shared_when_its_time_has_come() -> None:
    shares = Shares()
    batches = Batches(shares, count=1000, seconds=0.01)
    batches.start()
    batches.added()
    assert shares.done.acquire(timeout=30)
    batches.added()
    assert shares.done.acquire(timeout=30)
    batches.stop()
    assert shares.count == 2


def test_the_end_does_not_wait_for_the_time_and_leaves_the_rest_to_whoever_ends_it() -> None:
    shares = Shares()
    batches = Batches(shares, count=1000, seconds=LONG)
    batches.start()
    batches.added()
    batches.stop()
    assert shares.count == 0


def test_after_a_failure_nothing_is_shared_any_more() -> None:
    error = StateError("no")
    shares = Shares(error)
    batches = Batches(shares, count=1, seconds=LONG)
    batches.start()
    batches.added()
    assert shares.done.acquire(timeout=30)
    batches.stop()
    batches.added()
    assert batches.trouble is error
    assert shares.count == 1
