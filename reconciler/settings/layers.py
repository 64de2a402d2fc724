"""Several places may set one thing: which of them wins, and all that is wrong in any of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from reconciler.errors import UsageError
from reconciler.settings.checks import UnfitError

T = TypeVar("T")
D = TypeVar("D")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A value that one place gives."""

    value: object
    source: str
    """The place, for people: `pyproject.toml`, `UCLOUD_TIMEOUT_SECOND`, `--timeout`."""
    locate: Callable[[], str] | None = None
    """The exact place for an error message, where finding it takes time."""

    @property
    def where(self) -> str:
        """The place, as exactly as it can be told."""
        return self.source if self.locate is None else self.locate()


Layer = Mapping[str, Candidate]
"""What one place sets, by the name of the setting."""


class Choice:
    """Picks each setting from the first layer that has it, and collects what is wrong."""

    def __init__(self, layers: Sequence[Layer], problems: Sequence[UsageError]) -> None:
        self._layers = layers
        self._problems = list(problems)
        self.sources: dict[str, str] = {}

    def pick(self, key: str, check: Callable[[object], T], default: D) -> T | D:
        """The checked value of the highest layer, or `default`; lower layers are checked too."""
        chosen: T | D = default
        self.sources[key] = "default"
        for layer in reversed(self._layers):
            candidate = layer.get(key)
            if candidate is not None:
                chosen = self._checked(key, candidate, check, default)
                self.sources[key] = candidate.source
        return chosen

    def conclude(self) -> None:
        """Raise `UsageError` with everything that was found wrong; return when nothing was."""
        if len(self._problems) > 1:
            lines = (f"{each.summary}. {each.advice}".rstrip(". ") for each in self._problems)
            count = len(self._problems)
            raise UsageError(f"{count} settings do not make sense", "\n".join(lines))
        for problem in self._problems:
            raise problem

    def _checked(
        self, key: str, candidate: Candidate, check: Callable[[object], T], default: D
    ) -> T | D:
        try:
            return check(candidate.value)
        except UnfitError as error:
            summary = f"{candidate.where}: {key} {error.summary}"
            self._problems.append(UsageError(summary, error.advice))
            return default
