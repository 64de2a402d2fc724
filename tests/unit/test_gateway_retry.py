"""How often and when a request is tried again."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.gateway.retry import Attempts, Patience
from reconciler.gateway.setback import Setback


def setback(
    *, accepted: bool | None = None, again: bool = True, throttled: bool = False, wish: float = 0.0
) -> Setback:
    return Setback(
        summary="x", accepted=accepted, again=again, throttled=throttled, retry_after=wish
    )


def attempts(*, idempotent: bool = True, patience: Patience | None = None) -> Attempts:
    """With the longest jitter."""
    return Attempts(
        patience or Patience(), idempotent=idempotent, began=0.0, uniform=lambda _, high: high
    )


def pauses(tries: Attempts, *setbacks: Setback) -> list[float | None]:
    return [tries.pause(each, now=0.0) for each in setbacks]


def test_pauses_double_up_to_a_limit_and_end_after_five_tries() -> None:
    assert pauses(attempts(), *[setback()] * 5) == [0.5, 1.0, 2.0, 4.0, None]


def test_throttled_tries_have_more_patience_and_an_upper_limit_of_their_own() -> None:
    found = pauses(attempts(), *[setback(throttled=True, accepted=False)] * 10)
    assert found == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0, 20.0, 20.0, None]


def test_jitter_is_full() -> None:
    asked: list[tuple[float, float]] = []

    def uniform(low: float, high: float) -> float:
        asked.append((low, high))
        return low

    tries = Attempts(Patience(), idempotent=True, began=0.0, uniform=uniform)
    assert tries.pause(setback(), now=0.0) == 0.0
    assert asked == [(0.0, 0.5)]


def test_nothing_begins_after_the_total_time() -> None:
    tries = attempts()
    assert tries.pause(setback(), now=179.5) == 0.5
    assert tries.pause(setback(), now=179.5) is None


def test_what_is_not_worth_another_try_gets_none() -> None:
    assert pauses(attempts(), setback(again=False)) == [None]


@pytest.mark.parametrize(
    ("accepted", "tried_again"), [(False, True), (None, False)], ids=["no effect", "nobody knows"]
)
def test_what_is_not_idempotent_is_tried_again_only_without_doubt(
    accepted: bool | None, tried_again: bool
) -> None:
    (pause,) = pauses(attempts(idempotent=False), setback(accepted=accepted))
    assert (pause is not None) is tried_again


def test_doubt_stays_whatever_comes_later() -> None:
    tries = attempts()
    pauses(tries, setback(accepted=None), setback(accepted=False))
    assert tries.doubt


def test_a_wish_to_be_left_alone_is_granted_up_to_a_limit() -> None:
    assert pauses(attempts(), setback(wish=30.0)) == [30.0]
    assert pauses(attempts(), setback(wish=61.0)) == [None]


@given(
    st.lists(st.tuples(st.booleans(), st.sampled_from([None, False])), min_size=30, max_size=30),
    st.booleans(),
    st.floats(0.0, 1.0),
)
def test_every_call_ends_in_bounded_tries_and_time(
    story: list[tuple[bool, bool | None]], idempotent: bool, share: float
) -> None:
    bounds = Patience()
    tries = Attempts(bounds, idempotent=idempotent, began=0.0, uniform=lambda _, high: high * share)
    now = 0.0
    for throttled, accepted in story:
        pause = tries.pause(setback(throttled=throttled, accepted=accepted), now=now)
        if pause is None:
            break
        now += pause
        assert 0.0 <= pause <= bounds.longest_pause
    assert now <= bounds.total
    assert tries.count <= bounds.tries + bounds.throttled_tries


def test_unreached_means_that_no_try_found_anybody() -> None:
    away = Setback(summary="x", accepted=False, again=True, unreached=True)
    for story in itertools.product([away, setback()], repeat=3):
        tries = attempts()
        pauses(tries, *story)
        assert tries.unreached is all(each is away for each in story)
