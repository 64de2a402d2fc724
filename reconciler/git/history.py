"""What `git log --raw` prints, as values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

LOG_FORMAT = "commit %H %ct%n%w(0,1,1)%B"
"""The message is indented by one space, so that no line of it looks like one of git's."""
_GONE = "D"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One commit: `files` are those it changed, by path, with their new bytes' names."""

    commit: str
    at: int
    """Seconds since 1970, by the clock of whoever made it."""
    files: dict[str, str | None]
    """None for a file that went."""
    message: list[str]
    """Its lines; empty ones may be missing."""


def parse_log(text: str) -> Iterator[Step]:
    """Commits in the order in which they are printed."""
    step: Step | None = None
    for line in text.splitlines():
        if line.startswith("commit "):
            if step is not None:
                yield step
            _, commit, at = line.split(" ")
            step = Step(commit=commit, at=int(at), files={}, message=[])
        elif step is None:
            continue
        elif line.startswith(" "):
            step.message.append(line[1:])
        elif line.startswith(":"):
            about, _, path = line.partition("\t")
            *_, name, letter = about.split(" ")
            step.files[path] = None if letter == _GONE else name
    if step is not None:
        yield step
