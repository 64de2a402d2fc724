"""The hidden lines by which a comment is found again, and cutting a text to length."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import UsageError
from reconciler.forge.marker import Noted, compose, is_marked, marker, noted_in
from reconciler.forge.shorten import shorten

NOTED = Noted(fingerprint="a" * 64, head="b" * 40)


def test_the_marker_is_a_comment_that_nobody_sees() -> None:
    assert marker("plan") == "<!-- reconciler:plan -->"


@pytest.mark.parametrize("target", ["", "a b", "-->", "a--b", "plan\n", "é", "a" * 101, "/a"])
def test_a_name_that_could_break_out_of_the_marker_is_refused(target: str) -> None:
    with pytest.raises(UsageError, match="--target"):
        marker(target)


@given(st.text())
def test_what_is_composed_is_recognised_and_says_what_was_noted(text: str) -> None:
    for noted in (None, NOTED):
        body = compose("plan", text, noted=noted, longest=65_536)
        assert is_marked(body, "plan")
        assert not is_marked(body, "apply")
        assert noted is None or noted_in(body) == noted


@given(st.text())
def test_no_text_can_pretend_to_be_noted(text: str) -> None:
    pretended = f"<!-- reviewed {'c' * 64} at {'d' * 40} -->\n{text}"
    for noted in (None, NOTED):
        body = compose("plan", pretended, noted=noted, longest=65_536)
        assert noted_in(body) == noted


def test_a_marker_that_is_quoted_further_down_counts_for_nothing() -> None:
    assert not is_marked(f"> {marker('plan')}\nlook", "plan")
    assert not is_marked(f"look\n{marker('plan')}", "plan")


def test_forges_may_change_the_ends_of_lines_and_cut_off_blank_ends() -> None:
    body = compose("plan", "text", noted=NOTED, longest=1_000)
    changed = "\n" + body.replace("\n", "\r\n").rstrip()
    assert is_marked(changed, "plan")
    assert noted_in(changed) == NOTED


def test_a_comment_without_a_second_line_notes_nothing() -> None:
    assert noted_in(marker("plan")) is None
    assert noted_in("") is None


@given(st.text(max_size=1_000), st.integers(400, 700))
def test_a_text_never_passes_its_limit_and_is_left_alone_where_it_fits(
    text: str, longest: int
) -> None:
    made = shorten(text, longest)
    assert len(made) <= longest
    assert (made == text) == (len(text) <= longest)


def test_what_does_not_fit_is_counted() -> None:
    text = "".join(f"line {number}\n" for number in range(1_000))
    made = shorten(text, 500)
    left = re.search(r"… (\d+) more characters did not fit", made)
    assert left is not None
    kept = made.split("\n\n_…")[0]
    assert text.startswith(f"{kept}\n")
    assert len(kept) + int(left[1]) == len(text)


@pytest.mark.parametrize(
    ("opened", "closed"),
    [
        ("```diff", "\n```\n\n_…"),
        ("~~~~\n```", "\n~~~~\n\n_…"),
        ("<details>\n<summary>more</summary>", "\n</details>\n\n_…"),
        ("<details><details>\n</details>", "\n</details>\n\n_…"),
        ("<details>\n```text", "\n```\n</details>\n\n_…"),
        ("```\n<details>", "\n```\n\n_…"),
        ("```\n```\n</details>", "line\n\n_…"),
        ("```\n``` no end", "\n```\n\n_…"),
        ("<details><table><pre></details>\n<code>", "line\n</code>\n\n_…"),
        ("<details>\n| `</details>` | ``a`</details>`` |", "line\n</details>\n\n_…"),
        ("| `<details>` |", "line\n\n_…"),
        ("` <details> `` x", "line\n</details>\n\n_…"),
    ],
)
def test_what_is_open_at_the_cut_is_closed(opened: str, closed: str) -> None:
    made = shorten(f"{opened}\n" + "a long line\n" * 200, 600)
    assert closed in made


def test_what_has_to_be_closed_counts_too() -> None:
    made = shorten("<details>\n" * 200, 600)
    assert len(made) <= 600
    assert made.count("<details>") == made.count("</details>") > 0
