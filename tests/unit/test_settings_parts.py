"""The small parts under the settings: positions in TOML, state URLs, durations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import UsageError
from reconciler.settings import durations
from reconciler.settings.toml_position import find

TOML = '''# timeout = 1
[project]
name = "timeout"
notes = """
timeout = 2
"""

[tool.other]
timeout = 3

[tool.reconciler] # timeout
"timeout" = [
  1,
  # parallelism
]
parallelism = 4
encoding.x = 5
other-timeout = 6 # timeout

[tool.reconciler.rules]
state = 7
'''


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("timeout", (12, 2)),
        ("parallelism", (16, 1)),
        ("encoding", (17, 1)),
        ("other-timeout", (18, 1)),
        ("rules", (20, 18)),
    ],
)
def test_a_key_is_found_where_it_is_set_and_nowhere_else(key: str, place: tuple[int, int]) -> None:
    assert find(TOML, ("tool", "reconciler", key)) == place


def test_a_key_in_an_inline_table_is_found() -> None:
    text = "[tool]\nreconciler = { project = 'x', timeout = 3 }\n"

    assert find(text, ("tool", "reconciler", "timeout")) == (2, 31)


def test_a_key_written_with_escapes_is_not_found() -> None:
    assert find('"time\\u006fut" = 1', ("timeout",)) is None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("90", 90),
        ("0.5", 0.5),
        ("45s", 45),
        ("30m", 1800),
        ("2h", 7200),
        ("1h30m", 5400),
        ("2d", 172_800),
        ("1d2h3m4s", 93_784),
    ],
)
def test_durations_are_read_as_people_write_them(text: str, seconds: float) -> None:
    assert durations.seconds(text, what="--timeout") == seconds


@pytest.mark.parametrize(
    "text", ["", " 5", "5 m", "-1", "1e3", "1m2h", "5x", "m", "٣", "1.5h", "9" * 10, "inf"]
)
def test_anything_else_is_no_duration(text: str) -> None:
    with pytest.raises(UsageError) as raised:
        durations.seconds(text, what="--timeout")

    assert raised.value.summary == f"--timeout must be a duration, not {text!r}"
    assert "2d" in raised.value.advice


@given(*[st.integers(0, 999)] * 4)
def test_units_add_up(days: int, hours: int, minutes: int, seconds: int) -> None:
    text = f"{days}d{hours}h{minutes}m{seconds}s"

    total = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    assert durations.seconds(text, what="--timeout") == total
