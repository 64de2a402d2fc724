"""What `git push --porcelain` takes and answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_REFUSED = "!"
_FLAGS = frozenset(" +-*!=")


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """A ref moves from `old` to `new`, and only from there; None where there is no such ref."""

    ref: str
    old: str | None
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """What the remote made of it."""

    refused: Mapping[str, str]
    """By ref, why; a ref that is not here has moved."""

    @property
    def why(self) -> str:
        """All refusals in one line."""
        return "; ".join(self.refused.values())


def arguments(updates: Iterable[Update]) -> Iterator[str]:
    """The options that make each update a compare-and-swap."""
    for update in updates:
        yield f"--force-with-lease={update.ref}:{update.old or ''}"


def refspecs(updates: Iterable[Update]) -> Iterator[str]:
    """What is pushed where."""
    for update in updates:
        yield f"{update.new or ''}:{update.ref}"


def parse(output: str, complaint: str) -> Pushed | None:
    """What came of each ref, or None where the remote was not even asked."""
    found: dict[str, str] = {}
    answered = False
    for line in output.splitlines():
        flag, *rest = line.split("\t")
        if len(rest) == 2 and flag in _FLAGS:  # noqa: PLR2004 - FLAG, FROM:TO and a summary
            answered = True
            if flag == _REFUSED:
                found[rest[0].rpartition(":")[2]] = _reason(rest[1], complaint)
    return Pushed(refused=found) if answered else None


def _reason(summary: str, complaint: str) -> str:
    """The words in brackets, and what the remote's hook said about them."""
    said = [part for part in complaint.split("; ") if part.startswith("remote:")]
    return "; ".join([summary, *said])
