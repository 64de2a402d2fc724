"""The lines that nobody sees at the top of what this program writes, by which it finds it again.

    <!-- reconciler:plan -->
    <!-- reviewed 4f1d… at 9c2e… -->

The second names a plan's fingerprint and the commit of the branch that it was made for, so that an
apply can find out what was reviewed. Nothing from a manifest can stand above them. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from reconciler.errors import UsageError
from reconciler.forge.shorten import shorten

_NAME = re.compile(r"[A-Za-z0-9]+(?:[._/-][A-Za-z0-9]+)*")
_LONGEST_NAME = 100
_NOTED = re.compile(r"<!-- reviewed ([0-9a-f]{64}) at ([0-9a-f]{40}|[0-9a-f]{64}) -->")


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What was reviewed, and for which commit of the branch."""

    fingerprint: str
    head: str


def marker(target: str) -> str:
    """The first line. Raises `UsageError` for a name that could not be found again."""
    if not _NAME.fullmatch(target) or len(target) > _LONGEST_NAME:
        raise UsageError(
            f"--target {target}: this is not a name",
            "Use letters and digits, with single . _ / - between them, such as plan or eu/plan.",
        )
    return f"<!-- reconciler:{target} -->"


def compose(target: str, text: str, *, noted: Noted | None, longest: int) -> str:
    """The whole text, in at most `longest` characters."""
    # The second line is ours even where it is empty: the text's own first line is never read so.
    second = "" if noted is None else f"<!-- reviewed {noted.fingerprint} at {noted.head} -->"
    lines = [marker(target), second]
    head = "".join(f"{line}\n" for line in lines)
    return head + shorten(text, longest - len(head))


def is_marked(body: str, target: str) -> bool:
    """Whether it begins with the target's marker; anywhere else it may be a quotation."""
    return _line(body, 0) == marker(target)


def noted_in(body: str) -> Noted | None:
    """What the second line says, if it says anything."""
    found = _NOTED.fullmatch(_line(body, 1))
    return None if found is None else Noted(fingerprint=found[1], head=found[2])


def _line(body: str, number: int) -> str:
    """Forges may change the ends of lines, and cut off blank ones at the start."""
    lines = body.lstrip().split("\n", number + 1)
    return lines[number].rstrip() if len(lines) > number else ""
