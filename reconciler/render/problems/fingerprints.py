"""What makes two findings the same in two runs, although lines have moved in between."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from reconciler.canonical import digest
from reconciler.problems import Problem
from reconciler.render.escape import terminal

_NUMBER = re.compile("[0-9]+")


def fingerprints(problems: Iterable[Problem]) -> Iterator[str]:
    """A SHA-256 (hex) for each problem, in their order; no two are the same.

    It covers rule, file, name and words, not the place. Numbers in the words are left out: they
    are other lines' numbers, or the days until something expires. Repeats are told apart by
    counting.
    """
    seen: Counter[tuple[str, str, str, str]] = Counter()
    for problem in problems:
        words = _NUMBER.sub("#", terminal(problem.summary))
        key = (problem.rule, terminal(problem.path), terminal(problem.name or ""), words)
        yield digest([*key, seen[key]])
        seen[key] += 1
