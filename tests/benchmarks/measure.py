"""Runs commands as whole processes and asks the system what they cost: one round after the other,
all works in each, so that a busy moment of the machine hits all of them.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.benchmarks.claims import Sample, Samples

_LAUNCHER = Path(__file__).with_name("launcher.py")
_QUICK = 2.0
"""Seconds."""
_MIB = 1024 if sys.platform != "darwin" else 1024 * 1024
"""`ru_maxrss` counts in KiB, on macOS in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """One command that is measured."""

    command: tuple[str, ...]
    cwd: Path
    environ: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[], None] = lambda: None
    """What makes every run the same; it is not measured."""
    slow: bool = False
    """Measured in the first two rounds that count alone."""
    expects: str = ""
    """What it has to print, where its exit code does not tell whether it did its work."""


class FailedWorkError(Exception):
    """A command that failed is not fast, it is wrong."""


class Launcher:
    """Runs one command at a time; use it in a `with` statement."""

    def __enter__(self) -> Launcher:
        """Start the process that starts the others."""
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_LAUNCHER)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        """End it."""
        self._process.communicate()

    def run(self, work: Work) -> Sample:
        """Run it once, to its end. Raises `FailedWorkError`, with what it printed."""
        work.before()
        log = work.cwd / ".bench-log"
        job = {
            "command": work.command,
            "cwd": str(work.cwd),
            "environ": {**os.environ, **work.environ},
            "log": str(log),
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        found = json.loads(self._process.stdout.readline())
        words = log.read_text("utf-8", errors="replace")
        if found["code"] != 0 or work.expects not in words:
            told = words[-2000:]
            raise FailedWorkError(f"{work.command[:3]} ended with {found['code']}:\n{told}")
        return Sample(wall=found["wall"], cpu=found["cpu"], peak=found["peak"] / _MIB)


def rounds(works: Mapping[str, Work], count: int, tell: Callable[[str], None]) -> Samples:
    """So many samples of each work, taken in turn; a first round warms up and is not counted.

    What a work reads may have left the memory by its next turn, and to fetch it from the disk again
    takes as long as a quick work itself: one that is quick is run once before each sample.
    """
    found: dict[str, list[Sample]] = {name: [] for name in works}
    quick: set[str] = set()
    with Launcher() as launcher:
        for number in range(count + 1):
            for name in _taking_part(works, number):
                if name in quick:
                    launcher.run(works[name])
                sample = launcher.run(works[name])
                if sample.wall < _QUICK:
                    quick.add(name)
                if number:
                    found[name].append(sample)
                tell(f"round {number} of {count}: {name}: {sample.wall:.2f} s")
    return found


def _taking_part(works: Mapping[str, Work], number: int) -> Iterable[str]:
    """Slow works do not warm up: what the first moment costs is little beside the rest."""
    return [name for name, work in works.items() if number in {1, 2} or not work.slow]
