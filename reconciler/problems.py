"""A problem in a file, and where it stands. One noun for syntax, shape and review standards."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

UNREADABLE = "USMS001"
"""A manifest cannot be read: its encoding, its size, its permissions, where a link leads."""
NOT_YAML = "USMS002"
"""A manifest is not the YAML that this project reads."""
WRONG_SHAPE = "USMS003"
"""A manifest does not have the shape of `schemas/signature.schema.json`."""
CLASH = "USMS004"
"""Two manifests describe the same signature."""
BAD_DOCUMENT = "USMS005"
"""A document is missing, outside the repository, too large or not jpg, png or pdf."""


class Severity(StrEnum):
    """An error stops plan and apply (exit 3); a warning is shown beside the signature."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Position:
    """A stretch of text; lines and columns count from 1, in characters; the end is excluded."""

    line: int = 1
    column: int = 1
    end_line: int = 1
    end_column: int = 1


START = Position()


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One finding, complete enough to be printed in any format."""

    severity: Severity
    rule: str
    """A stable id such as `USMS003`; see `reconciler explain`."""
    summary: str
    """One line, in the manifest's own words."""
    detail: str
    """What to do about it; may be empty."""
    name: str | None
    """The signature's name, where the file is a manifest."""
    path: str
    """Relative to the root, with forward slashes."""
    position: Position = START


_SortKey = tuple[str, int, int, str, str, int, int, str, str, str]


def sort_key(problem: Problem) -> _SortKey:
    """Problems are listed by file, place, rule and words, so two runs print the same bytes.

    The rest of a problem decides between those that have all of these in common.
    """
    where = problem.position
    return (
        problem.path,
        where.line,
        where.column,
        problem.rule,
        problem.summary,
        where.end_line,
        where.end_column,
        problem.detail,
        repr(problem.name),  # none is not the same as an empty one
        problem.severity.value,
    )


def as_errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """The same problems, each of them an error: what `validate --strict` makes of warnings."""
    return tuple(replace(problem, severity=Severity.ERROR) for problem in problems)
