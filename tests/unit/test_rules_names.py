"""Names: which characters a content may hold, and which part of a company's name is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.rules.names import (
    abbreviation,
    accepted,
    fold,
    is_bracket,
    is_company,
    refused,
    shown,
)
from reconciler.rules.words import CORPORATE, DOCUMENTED, EVERYDAY, consists_of

_FULL = "优刻得科技股份有限公司"
_NAMES = st.text(alphabet="优刻得示例科技股份有限公司 （）Ab", min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("优刻得", "优刻得科技"),
        ("优刻得股份", "优刻得科技股份"),
        ("刻得科技", "优刻得科技"),
        ("科技", "优刻得科技"),
        ("得有限", "优刻得科技股份有限"),
        ("ucloud", "优刻得科技"),
        ("", "优刻得科技"),
    ],
)
def test_the_shortest_part_between_words_that_holds_what_was_wanted(wanted: str, part: str) -> None:
    assert abbreviation(_FULL, wanted) == part


@pytest.mark.parametrize(
    ("full", "wanted", "part"),
    [
        ("示例店", "示例", None),
        ("有限公司", "公司", None),
        ("示例星杯咖啡馆北京旗舰店面", "杯咖", "示例星杯咖"),
        ("示例星杯咖啡馆北京旗舰店面", "店面", "示例星杯"),
        ("Example Cup Ltd.", "cup", "ExampleCup"),
    ],
)
def test_a_name_without_known_words_is_cut_anywhere_and_a_short_one_not_at_all(
    full: str, wanted: str, part: str | None
) -> None:
    assert abbreviation(full, wanted) == part


@given(_NAMES, _NAMES)
def test_a_suggestion_always_passes(full: str, wanted: str) -> None:
    part = abbreviation(full, fold(wanted))

    if part is not None:
        assert 4 <= len(part) <= 12
        assert part in accepted(full)
        assert refused(part) == ()
        assert not consists_of(part, CORPORATE)


@given(st.text(max_size=12))
def test_what_is_accepted_holds_nothing_refused_and_folding_twice_is_folding_once(
    text: str,
) -> None:
    assert refused(accepted(text)) == ()
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.characters(categories=["Ps", "Pe", "Pi", "Pf"]), max_size=5))
def test_brackets_of_every_script_are_brackets_and_refused(text: str) -> None:
    assert all(map(is_bracket, text))
    assert set(refused(text)) == set(text)


@pytest.mark.parametrize(
    "name",
    ["优刻得科技股份有限公司", "示例集团", "Example Ltd.", "EXAMPLE CO LIMITED", "示例商行 "],
)
def test_names_of_companies_end_so(name: str) -> None:
    assert is_company(name)


@pytest.mark.parametrize("name", ["示例星杯", "Zinc", "示例市图书馆", "公司星杯", ""])
def test_other_names_are_not_taken_for_companies(name: str) -> None:
    assert not is_company(name)


def test_a_character_is_shown_by_its_name_and_only_if_it_can_be_seen() -> None:
    assert shown("-\u3000\x07") == (
        "- U+002D (HYPHEN-MINUS), U+3000 (IDEOGRAPHIC SPACE), U+0007 (no name)"
    )


@pytest.mark.parametrize(
    ("text", "words", "is_made"),
    [
        ("", ["a"], False),
        ("aab", ["a", "ab"], True),
        ("aabc", ["a", "ab"], False),
        ("验证码通知", EVERYDAY, True),
    ],
)
def test_a_text_consists_of_words_in_whatever_way_it_is_divided(
    text: str, words: list[str], is_made: bool
) -> None:
    assert consists_of(text, frozenset(words)) is is_made


def test_every_word_is_written_as_contents_are_compared() -> None:
    assert all(fold(word) == word for word in DOCUMENTED | EVERYDAY | CORPORATE)
