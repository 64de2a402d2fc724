"""Plain scalars mean what the YAML 1.2 core schema says (specification, section 10.3.2)."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.yamltext.scalars import resolve

STRINGS = [
    *("no", "No", "NO", "yes", "on", "off", "y", "n"),
    *("12:30", "190:20:30", "2026-05-01", "2001-12-14t21:59:43.10-05:00", "1_000", "1,000"),
    *("0b101", "0o8", "0o", "0x", "0xG", "+0x1F", "0x1.8"),
    *("1e", "1e+", "e3", ".", "..", ".e1", "-", "+", "--", "+.", "1.2.3"),
    *(".in", ".INFINITY", ".Nan", "-.nan", "nan", "inf"),
    *("TRUE!", "tRUE", "nULL", "Null~", "~~", "=", "<<"),
    *("١٢", "１２", "１", "½", "²"),
]


@pytest.mark.parametrize("text", STRINGS)
def test_what_has_no_other_meaning_is_a_string(text: str) -> None:
    assert resolve(text) == text


@pytest.mark.parametrize("text", ["", "~", "null", "Null", "NULL"])
def test_null(text: str) -> None:
    assert resolve(text) is None


@pytest.mark.parametrize("text", ["true", "True", "TRUE", "false", "False", "FALSE"])
def test_truth_values(text: str) -> None:
    assert resolve(text) is (text.lower() == "true")


@pytest.mark.parametrize(
    ("text", "value"),
    [("12306", 12306), ("007", 7), ("-0", 0), ("+1", 1), ("0x1F", 31), ("0xaB", 171), ("0o17", 15)],
)
def test_integers(text: str, value: int) -> None:
    assert resolve(text) == value
    assert isinstance(resolve(text), int)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e3", 1000.0),
        ("1.", 1.0),
        (".5", 0.5),
        ("-1.5E-2", -0.015),
        ("+12e03", 12000.0),
        (".inf", math.inf),
        ("-.Inf", -math.inf),
        ("+.INF", math.inf),
        ("1e999", math.inf),
    ],
)
def test_floats(text: str, value: float) -> None:
    assert resolve(text) == value
    assert isinstance(resolve(text), float)


@pytest.mark.parametrize("text", [".nan", ".NaN", ".NAN"])
def test_not_a_number(text: str) -> None:
    value = resolve(text)
    assert isinstance(value, float)
    assert math.isnan(value)


@pytest.mark.parametrize(
    "text", ["9" * 5000, "0x" + "F" * 5000, "0o" + "7" * 100_000, "-" + "1" * 9999]
)
def test_integers_too_long_for_python_are_still_numbers(text: str) -> None:
    assert resolve(text) == math.inf


@given(st.integers())
def test_every_decimal_integer_is_itself(number: int) -> None:
    assert resolve(str(number)) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_finite_float_is_itself(number: float) -> None:
    assert resolve(repr(number)) == number


@given(st.text())
def test_every_text_has_a_value(text: str) -> None:
    value = resolve(text)
    assert value == text if isinstance(value, str) else isinstance(value, float | int | None)
