"""Whatever a manifest or the service says, the place where it is shown gets it harmless."""

from __future__ import annotations

import json
import re
import unicodedata
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from reconciler.render.dump import dumps
from reconciler.render.escape import (
    html_code,
    longest_ticks,
    markdown,
    markdown_cell,
    paragraph,
    terminal,
    workflow_log,
    workflow_message,
    workflow_property,
)

_ANYTHING = st.text(alphabet=st.characters(categories=None), max_size=50)
_DANGEROUS = st.text(alphabet="\x00\x1b\n\r\t\x7f\x9b\u202e\u2066\u2028\ufeff\ud800ab优")
_MARKUP = st.text(alphabet="`|\\<>&\"'*_~[]()!#@:/.-+=%,x1 \n优【】", max_size=30)
_HARMFUL = {"Cc", "Cf", "Cs", "Zl", "Zp"}
_PARSER = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")


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


@given(_ANYTHING | _DANGEROUS)
def test_a_paragraph_keeps_its_lines_and_nothing_else_that_is_harmful(text: str) -> None:
    assert paragraph(text).split("\n") == ([terminal(x) for x in text.splitlines()] or [""])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("::error::x", r"\u003a:error::x"),
        ("all well\n  \u3000::add-mask::a", "all well\n  \u3000\\u003a:add-mask::a"),
        ("a ##[add-mask]b", r"a \u0023#[add-mask]b"),
        ("###[group]", r"#\u0023#[group]"),
        ("a::b ## c #[d] :", "a::b ## c #[d] :"),
    ],
)
def test_nothing_in_a_log_is_a_command_to_the_runner(text: str, shown: str) -> None:
    assert workflow_log(text) == shown


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | _ANYTHING | _DANGEROUS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_ANYTHING, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(_ANYTHING, _JSON, max_size=4))
def test_json_reads_back_the_same_and_is_always_utf_8(document: dict[str, Any]) -> None:
    text = dumps(document)

    assert json.loads(text.encode("utf-8")) == document
    assert json.loads(workflow_log(text)) == document


@given(_DANGEROUS)
def test_json_holds_no_character_that_fools_a_terminal(value: str) -> None:
    text = dumps({"value": value})

    assert terminal(text.replace("\n", "")) == text.replace("\n", "")


def test_json_keeps_chinese_readable_and_the_order_of_keys() -> None:
    assert dumps({"b": "优刻得", "a": [1]}) == '{\n  "b": "优刻得",\n  "a": [\n    1\n  ]\n}\n'


@given(_ANYTHING | _DANGEROUS | _MARKUP)
def test_a_workflow_command_ends_where_it_should_and_says_what_was_meant(text: str) -> None:
    message, value = workflow_message(text), workflow_property(text)

    assert terminal(message + value) == message + value
    assert not set(value) & set(":,")
    assert _unescaped(message) == paragraph(text)
    assert _unescaped(value) == terminal(text)


def _unescaped(text: str) -> str:
    """As the runner reads it."""
    for code, character in {"%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}.items():
        text = text.replace(code, character)
    return text


@given(_ANYTHING | _DANGEROUS | _MARKUP)
def test_in_markdown_a_text_is_one_code_span_that_holds_exactly_it(text: str) -> None:
    tokens = _PARSER.parseInline(f"x {markdown(text)} y")[0].children or []

    assert [token.type for token in tokens] == (
        ["text", "code_inline", "text"] if text else ["text"]
    )
    assert not text or tokens[1].content == terminal(text)


@given(_ANYTHING | _DANGEROUS | _MARKUP)
def test_in_a_markdown_table_a_text_is_one_cell_that_holds_exactly_it(text: str) -> None:
    row = f"| {markdown_cell(text)} | end |"
    html = _PARSER.render(f"| a | b |\n| --- | --- |\n{row}\n")
    cells = re.findall("<td>(.*?)</td>", html, flags=re.DOTALL)

    assert len(cells) == 2
    assert cells[1] == "end"
    assert _texts(cells[0]) == ([("code", terminal(text))] if text else [("", "(empty)")])


@given(_ANYTHING | _DANGEROUS | _MARKUP)
def test_in_html_a_text_is_one_code_element_that_holds_exactly_it(text: str) -> None:
    html = html_code(text)

    assert "\n" not in html
    assert _texts(html) == ([("code", terminal(text))] if text else [])


def _texts(html: str) -> list[tuple[str, str]]:
    """Each run of text, and the element that it stands in."""
    found: list[tuple[str, str]] = []

    class Reader(HTMLParser):
        """Remembers the last element that was opened."""

        tag = ""

        def handle_starttag(self, tag: str, attrs: object) -> None:
            self.tag = tag

        def handle_data(self, data: str) -> None:
            found.append((self.tag, data))

    reader = Reader(convert_charrefs=True)
    reader.feed(html)
    reader.close()
    return found


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("优刻得【】", "`优刻得【】`"),
        ("a`b", "``a`b``"),
        ("`", "`` ` ``"),
        (" a ", "`  a  `"),
        ("  ", "`  `"),
        ("a|b", "`a|b`"),
        ("", "(empty)"),
    ],
)
def test_a_code_span_is_no_longer_than_it_must_be(text: str, shown: str) -> None:
    assert markdown(text) == shown


def test_the_longest_run_of_backquotes_decides() -> None:
    assert longest_ticks([]) == longest_ticks(["a"]) == 0
    assert longest_ticks(["`a``", "b````c"]) == 4
