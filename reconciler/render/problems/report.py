"""What `validate` found, gathered once for every format it is written in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from reconciler.problems import Problem, Severity, sort_key

if TYPE_CHECKING:
    from reconciler.rules.rule import Rule

Sources = Callable[[str], str | None]
"""Gives a file's text by its path, or None where it has none that can be shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A file that was checked; `name` is the signature's, where the file is a manifest."""

    path: str
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Everything that a format may want to say; made by `gather`."""

    problems: tuple[Problem, ...]
    """Sorted by `problems.sort_key`."""
    names: Mapping[str, str | None]
    """By path, for every manifest and every other file with a problem; None where it has none."""
    count: int
    """How many manifests were checked."""
    rules: tuple[Rule, ...]
    """Those that found something; sorted by id."""
    sources: Sources
    tool_version: str
    prefix: str
    """The way from the top of the version control's repository to the root: empty, or `sms/`."""

    @property
    def subjects(self) -> tuple[Subject, ...]:
        """Every manifest, and every other file with a problem; sorted by path."""
        return tuple(Subject(path=path, name=name) for path, name in sorted(self.names.items()))

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that stop plan and apply."""
        return self._of(Severity.ERROR)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems that are only shown."""
        return self._of(Severity.WARNING)

    def _of(self, severity: Severity) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.severity is severity)


def gather(
    problems: Iterable[Problem],
    *,
    manifests: Mapping[str, str],
    count: int,
    sources: Sources,
    rules: Mapping[str, Rule],
    tool_version: str,
    prefix: str = "",
) -> Report:
    """The report. `manifests` has the name of each manifest that could be read, by its path.

    `count` is how many there are, the unreadable ones included. A problem whose rule is not among
    `rules` is reported like any other, but nothing more can be said about its rule.
    """
    found = tuple(sorted(problems, key=sort_key))
    names: dict[str, str | None] = {problem.path: problem.name for problem in found}
    names.update(manifests)
    broken = {problem.rule for problem in found}
    return Report(
        problems=found,
        names=names,
        count=count,
        rules=tuple(rules[each] for each in sorted(broken & rules.keys())),
        sources=sources,
        tool_version=tool_version,
        prefix=prefix,
    )
