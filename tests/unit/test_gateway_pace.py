"""How fast the whole client asks: slower at once when throttled, and as before after a while."""

from __future__ import annotations

import heapq
import itertools
import random
import threading
from collections.abc import Callable

import pytest

from reconciler.gateway.pace import FIRST_PACE, SLOWEST, UNPACED, Pacer
from reconciler.gateway.retry import Attempts, Patience
from reconciler.gateway.setback import Setback
from tests.unit.gateway_builders import FakeTime


def pacer(time: FakeTime, cap: float | None = None) -> Pacer:
    return Pacer(requests_per_second=cap, clock=time.clock)


def test_without_a_cap_nobody_waits() -> None:
    time = FakeTime()
    pace = pacer(time)
    for _ in range(100):
        pace.wait(time.sleep)
    assert time.slept == []


def test_a_cap_spaces_the_requests() -> None:
    time = FakeTime()
    pace = pacer(time, cap=4.0)
    for _ in range(9):
        pace.wait(time.sleep)
    assert time.total == pytest.approx(2.0)


def test_a_throttled_answer_slows_down_the_next_requests_of_everybody() -> None:
    time = FakeTime()
    pace = pacer(time)
    pace.throttled(sent_at=time.now)
    assert pace.requests_per_second == FIRST_PACE
    for _ in range(10):
        pace.wait(time.sleep)
    assert time.total == pytest.approx(1.0)


def test_each_further_one_halves_the_pace_down_to_a_limit() -> None:
    time = FakeTime()
    pace = pacer(time)
    found = []
    for _ in range(8):
        pace.throttled(sent_at=time.now)
        found.append(pace.requests_per_second)
    assert found == [10.0, 5.0, 2.5, 1.25, 0.625, SLOWEST, SLOWEST, SLOWEST]


def test_requests_under_way_at_the_cut_do_not_cut_again() -> None:
    time = FakeTime()
    pace = pacer(time)
    sent_at = time.now
    time.sleep(1.0)
    for _ in range(8):
        pace.throttled(sent_at=sent_at)
    assert pace.requests_per_second == FIRST_PACE


@pytest.mark.parametrize("cap", [None, 50.0, 0.25])
def test_good_answers_bring_back_the_pace_of_before(cap: float | None) -> None:
    time = FakeTime()
    pace = pacer(time, cap)
    pace.throttled(sent_at=time.now)
    slowed = pace.requests_per_second
    assert slowed is not None
    assert slowed <= (cap or UNPACED)
    while pace.requests_per_second != cap:
        before = pace.requests_per_second
        pace.wait(time.sleep)
        pace.answered()
        assert cap is None or before is None or before <= cap
    assert time.total < 120


def test_recovery_is_gradual() -> None:
    """A second of good answers at ten a second brings one or two more a second."""
    time = FakeTime()
    pace = pacer(time)
    pace.throttled(sent_at=time.now)
    for _ in range(10):
        pace.answered()
    assert pace.requests_per_second == pytest.approx(11.0, abs=0.5)


def test_an_answer_changes_nothing_where_nothing_was_slowed() -> None:
    pace = pacer(FakeTime())
    pace.answered()
    assert pace.requests_per_second is None


def test_nobody_sends_while_the_service_asked_to_be_left_alone() -> None:
    time = FakeTime()
    pace = pacer(time)
    pace.throttled(sent_at=time.now, retry_after=30.0)
    pace.wait(time.sleep)
    assert time.total == pytest.approx(30.0)


def test_a_cut_sends_those_who_are_waiting_to_the_new_queue() -> None:
    """They were promised a slot at the old pace; it holds no longer."""
    time = FakeTime()
    pace = pacer(time, cap=1.0)
    pace.wait(time.sleep)

    def sleep_through_a_cut(seconds: float) -> None:
        if not time.slept:
            pace.throttled(sent_at=time.now, retry_after=10.0)
        time.sleep(seconds)

    pace.wait(sleep_through_a_cut)
    assert time.total == pytest.approx(10.0)


def test_many_threads_share_one_pace() -> None:
    """Real threads, no real waiting: a hundred slots are a hundred different ones."""
    time = FakeTime()
    pace = pacer(time, cap=10.0)
    waits: list[float] = []

    def ask() -> None:
        for _ in range(25):
            pace.wait(waits.append)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(waits) == pytest.approx([number / 10 for number in range(1, 100)])


@pytest.mark.parametrize("allowed", [1.0, 5.0, 20.0])
def test_a_client_of_eight_fits_itself_under_the_services_limit(allowed: float) -> None:
    """No call runs out of patience, and most of what is allowed is used."""
    simulation = _Simulation(allowed=allowed, workers=8, latency=0.05)
    finished = simulation.run(calls=400)
    assert simulation.failures == 0
    assert finished < 400 / allowed * 2 + 60


class _Simulation:
    """Eight threads before a service that allows `allowed` requests a second, without threads.

    A heap of (when, what) stands for them: one asks for a slot, sends, and begins the next call
    or asks again after its pause.
    """

    def __init__(self, *, allowed: float, workers: int, latency: float) -> None:
        self.time = FakeTime()
        self.failures = 0
        self._allowed = allowed
        self._latency = latency
        self._pacer = Pacer(requests_per_second=None, clock=self.time.clock)
        self._tokens = 1.0
        self._refilled = self.time.now
        self._random = random.Random(7)  # noqa: S311 - a simulation, the same in each run
        self._events: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._workers = workers
        self._begun = 0

    def run(self, *, calls: int) -> float:
        """Seconds the calls took."""
        start = self.time.now
        for _ in range(self._workers):
            self._begin(calls)
        while self._events:
            self.time.now, _, step = heapq.heappop(self._events)
            step()
        return self.time.now - start

    def _later(self, seconds: float, step: Callable[[], None]) -> None:
        heapq.heappush(self._events, (self.time.now + seconds, next(self._numbers), step))

    def _begin(self, calls: int) -> None:
        if self._begun < calls:
            self._begun += 1
            attempts = Attempts(
                Patience(), idempotent=True, began=self.time.now, uniform=self._random.uniform
            )
            self._ask(attempts, lambda: self._begin(calls))

    def _ask(self, attempts: Attempts, finished: Callable[[], None]) -> None:
        slot = self._pacer.book()

        def at_its_time() -> None:
            if self._pacer.holds(slot):
                self._later(self._latency, lambda: self._answer(attempts, sent_at, finished))
            else:
                self._ask(attempts, finished)

        sent_at = slot.at
        self._later(slot.at - self.time.now, at_its_time)

    def _answer(self, attempts: Attempts, sent_at: float, finished: Callable[[], None]) -> None:
        now = self.time.now
        burst = max(1.0, self._allowed / 5)
        self._tokens = min(burst, self._tokens + (now - self._refilled) * self._allowed)
        self._refilled = now
        if self._tokens >= 1:
            self._tokens -= 1
            self._pacer.answered()
            finished()
            return
        self._pacer.throttled(sent_at=sent_at)
        setback = Setback(summary="x", accepted=False, again=True, throttled=True)
        pause = attempts.pause(setback, now=now)
        if pause is None:
            self.failures += 1
            finished()
        else:
            self._later(pause, lambda: self._ask(attempts, finished))
