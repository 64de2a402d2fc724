"""Widths, columns, colours, shortening and counts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.render.counts import join, plural
from reconciler.render.proofs import size
from reconciler.render.shorten import shorten, shorten_pair
from reconciler.render.style import PLAIN, Painter, Style
from reconciler.render.width import align, pad, width

_TEXT = st.text(alphabet="ab 优刻得，éｘ①", max_size=30)
_ROWS = st.lists(st.lists(_TEXT, max_size=4), max_size=6)


def test_a_chinese_character_takes_two_cells() -> None:
    assert [width(text) for text in ("优刻得", "abc", "ｘ", "é")] == [6, 3, 2, 1]


@given(_ROWS)
def test_every_column_starts_at_the_same_cell_in_every_row(rows: list[list[str]]) -> None:
    aligned = align(rows)

    for index in range(4):
        assert len({width(row[index]) for row in aligned if len(row) > index + 1}) <= 1


@given(_ROWS)
def test_aligning_adds_spaces_alone(rows: list[list[str]]) -> None:
    for row, before in zip(align(rows), rows, strict=True):
        assert [cell.rstrip() for cell in row] == [cell.rstrip() for cell in before][: len(row)]
        assert not any(before[len(row) :])


def test_the_last_cell_and_empty_ends_are_not_padded() -> None:
    assert align([["a", "b", ""], ["优刻", "bcd", "c"]]) == (("a   ", "b"), ("优刻", "bcd", "c"))


def test_nothing_to_align_is_nothing() -> None:
    assert align([]) == ()
    assert align([[], ["", ""]]) == ((), ())


@given(_TEXT, st.integers(0, 40))
def test_padding_never_cuts(text: str, cells: int) -> None:
    padded = pad(text, cells)

    assert padded.startswith(text)
    assert width(padded) == max(cells, width(text))


def test_colours_are_plain_codes_and_end_where_they_began() -> None:
    painted = Painter(colour=True)("delete", Style.BOLD, Style.RED)

    assert painted == "\x1b[1;31mdelete\x1b[0m"


@pytest.mark.parametrize("text", ["delete", ""])
def test_without_colour_or_without_style_or_text_nothing_is_painted(text: str) -> None:
    assert PLAIN(text, Style.RED) == text
    assert Painter(colour=True)(text) == text
    assert Painter(colour=True)("", Style.RED) == ""


@given(_TEXT, st.integers(1, 40))
def test_shortened_text_fits(text: str, cells: int) -> None:
    short = shorten(text, cells)

    assert width(short) <= cells
    assert short == text or short.endswith("…")


@given(_TEXT, _TEXT, _TEXT)
def test_the_first_difference_of_a_shortened_pair_stays_visible(
    common: str, before: str, after: str
) -> None:
    shown = shorten_pair(common + before, common + after, 40)

    assert all(width(each) <= 40 for each in shown)
    assert (shown[0] == shown[1]) == (before == after)


@pytest.mark.parametrize(
    ("count", "shown"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1.0 KiB"),
        (12_595, "12.3 KiB"),
        (4 * 1024 * 1024, "4.0 MiB"),
    ],
)
def test_sizes_are_for_people(count: int, shown: str) -> None:
    assert size(count) == shown


def test_counts_of_zero_are_left_out() -> None:
    assert join([(2, "submitted"), (0, "failed"), (1, "skipped")]) == "2 submitted, 1 skipped"
    assert join([(0, "failed")]) == ""


def test_one_is_singular() -> None:
    assert [plural(number, "error") for number in (0, 1, 2)] == ["errors", "error", "errors"]
