"""`validate` and `plan` as hooks and pipelines call them all day, without the library that reads
command lines.

That takes a fifth of the time of a validate of 10,000 manifests that are known already, and a tenth
of that of a small offline plan. Only whole command lines are known here, and only those that cannot
mean anything else; a test holds what they do against what Typer makes of them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, NoReturn

_COMPLETION = "_RECONCILER_COMPLETE"
"""Set by shells that want to know how a line could go on."""
_SWITCHES = {
    "validate": frozenset[str](),
    "plan": frozenset({"--offline", "--detailed-exitcode"}),
}
"""The commands, with the options that are known here besides the repository's place."""


class Line(NamedTuple):
    """A command line that means just this."""

    command: str
    root: Path
    switches: frozenset[str]


def quick_work(words: Sequence[str], environ: Mapping[str, str]) -> Callable[[], NoReturn] | None:
    """What the words ask for, or None where Typer has to read them."""
    line = None if _COMPLETION in environ else quick_line(words)
    if line is None:
        return None
    return lambda: _plan(line) if line.command == "plan" else _validate(line)


def quick_line(words: Sequence[str]) -> Line | None:
    """The line that the words are, if it is one of those that are known here."""
    command, *rest = words or ("",)
    switches, given, root = _SWITCHES.get(command), set[str](), ""
    if switches is None:
        return None
    following = iter(rest)
    for word in following:
        if word in switches:
            given.add(word)
            continue
        if word not in {"--root", "-C"} or root:
            return None
        root = next(following, "")
        if not root or root.startswith("-"):
            return None
    return Line(command=command, root=Path(root), switches=frozenset(given))


def _validate(line: Line) -> NoReturn:
    from reconciler.cli.validating import check_repository

    check_repository(line.root)


def _plan(line: Line) -> NoReturn:
    from reconciler.cli.show_plan import Asked, show_plan

    show_plan(
        Asked(
            root=line.root,
            offline="--offline" in line.switches,
            detailed_exitcode="--detailed-exitcode" in line.switches,
        )
    )
