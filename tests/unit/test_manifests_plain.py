"""The quick reader of simple manifests: what it reads, YAML's own parser reads the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.yamltext import plain
from reconciler.yamltext.compose import compose
from reconciler.yamltext.decode import decode

SIMPLE = """\
# yaml-language-server: $schema=../schemas/signature.schema.json
id: SIG20190XXX2C1844  # the work order

content: 优刻得科技
certificate:
  file: ../documents/licence.png
  # whose name is on it
  holder: "优刻得科技股份有限公司"
scene: 'Codes: for the shop'
suspend: false
"""
LINES = st.lists(
    st.sampled_from(
        [
            *("a: b", "a:", "b: 'x'", '  c: "y"', "  c:", "  d: 1", "   e: f", "    g: h", "  "),
            *("# x", "  # x", "c: x#y", "c: x # y", "d: x:y", "d: x: y", "d: x:", "e: ", "f: 0x1F"),
            *("f: ~", "f: no", "f: 12:30", "g: &a b", "g: *a", "g: !!str b", "h: [a]", "h: {a: b}"),
            *("- a", "---", "...", "i: |", "  text", "j: >-", "k: 'it''s'", 'k: "a\\n"', "l: @x"),
            *("l: `x`", "l: %x", "m: ?x", "m: -x", "m: - x", "? a", ": b", "n: .inf", "\ufeffa: b"),
            *(
                "é: b",
                "o: 𠀀",
                "o: x\u2028y",
                "o: x\u0085y",
                "o: x\u00a0y",
                "o: \x00",
                "p: x\\",
                '"q": r',
            ),
        ]
    ),
    max_size=8,
)


def test_a_usual_manifest_is_read() -> None:
    assert plain.read(SIMPLE) == compose(SIMPLE).data
    assert plain.read(SIMPLE.replace("'Codes: for the shop'", "Codes: for the shop")) is None


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("# nothing\n", id="a comment alone"),
        pytest.param("certificate:\n", id="a key without a value"),
        pytest.param("certificate:\ntype: company\n", id="a key without a value before another"),
        pytest.param("certificate:\n  file:\n", id="a block in a block, empty"),
        pytest.param("certificate:\n  file:\n    path: a.png\n", id="a block in a block"),
        pytest.param("certificate:\n  file: a.png\n   url: b\n", id="set in further"),
        pytest.param("  content: a\n", id="set in at the beginning"),
        pytest.param("content: a\ncontent: b\n", id="a key twice"),
        pytest.param("content:\ta\n", id="a tab"),
        pytest.param("content: a\r\n", id="a carriage return"),
        pytest.param("id: [SIG1, SIG2]\n", id="a list"),
        pytest.param("content: &name a\n", id="an anchor"),
    ],
)
def test_what_is_not_beyond_doubt_is_left_to_the_parser(text: str) -> None:
    assert plain.read(text) is None


@given(LINES)
def test_whatever_it_reads_the_parser_reads_the_same(lines: list[str]) -> None:
    text = decode("\n".join(lines).encode())
    quick = plain.read(text) if isinstance(text, str) else None  # none else reaches a reader
    if isinstance(text, str) and quick is not None:
        composed = compose(text)
        assert composed.faults == ()
        assert repr(composed.data) == repr(quick)  # True is not 1, and NaN is NaN


@given(st.text(alphabet="abc:#'\" \n-0.~é", max_size=40))
def test_no_text_is_read_in_another_way(text: str) -> None:
    quick = plain.read(text)
    if quick is not None:
        composed = compose(text)
        assert composed.faults == ()
        assert repr(composed.data) == repr(quick)
