"""Where the findings of `validate` go: to stdout, to files, or to several at once."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reconciler.errors import UsageError
from reconciler.render.problems.kinds import ProblemFormat

_STDOUT = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """One format and its file; None is stdout."""

    kind: ProblemFormat
    path: Path | None


def destinations(printed: ProblemFormat | None, outputs: Sequence[str]) -> tuple[Destination, ...]:
    """What `--format` and each `--output FORMAT=FILE` ask for; text on stdout if nobody says.

    Files come first, so that a reader of stdout who leaves early costs none of them.

    Raises `UsageError` for an unknown format, and where one format or file is named twice.
    """
    asked = [_destination(text) for text in outputs]
    found = list(asked)
    if printed is not None or all(each.path is not None for each in asked):
        found.append(Destination(kind=printed or ProblemFormat.TEXT, path=None))
    _refuse_doubles(found, asked)
    return tuple(sorted(found, key=lambda each: each.path is None))


def above(root: Path) -> str:
    """The way from the top of the git repository to `root`: empty, or such as `sms/`.

    Annotations name files from the top. `root` is absolute; a root outside of git is a top itself.
    """
    for folder in (root, *root.parents):
        if (folder / ".git").exists():
            way = root.relative_to(folder).as_posix()
            return "" if way == "." else f"{way}/"
    return ""


def _destination(text: str) -> Destination:
    word, _, file = text.partition("=")
    if not file or word not in set(ProblemFormat):
        raise UsageError(
            f"--output {text}: this is not FORMAT=FILE",
            f"Write such as sarif=validate.sarif, with {', '.join(ProblemFormat)} as the format "
            f"and {_STDOUT} for stdout.",
        )
    return Destination(kind=ProblemFormat(word), path=None if file == _STDOUT else Path(file))


def _refuse_doubles(found: Sequence[Destination], outputs: Sequence[Destination]) -> None:
    kinds = Counter(each.kind for each in outputs)
    places = Counter(_place(each) for each in found)
    for word, number in [*kinds.items(), *places.items()]:
        if number > 1:
            raise UsageError(
                f"--output: {word} is named {number} times",
                "Each format and each file can be named once; without --format, text is printed "
                "unless an --output ends in `=-`.",
            )


def _place(destination: Destination) -> str:
    """Where it goes in the end: two names of one file are one place."""
    return "stdout" if destination.path is None else os.path.realpath(destination.path)
