"""What a backend needs from the world beside its files: who runs it, the time, and an ear."""

from __future__ import annotations

import os
import shlex
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from reconciler.state.known import KnownRecords


def _now() -> datetime:
    return datetime.now(UTC)


def _unheard(_text: str) -> None:
    return


def _sleep(seconds: float) -> bool:
    time.sleep(seconds)
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for somebody else's lock."""

    seconds: float = 0.0
    pause: Callable[[float], bool] = _sleep
    """Waits for so many seconds; True when the user asked to stop meanwhile."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """The surroundings of one run."""

    environ: Mapping[str, str] = field(default_factory=lambda: os.environ, repr=False)
    clock: Callable[[], datetime] = _now
    """The time now, in UTC."""
    warn: Callable[[str], None] = _unheard
    """Told what a person should know although nothing failed."""
    patience: Patience = field(default_factory=Patience)
    known: KnownRecords = field(default_factory=KnownRecords, repr=False)
    """What whoever only looks may take for what stands there, where that is proved."""
    unlock_options: tuple[str, ...] = ()
    """What `state unlock` needs besides the id to find this state from where the user is."""

    def now(self) -> str:
        """ISO 8601, UTC, to the second."""
        return self.clock().isoformat(timespec="seconds")

    def unlock_command(self, id: str) -> str:
        """What a person types to free the lock of this id."""
        return shlex.join(["reconciler", "state", "unlock", id, *self.unlock_options])
