"""`[tool.reconciler.rules]`: which rules count, how much, and the few numbers and words of theirs.

"USMS3" = "warning"          # every rule whose id begins so; the longest match wins
"USMS302" = "off"
neutral-words = ["示例通知"]
expiry-days = 45
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from reconciler.errors import UsageError
from reconciler.problems import Severity
from reconciler.rules.names import fold
from reconciler.rules.nearest import advice
from reconciler.rules.registry import RULES
from reconciler.rules.rule import Rule
from reconciler.wording import quoted

_LEVELS: Mapping[str, Severity | None] = {
    "off": None,
    "warning": Severity.WARNING,
    "error": Severity.ERROR,
}
_NEUTRAL_WORDS, _EXPIRY_DAYS = "neutral-words", "expiry-days"
_DEFAULT_EXPIRY_DAYS, _MOST_DAYS = 30, 3650
_MOST_WORDS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesConfig:
    """The table, checked."""

    levels: Mapping[str, Severity | None] = field(default_factory=lambda: MappingProxyType({}))
    """By id or beginning of ids; None is off."""
    neutral_words: frozenset[str] = frozenset()
    """Folded, as contents are before they are compared."""
    expiry_days: int = _DEFAULT_EXPIRY_DAYS
    """How many days before its last one a document is warned about."""

    def severity(self, rule: Rule) -> Severity | None:
        """What the rule's findings are; None where it is off."""
        if rule.adjustable:
            for length in range(len(rule.id), 0, -1):
                if rule.id[:length] in self.levels:
                    return self.levels[rule.id[:length]]
        return rule.severity


def read(table: Mapping[str, object]) -> RulesConfig:
    """Check the raw table of the settings. Raises `UsageError` with everything that is wrong."""
    problems = tuple(_problems(table))
    if len(problems) == 1:
        raise UsageError(*problems[0])
    if problems:
        lines = (f"{summary}. {what}".strip() for summary, what in problems)
        raise UsageError(f"{len(problems)} settings of rules do not make sense", "\n".join(lines))
    options = {_option(key): value for key, value in table.items()}
    words, days = options.get(_NEUTRAL_WORDS, ()), options.get(_EXPIRY_DAYS, _DEFAULT_EXPIRY_DAYS)
    return RulesConfig(
        levels={key: _LEVELS[str(value)] for key, value in table.items() if key.startswith("USMS")},
        neutral_words=frozenset(fold(word) for word in words if isinstance(word, str))
        if isinstance(words, list)
        else frozenset(),
        expiry_days=days if isinstance(days, int) else _DEFAULT_EXPIRY_DAYS,
    )


def _option(key: str) -> str:
    """Both spellings, since the other settings are written with underscores."""
    return key.replace("_", "-")


def _problems(table: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for key, value in table.items():
        option = _option(key)
        if option == _NEUTRAL_WORDS:
            yield from _wrong_words(value)
        elif option == _EXPIRY_DAYS:
            yield from _wrong_days(value)
        else:
            yield from _wrong_level(key, value)


def _wrong_words(value: object) -> Iterator[tuple[str, str]]:
    fits = isinstance(value, list) and len(value) <= _MOST_WORDS
    if not fits or not all(isinstance(word, str) and fold(word) for word in value):  # type: ignore[attr-defined] # it is a list
        yield (
            f"rules.{_NEUTRAL_WORDS} must be a list of words",
            f'Such as {_NEUTRAL_WORDS} = ["示例通知"], each with a letter or Chinese character.',
        )


def _wrong_days(value: object) -> Iterator[tuple[str, str]]:
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= _MOST_DAYS
    if not fits:
        yield f"rules.{_EXPIRY_DAYS} must be a whole number of days, 0 to {_MOST_DAYS}", ""


def _wrong_level(key: str, value: object) -> Iterator[tuple[str, str]]:
    meant = [rule for rule in RULES.values() if key.startswith("USMS") and rule.id.startswith(key)]
    if not meant:
        what = f"{advice(key)} Other keys are {_NEUTRAL_WORDS} and {_EXPIRY_DAYS}."
        yield f"rules: there is no rule {quoted(key)}", what
    elif not any(rule.adjustable for rule in meant):
        yield (
            f"rules: {quoted(key)} cannot be changed",
            "What cannot be read, or cannot be sent, is always an error.",
        )
    elif not isinstance(value, str) or value not in _LEVELS:
        yield f"rules: {quoted(key)} must be off, warning or error", ""
