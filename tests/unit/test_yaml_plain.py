"""What is read without a YAML parser is what the parser reads, or is left to it."""

from __future__ import annotations

import pytest

from reconciler.yamltext import plain
from reconciler.yamltext.compose import compose


@pytest.mark.parametrize(
    "text",
    [
        "content: 优刻得科技\n",
        "a: 1\nb: true\nc: no\n",
        "# comment\na: x # said beside it\n\nb:\n  c: 'd e'\n  f: \"g\"\nh: 12:30\n",
        "a:\n    b: c\n",
        "a: https://example.com/x?y=z\n",
    ],
)
def test_plain_text_is_read_as_the_parser_reads_it(text: str) -> None:
    assert plain.read(text) == compose(text).data


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# nothing\n",
        "a: &b c\n",
        "a: *b\n",
        "a: !!str b\n",
        "a: [b]\n",
        "a: {b: c}\n",
        "a: |\n  b\n",
        "- a\n",
        "a: b\na: c\n",
        "a:\n  b:\n    c: d\n",
        "a:\n  b: c\n   d: e\n",
        "a:\n",
        "a:\nb: c\n",
        "a: b\n  c: d\n",
        "a:\tb\n",
        "a: b\r\n",
        "a: b: c\n",
        'a: "b\\n"\n',
        "---\na: b\n",
        "%YAML 1.2\n---\na: b\n",
    ],
)
def test_whatever_else_yaml_knows_is_left_to_the_parser(text: str) -> None:
    assert plain.read(text) is None
