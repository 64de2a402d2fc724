"""Counts in one line, without those that are zero."""

from __future__ import annotations

from collections.abc import Iterable


def join(counted: Iterable[tuple[int, str]]) -> str:
    """Such as `1 to resubmit, 5 unchanged`; empty when every count is zero."""
    return ", ".join(f"{number} {words}" for number, words in counted if number)


def plural(number: int, noun: str) -> str:
    """The noun, with an s unless the number is one."""
    return noun if number == 1 else f"{noun}s"
