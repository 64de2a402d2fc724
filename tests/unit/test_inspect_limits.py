"""A look into a document always ends: in time, without a sound, with facts."""

from __future__ import annotations

import cProfile
import gc
import logging
import sys
import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.inspection.facts import UNKNOWN, Facts, Fault
from reconciler.inspection.inspect import inspect
from reconciler.inspection.limits import DEPTH, _ExcessError, _Watch, bounded
from tests.tools.make_bad_documents import documents

_KINDS = {"png": "image/png", "jpg": "image/jpeg", "pdf": "application/pdf"}
_DOCUMENTS = sorted(documents().items())


def _never_ends(_: bytes) -> Facts:
    while True:
        abs(1)


def _swallows(_: bytes) -> Facts:
    """Like the libraries: whatever goes wrong inside, it goes on."""
    while True:
        try:
            _deep(10**6)
        except Exception:  # noqa: BLE001, S112 - that is the point
            continue


def _deep(depth: int) -> int:
    return depth and _deep(depth - 1)


def _raises(error: BaseException) -> Facts:
    raise error


def test_what_never_ends_is_ended() -> None:
    facts = bounded(_never_ends, b"", seconds=0.05)

    assert facts.fault is Fault.EXCESSIVE
    assert facts.detail == "reading it takes longer than any scan would"


def _leaves_garbage(_: bytes) -> Facts:
    while True:
        cycle: list[object] = []
        cycle.append(cycle)


def test_what_never_ends_is_ended_however_much_is_called_when_garbage_is_collected() -> None:
    """An error raised there is dropped, and the hook that raised it is taken off."""

    def busy(_phase: str, _info: dict[str, int]) -> None:
        for _ in range(1000):
            abs(1)

    usual = gc.get_threshold()
    gc.callbacks.append(busy)
    gc.set_threshold(1)
    try:
        facts = bounded(_leaves_garbage, b"", seconds=0.05)
        assert gc.isenabled()
    finally:
        gc.set_threshold(*usual)
        gc.callbacks.remove(busy)
    assert facts.fault is Fault.EXCESSIVE


def test_garbage_stays_where_nobody_wanted_it_collected() -> None:
    gc.disable()
    try:
        assert bounded(lambda _: UNKNOWN, b"") == UNKNOWN
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_what_goes_too_deep_is_ended_even_if_it_goes_on_after_every_failure() -> None:
    assert bounded(_swallows, b"").detail == "its parts are nested too deeply"


def test_the_watch_counts_calls_and_asks_for_the_time_once_in_a_while() -> None:
    """A hook is not measured while it is one, so it is called here as well."""
    late, deep = _Watch(-1), _Watch(60)

    _tell(_Watch(60), *("call", "c_call", "c_return", "return") * (DEPTH + 10))
    with pytest.raises(_ExcessError, match="longer"):
        _tell(late, *["c_call"] * 100)
    with pytest.raises(_ExcessError, match="nested"):
        _tell(deep, *["call"] * (DEPTH + 1))

    late.armed = deep.armed = False
    _tell(late, *["c_call"] * 100)
    _tell(deep, "call")


def _tell(watch: _Watch, *events: str) -> None:
    for event in events:
        watch(sys._getframe(), event, None)


def test_a_reasonable_depth_is_none_of_our_business() -> None:
    assert bounded(lambda _: Facts(width=_deep(DEPTH // 2)), b"") == Facts(width=0)


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (RecursionError(), Fault.EXCESSIVE),
        (MemoryError(), Fault.EXCESSIVE),
        (ValueError("words of the document"), Fault.UNREADABLE),
        (KeyError("words"), Fault.UNREADABLE),
    ],
)
def test_any_failure_becomes_a_fact_without_its_words(error: Exception, fault: Fault) -> None:
    facts = bounded(lambda _: _raises(error), b"")

    assert facts.fault is fault
    assert "words" not in facts.detail


def test_a_wish_to_stop_is_passed_on() -> None:
    with pytest.raises(KeyboardInterrupt):
        bounded(lambda _: _raises(KeyboardInterrupt()), b"")


def test_nothing_is_logged_or_warned_of_and_everything_is_put_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("PIL").setLevel(logging.INFO)

    def talks(_: bytes) -> Facts:
        logging.getLogger("PIL.PngImagePlugin").critical("words")
        logging.getLogger("pypdf._reader").warning("words")
        warnings.warn("words", UserWarning, stacklevel=1)
        return UNKNOWN

    before = sys.getprofile()
    assert bounded(talks, b"") is UNKNOWN
    assert caplog.records == []
    assert sys.getprofile() is before
    assert logging.getLogger("PIL").level == logging.INFO
    logging.getLogger("PIL").setLevel(logging.NOTSET)


@settings(max_examples=150)
@given(
    document=st.sampled_from(_DOCUMENTS),
    cuts=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 8), st.binary(max_size=8)),
        max_size=4,
    ),
)
def test_any_bytes_as_a_document_end_in_facts(
    document: tuple[str, bytes], cuts: list[tuple[float, int, bytes]]
) -> None:
    name, data = document
    for where, length, other in cuts:
        place = int(where * len(data))
        data = data[:place] + other + data[place + length :]

    facts = inspect(data, _KINDS[name.rpartition(".")[2]])

    assert (facts.fault is None) == (facts.detail == "")


@pytest.mark.parametrize("name", ["good.png", "good.jpg", "no-page.pdf"])
def test_a_profiler_is_left_alone_and_changes_no_fact(name: str) -> None:
    data, kind = dict(_DOCUMENTS)[name], _KINDS[name.rpartition(".")[2]]
    facts = inspect(data, kind)

    with cProfile.Profile():
        before = sys.getprofile()
        measured = inspect(data, kind)
        after = sys.getprofile()

    assert measured == facts
    assert before is after is not None
