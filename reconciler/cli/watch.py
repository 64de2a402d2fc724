"""`status --wait`: look again and again until the reviewers have decided."""

from __future__ import annotations

import glob
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from reconciler.cli.board import Look
from reconciler.errors import (
    EXIT_FAILURE,
    EXIT_INTERRUPTED,
    EXIT_REFUSED,
    InterruptError,
    ReconcilerError,
    ServiceError,
    StateError,
    may_pass,
)
from reconciler.model import ReviewStatus
from reconciler.plan.board import Row
from reconciler.plan.changes import Failure
from reconciler.plan.waiting import Until, is_over, pause, undecided, waiting

_TOLD = 5
"""How many that cannot be read are told of one by one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """Where it stood at the end, and the exit code."""

    rows: tuple[Row, ...]
    code: int


@dataclass(slots=True, kw_only=True)
class Watch:
    """One wait; `run` it once."""

    look: Callable[[Sequence[str]], Look]
    """Asks about the signatures that the patterns name."""
    tell: Callable[[str], None]
    clock: Callable[[], datetime]
    sleep: Callable[[float], bool]
    """Waits for so many seconds; True when the user asked to stop."""
    until: Until
    interval: float
    """Seconds between two looks within review hours."""
    limit: float | None
    """Seconds until it is given up; None for never."""
    eager: bool = False
    """Whether the first pauses are shorter than the interval."""
    _looks: int = 0
    _unread: dict[tuple[str, str | None], Failure] = field(default_factory=dict)
    """By name and id, those that could not be read at the last look."""
    _rows: dict[str, tuple[Row, ...]] = field(default_factory=dict)
    """By name, as it was seen last."""
    _trouble: str = ""
    """What was told of a fault that has not passed yet."""

    def run(self, only: Sequence[str]) -> Watched:
        """Wait. A fault that may pass is told and waited out.

        Raises `ReconcilerError` for one that will not pass, such as wrong keys.
        """
        began, patterns = self.clock(), list(only)
        while True:
            try:
                if self._look(patterns):
                    code = self._over()
                    if code is not None:
                        return self._ended(code)
                    patterns = [glob.escape(name) for name in waiting(self._all())]
            except InterruptError as error:
                return self._ended(error.exit_code)
            left = self._left(began)
            if left is not None and left <= 0:
                self.tell("The time limit is reached.")
                return self._ended(EXIT_REFUSED)
            looks = self._looks if self.eager else None
            if self.sleep(pause(self.clock(), self.interval, left, looks=looks)):
                return self._ended(EXIT_INTERRUPTED)

    def _over(self) -> int | None:
        """The exit code where there is nothing to wait for, be it that nobody will ever know."""
        code = is_over(self._all(), self.until)
        if code is None and all(map(self._is_beyond, undecided(self._all()))):
            return EXIT_FAILURE
        return code

    def _is_beyond(self, row: Row) -> bool:
        """Asking about it again would be answered likewise."""
        failure = self._unread.get((row.name, row.id))
        return failure is not None and not failure.passing

    def _look(self, patterns: Sequence[str]) -> bool:
        """Whether anything could be seen."""
        self._looks += 1
        try:
            seen = self.look(patterns)
        except ReconcilerError as error:
            if not self._may_pass(error):
                raise
            if error.summary != self._trouble:
                self.tell(f"{error.summary}. Still waiting.")
            self._trouble = error.summary
            return False
        self._trouble = ""
        self._hear(seen.unread)
        for name, rows in _by_name(seen.rows).items():
            for line in _news(self._rows.get(name, rows), rows):
                self.tell(line)
            self._rows[name] = rows
        return True

    def _hear(self, unread: Sequence[Failure]) -> None:
        """Tell of those that could not be read, and why; of each once, until it can be."""
        found = {(failure.name, failure.id): failure for failure in unread}
        fresh = [failure for key, failure in found.items() if key not in self._unread]
        for failure in fresh[:_TOLD]:
            more = " Still waiting." if failure.passing else ""
            self.tell(f"{failure.name}: {failure.summary}.{more}")
        if len(fresh) > _TOLD:
            self.tell(f"And {len(fresh) - _TOLD} more could not be read.")
        self._unread = found

    def _may_pass(self, error: ReconcilerError) -> bool:
        """A state that could be read once can be read again; one that never could, cannot."""
        if isinstance(error, ServiceError):
            return may_pass(error)
        return isinstance(error, StateError) and bool(self._rows)

    def _left(self, began: datetime) -> float | None:
        if self.limit is None:
            return None
        return (began + timedelta(seconds=self.limit) - self.clock()).total_seconds()

    def _all(self) -> tuple[Row, ...]:
        return tuple(row for name in sorted(self._rows) for row in self._rows[name])

    def _ended(self, code: int) -> Watched:
        return Watched(rows=self._all(), code=code)


def _by_name(rows: Sequence[Row]) -> dict[str, tuple[Row, ...]]:
    found: dict[str, tuple[Row, ...]] = {}
    for row in rows:
        found[row.name] = (*found.get(row.name, ()), row)
    return found


def _news(before: Sequence[Row], after: Sequence[Row]) -> Iterator[str]:
    """Such as `retail/shop SIG1: reviewing, now approved`; that nobody could ask is no news."""
    known = {row.id: row.status for row in before}
    for row in after:
        was = known.get(row.id, row.status)
        if was is not row.status and ReviewStatus.UNKNOWN not in (was, row.status):
            reason = f": {row.rejection}" if row.rejection else ""
            yield f"{row.name} {row.id}: {was.value}, now {row.status.value}{reason}"
