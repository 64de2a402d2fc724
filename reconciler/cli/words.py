"""Arguments as people write them, before Typer reads them."""

from __future__ import annotations

from collections.abc import Iterable

_ONLY = "--only"


def spread_only(words: Iterable[str]) -> list[str]:
    """`--only a b` means `--only a --only b`: Typer takes one value an option."""
    spread: list[str] = []
    after_only = False
    for word in words:
        if word.startswith("-"):
            after_only = word == _ONLY
        elif after_only and spread[-1] != _ONLY:
            spread.append(_ONLY)
        spread.append(word)
    return spread
