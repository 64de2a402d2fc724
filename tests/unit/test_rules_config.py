"""`[tool.reconciler.rules]`: the longest match wins, and nothing that makes no sense is taken."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import UsageError
from reconciler.problems import Severity
from reconciler.rules.config import RulesConfig, read
from reconciler.rules.registry import RULES

ERROR, WARNING = Severity.ERROR, Severity.WARNING
_TOML = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)
_KEYS = (
    st.sampled_from(["USMS", "USMS1", "USMS203", "USMS001", "neutral-words", "expiry_days"])
    | st.text()
)


def test_an_empty_table_leaves_every_rule_as_it_is() -> None:
    config = read({})

    assert config == RulesConfig()
    assert all(config.severity(rule) is rule.severity for rule in RULES.values())


@pytest.mark.parametrize(
    ("table", "severities"),
    [
        ({"USMS203": "off"}, (None, WARNING, ERROR)),
        ({"USMS203": "warning", "USMS2": "error"}, (WARNING, ERROR, ERROR)),
        ({"USMS": "off", "USMS20": "warning", "USMS204": "error"}, (WARNING, ERROR, ERROR)),
    ],
)
def test_the_longest_match_wins_and_what_is_fixed_stays(
    table: dict[str, str], severities: tuple[Severity | None, ...]
) -> None:
    config = read(table)

    found = tuple(config.severity(RULES[rule]) for rule in ("USMS203", "USMS204", "USMS001"))
    assert found == severities


def test_options_are_written_with_hyphens_or_underscores_and_words_are_folded() -> None:
    config = read({"neutral_words": ["福利", "ＮＥＷＳ letter"], "expiry-days": 0})

    assert config.neutral_words == {"福利", "newsletter"}
    assert config.expiry_days == 0


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"USMS204x": "off"}, "there is no rule `USMS204x`"),
        ({"": "off"}, "there is no rule ``"),
        ({"US": "off"}, "there is no rule `US`"),
        ({"document-expired": "off"}, "there is no rule `document-expired`"),
        ({"USMS003": "off"}, "`USMS003` cannot be changed"),
        ({"USMS0": "warning"}, "`USMS0` cannot be changed"),
        ({"USMS2": "on"}, "`USMS2` must be off, warning or error"),
        ({"USMS2": True}, "`USMS2` must be off, warning or error"),
        ({"neutral-words": "福利"}, "rules.neutral-words must be a list of words"),
        ({"neutral-words": ["!"]}, "rules.neutral-words must be a list of words"),
        ({"neutral-words": ["福利", 1]}, "rules.neutral-words must be a list of words"),
        ({"neutral-words": ["a"] * 1001}, "rules.neutral-words must be a list of words"),
        ({"expiry-days": -1}, "rules.expiry-days must be a whole number of days, 0 to 3650"),
        ({"expiry-days": True}, "rules.expiry-days must be a whole number of days, 0 to 3650"),
        ({"expiry-days": "30"}, "rules.expiry-days must be a whole number of days, 0 to 3650"),
        ({"expiry-days": 4000}, "rules.expiry-days must be a whole number of days, 0 to 3650"),
    ],
)
def test_what_makes_no_sense_is_wrong_usage(table: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError) as caught:
        read(table)

    assert words in caught.value.summary


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("document-expired", "Its id is USMS203."),
        ("USMS230", "Did you mean USMS2"),
        ("document-expires", "Did you mean USMS20"),
        ("qqqq", "`reconciler explain` lists them all."),
    ],
)
def test_an_unknown_rule_is_told_the_nearest(word: str, advice: str) -> None:
    with pytest.raises(UsageError) as caught:
        read({word: "off"})

    assert caught.value.advice.startswith(advice)


def test_everything_that_is_wrong_is_told_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        read({"USMS777": "off", "expiry-days": "soon", "USMS101": "off"})

    assert caught.value.summary == "2 settings of rules do not make sense"
    assert "USMS777" in caught.value.advice
    assert "expiry-days" in caught.value.advice


@given(st.dictionaries(_KEYS, st.sampled_from(["off", "error"]) | _TOML, max_size=4))
def test_any_table_is_read_or_refused_as_wrong_usage(table: dict[str, object]) -> None:
    try:
        config = read(table)
    except UsageError:
        config = read({})
    assert {config.severity(rule) for rule in RULES.values()} <= {None, ERROR, WARNING}
