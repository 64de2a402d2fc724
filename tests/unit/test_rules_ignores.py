"""`# reconciler: ignore[…]`: only real comments count, and each holds for its own lines."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.manifests import Manifest, parse
from reconciler.rules.ignores import ignores, lines
from reconciler.rules.samples import manifest
from tests.unit.rules_world import ids, judged, one_manifest

_PIECES = st.sampled_from(
    [
        *"\n \t\r:#[]{},'\"|>-?&*!%@`\\优",
        "# reconciler: ignore[USMS104] why",
        "#reconciler:ignore",
        "reconciler:",
        "content: ",
        "scene: |",
        "  ",
        "\n  ",
    ]
)


@given(st.lists(_PIECES, max_size=40).map("".join))
def test_any_text_around_comments_is_read_without_a_failure(text: str) -> None:
    manifest = parse(text.encode(), name="a", path="signatures/a.yaml")

    if isinstance(manifest, Manifest):
        source = manifest.text
        for found in ignores(manifest):
            where = found.position
            line = source.splitlines()[where.line - 1]
            assert line[where.column - 1 : where.end_column - 1].startswith("#")
            assert found.line >= where.line


def test_a_comment_says_which_rules_and_why() -> None:
    (found,) = ignores(one_manifest("a: b # reconciler: ignore[ usms104,, USMS105 ] : our name \n"))

    assert (found.ids, found.reason, found.line) == (("USMS104", "USMS105"), "our name", 1)
    assert found.is_whole


@pytest.mark.parametrize(
    "text",
    [
        'a: "# reconciler: ignore[USMS104] why"\n',
        "a: '# reconciler: ignore[USMS104] why'\n",
        "a: |\n  # reconciler: ignore[USMS104] why\n",
        "a: >-\n  text\n  # reconciler: ignore[USMS104] why\n",
        '"# reconciler: ignore[USMS104] why": a\n',
        "a: x# reconciler\n",
        "a: b # reconciler: ignored[USMS104] why\n",
        "a: b # unreconciler: ignore[USMS104] why\n",
    ],
)
def test_what_only_looks_like_a_comment_is_none(text: str) -> None:
    assert ignores(one_manifest(text)) == ()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a: | # reconciler: ignore[X] why\n  text\n", 1),
        ("# reconciler: ignore[X] why\n# more\n  # and more\na: b\n", 4),
        ("a: b\n# reconciler: ignore[X] why", 3),
        ("a:\n  - b # reconciler: ignore[X] why\n", 2),
        ("{a: b, # reconciler: ignore[X] why\n c: d}\n", 1),
        ("a: b\r# reconciler: ignore[X] why\rc: d\r", 3),
    ],
)
def test_a_comment_holds_for_its_line_or_for_the_next_that_is_none(text: str, line: int) -> None:
    (found,) = ignores(one_manifest(text))

    assert found.line == line


@pytest.mark.parametrize(
    ("text", "path", "first", "last"),
    [
        ("a: b\nc: d\n", ("c",), 2, 2),
        ("a:\n  b\n  c\n", ("a",), 1, 3),
        ("a:\n  b: c\n", ("a",), 1, 1),
        ("a:\n  - b\n  - c\n", ("a", 1), 3, 3),
        ("a: b\n", ("x", "y"), 1, 1),
    ],
)
def test_a_value_reaches_from_its_key_to_its_end(
    text: str, path: tuple[str | int, ...], first: int, last: int
) -> None:
    reach = lines(one_manifest(text), path)

    assert (reach[0], reach[-1]) == (first, last)


def test_a_hundred_comments_are_looked_at_and_a_million_bytes_of_them_in_no_time() -> None:
    text = "a: b\n" + "# reconciler: ignore[USMS104] x\n" * 30_000
    started = time.thread_time()

    found = judged(text)

    assert time.thread_time() - started < 5
    assert ids(found) == ["USMS901"] * 100


def test_a_colour_of_signs_before_the_reason_is_no_reason() -> None:
    (found,) = ignores(one_manifest("a: b # reconciler: ignore[USMS104] – :-\n"))

    assert not found.is_whole


@pytest.mark.parametrize("named", ["USMS203," * 100_000, ",".join(f"U{n}" for n in range(100_000))])
def test_a_comment_that_names_a_hundred_thousand_rules_is_judged_in_no_time(named: str) -> None:
    started = time.thread_time()

    found = judged(manifest("优刻得科技", more=f"# reconciler: ignore[{named}] as it is"))

    assert time.thread_time() - started < 3
    assert len(found) in {1, 100}


def test_rules_of_many_comments_are_counted_together() -> None:
    comments = "# reconciler: ignore[USMS104, USMS103, USMS102] as it is\n" * 100

    assert len(judged(manifest("优刻得科技", more=comments))) == 34 * 3
