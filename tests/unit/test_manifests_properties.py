"""Whatever bytes a manifest is made of, reading it ends in data or in problems with places."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reconciler.manifests import Manifest, parse
from reconciler.problems import NOT_YAML, UNREADABLE, WRONG_SHAPE, Problem
from reconciler.schema import check
from reconciler.yamltext import compose
from tests.unit.flow_yaml import flow

# Text that is often nearly a manifest, so that more than the first error is reached.
FRAGMENTS = st.sampled_from(
    [
        *("content: ", "type: company", "id", ": ", "- ", "? ", "\n", "\n  ", "\r\n", "\t", " #x"),
        *("{", "}", "[", "]", ",", "&a ", "*a", "!!str ", "!", '"', "'", "|\n", ">-\n", "---\n"),
        *(
            "...\n",
            "%YAML 1.1\n",
            "\\u12",
            "\\ud800",
            "\x00",
            "\ufeff",
            "\u2028",
            "优刻得",
            "𠀀",
            "0x1F",
        ),
        *("absent: true", "certificate:\n  file: a.png", "~", "007", ".inf", "`", "@", "%"),
    ]
)
NEARLY = st.lists(FRAGMENTS, max_size=30).map("".join)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
TREES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=12,
)
KEYS = st.sampled_from(
    [
        *("id", "content", "type", "purpose", "certificate", "authorization", "scene", "project"),
        *("suspend", "absent", "description", "international", "qualification", "SigContent", "x"),
    ]
)
MANIFESTS = st.dictionaries(KEYS, TREES, max_size=8)


def outcome(raw: bytes) -> Manifest | tuple[Problem, ...]:
    return parse(raw, name="a", path="signatures/a.yaml")


def assert_sound(raw: bytes) -> None:
    result = outcome(raw)
    problems = check(result) if isinstance(result, Manifest) else result
    assert problems or isinstance(result, Manifest)
    lines = raw.count(b"\n") + raw.count(b"\r") + 1
    for problem in problems:
        where = problem.position
        assert problem.rule in {UNREADABLE, NOT_YAML, WRONG_SHAPE}
        assert 1 <= where.line <= lines + 1
        assert where.column >= 1
        assert (where.line, where.column) <= (where.end_line, where.end_column)
        assert problem.summary
        assert problem.summary.isprintable()
        assert problem.detail


@given(st.binary(max_size=200))
def test_no_bytes_raise(raw: bytes) -> None:
    assert_sound(raw)


@given(st.text(max_size=200))
def test_no_text_raises(text: str) -> None:
    assert_sound(text.encode("utf-8", "surrogatepass"))


@given(NEARLY)
def test_nothing_that_looks_like_a_manifest_raises(text: str) -> None:
    assert_sound(text.encode())


@given(NEARLY)
def test_nothing_raises_without_libyaml(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compose, "_LOADER", yaml.SafeLoader)
        assert_sound(text.encode())


@given(MANIFESTS)
def test_no_data_of_any_shape_raises(data: object) -> None:
    assert_sound(yaml.safe_dump(data, allow_unicode=True).encode("utf-8", "surrogatepass"))


@given(NEARLY)
def test_both_parsers_give_the_same_data_and_places(text: str) -> None:
    """Where both can read it; only the place of an empty value is not always the same."""
    fast = outcome(text.encode())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compose, "_LOADER", yaml.SafeLoader)
        slow = outcome(text.encode())
    if isinstance(fast, Manifest) and isinstance(slow, Manifest):
        assert repr(fast.data) == repr(slow.data)  # NaN is not equal to itself
        assert fast.key_positions == slow.key_positions


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=20), min_size=1, max_size=5))
def test_quoted_text_comes_back_as_it_was_and_each_value_is_where_its_place_says(
    data: dict[str, str],
) -> None:
    text = "\n".join(f"{flow(key)}: {flow(value)}" for key, value in data.items())
    manifest = outcome(text.encode())
    assert isinstance(manifest, Manifest)
    assert manifest.data == data
    for line, (key, value) in enumerate(data.items(), start=1):
        assert manifest.positions[key,].line == line
        assert manifest.source(key) == flow(value)
