"""Names of companies and brands: what a content may hold, and which part of a name is one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache

from reconciler.rules.words import CORPORATE, consists_of

# Han characters: the basic block, extensions A to I, the zero, and the twelve that stand among
# the compatibility characters without being any.
_HAN = (
    "\u3007\u3400-\u4dbf\u4e00-\u9fff\ufa0e\ufa0f\ufa11\ufa13\ufa14\ufa1f\ufa21\ufa23\ufa24"
    "\ufa27-\ufa29\U00020000-\U0002a6df\U0002a700-\U0002ee5d\U00030000-\U000323af"
)
_REFUSED = re.compile(f"[^0-9A-Za-z_{_HAN}]")
_BRACKETS = frozenset("<>＜＞")
_BRACKET_CATEGORIES = frozenset({"Ps", "Pe", "Pi", "Pf"})

_REMEMBERED = 32_768
"""Names that are folded once: several rules ask, and so do rules about all manifests together."""
SHORTEST, LONGEST = 4, 12
"""An abbreviation of a company has more than three characters; a content at most twelve."""
_COMPANY = re.compile(
    r"(公司|集团|合伙企业|有限合伙|厂|商行|经营部|个体工商户|(?<![a-z])(ltd|limited|llc|inc|corp|gmbh)\.?)$"
)


def refused(content: str) -> tuple[str, ...]:
    """The characters that reviewers do not take in a content, each once, in order."""
    found = _REFUSED.findall(content)
    return tuple(dict.fromkeys(found)) if found else ()


def is_bracket(char: str) -> bool:
    """Brackets and quotation marks of any script."""
    return char in _BRACKETS or unicodedata.category(char) in _BRACKET_CATEGORIES


def accepted(text: str) -> str:
    """`text` in ordinary characters, without those that a content may not hold."""
    return _REFUSED.sub("", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=_REMEMBERED)
def fold(text: str) -> str:
    """What is left to compare of a name: no case, no spaces, no punctuation, no width."""
    return accepted(text).casefold()


@lru_cache(maxsize=_REMEMBERED)
def is_company(name: str) -> bool:
    """Whether a name ends as names of companies do. Others may be companies as well."""
    return _COMPANY.search(name.strip().casefold()) is not None


def abbreviation(full: str, wanted: str) -> str | None:
    """The shortest acceptable part of the name `full` that holds what was `wanted`.

    It begins between two words, and ends so if possible. If none holds all that was wanted, it is
    the shortest from the beginning of the name. None where the name is too short to have any.
    """
    name = accepted(full)
    runs = sorted(_runs(name), key=lambda run: (run.rough, len(run.text), run.start))
    holding = (run for run in runs if _holds(run.text, wanted))
    leading = (run for run in runs if run.start == 0)
    best = next(holding, None) or next(leading, None)
    return None if best is None else best.text


class _Run:
    """An unbroken part of a name."""

    __slots__ = ("rough", "start", "text")

    def __init__(self, name: str, start: int, end: int, borders: set[int]) -> None:
        self.text = name[start:end]
        self.start = start
        self.rough = end not in borders


def _runs(name: str) -> Iterator[_Run]:
    borders = _borders(name)
    for start in sorted(borders):
        for end in range(start + SHORTEST, min(len(name), start + LONGEST) + 1):
            run = _Run(name, start, end, borders)
            if not consists_of(run.text, CORPORATE):
                yield run


def _borders(name: str) -> set[int]:
    """Where words begin and end, as far as they are known."""
    borders = {0, len(name)}
    for word in CORPORATE:
        for found in re.finditer(re.escape(word), name):
            borders.update(found.span())
    return borders


def _holds(run: str, wanted: str) -> bool:
    """Whether the characters `wanted` stand in the run in their order, others between or not."""
    rest = iter(run.casefold())
    return all(char in rest for char in wanted)


def shown(chars: Iterable[str]) -> str:
    """Characters as a message names them: itself where one can see it, and its Unicode name."""
    return ", ".join(
        f"{char if char.isprintable() and not char.isspace() else ''} "
        f"U+{ord(char):04X} ({unicodedata.name(char, 'no name')})".strip()
        for char in chars
    )
