"""Whatever a manifest or the service says, a terminal and a JSON reader get it harmless."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.render.dump import dumps
from reconciler.render.escape import terminal

_ANYTHING = st.text(alphabet=st.characters(categories=None), max_size=50)
_DANGEROUS = st.text(alphabet="\x00\x1b\n\r\t\x7f\x9b\u202e\u2066\u2028\ufeff\ud800ab优")
_HARMFUL = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@given(_ANYTHING | _DANGEROUS)
def test_no_control_character_reaches_a_terminal(text: str) -> None:
    shown = terminal(text)

    assert not {unicodedata.category(character) for character in shown} & _HARMFUL
    shown.encode("utf-8")


@pytest.mark.parametrize("text", ["", "优刻得科技", "a b", "全\u3000角", "naïve 【】", "C:\\new"])
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert terminal(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb", r"a\nb"),
        ("\x1b[31m", r"\x1b[31m"),
        ("\x9b1m", r"\x9b1m"),
        ("\u202egnp", r"\u202egnp"),
        ("\U000e0041", r"\U000e0041"),
        ("\udc80", r"\udc80"),
    ],
)
def test_a_harmful_character_becomes_a_visible_escape(text: str, shown: str) -> None:
    assert terminal(text) == shown


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | _ANYTHING | _DANGEROUS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_ANYTHING, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(_ANYTHING, _JSON, max_size=4))
def test_json_reads_back_the_same_and_is_always_utf_8(document: dict[str, Any]) -> None:
    text = dumps(document)

    assert json.loads(text.encode("utf-8")) == document


@given(_DANGEROUS)
def test_json_holds_no_character_that_fools_a_terminal(value: str) -> None:
    text = dumps({"value": value})

    assert terminal(text.replace("\n", "")) == text.replace("\n", "")


def test_json_keeps_chinese_readable_and_the_order_of_keys() -> None:
    assert dumps({"b": "优刻得", "a": [1]}) == '{\n  "b": "优刻得",\n  "a": [\n    1\n  ]\n}\n'
