"""Who holds a lock: what a refusal says about it, and whether that process still lives."""

from __future__ import annotations

import json
import os
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any
from uuid import uuid4

from reconciler import __version__
from reconciler.state.around import Around

_PROC = Path("/proc")
_STARTED = 18
"""Where the start time stands in /proc/PID/stat, counted behind the state (proc(5), field 22)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """One process that writes, or that did when it died."""

    id: str
    """What `state unlock` asks for."""
    since: str
    """ISO 8601, UTC, by the holder's clock."""
    host: str
    pid: int
    run: str | None
    """Where to look at the pipeline's run."""
    boot: str | None = None
    """The kernel's name for this start of the machine, and for the processes that see each other:
    together with the host they tell whether `pid` means anything here."""
    started: str | None = None
    """When the process began, in the machine's own terms: a pid alone is given out again."""
    tool: str = f"reconciler {__version__}"

    @property
    def shown(self) -> str:
        """Who, since when and from where, in one line."""
        who = f"process {self.pid} on {self.host} since {self.since}"
        return who if self.run is None else f"{who} ({self.run})"

    def is_dead(self) -> bool:
        """Certainly gone: it ran right here, and its process does not exist any more.

        False for anything that happened elsewhere, since nobody here can know.
        """
        here = (self.host, self.boot) == (socket.gethostname(), _boot())
        return here and self.boot is not None and _started(self.pid) != self.started

    def as_json(self) -> str:
        """For the lock."""
        return json.dumps(asdict(self), indent=2) + "\n"


def myself(around: Around) -> Holder:
    """This process, under a new lock id."""
    return Holder(
        id=uuid4().hex[:12],
        since=around.now(),
        host=socket.gethostname(),
        pid=os.getpid(),
        run=run_url(around.environ),
        boot=_boot(),
        started=_started(os.getpid()),
    )


def parse(text: str) -> Holder | None:
    """Who that is; None where a lock says nothing that this version understands."""
    try:
        body: dict[str, Any] = json.loads(text)
        known = {field.name: body[field.name] for field in fields(Holder) if field.name in body}
        holder = Holder(**known)
    except (ValueError, TypeError, AttributeError):
        return None
    return holder if isinstance(holder.pid, int) and isinstance(holder.id, str) else None


def run_url(environ: Mapping[str, str]) -> str | None:
    """The page of the pipeline's run, as GitHub and GitLab name it; None outside of them."""
    server, repository = environ.get("GITHUB_SERVER_URL"), environ.get("GITHUB_REPOSITORY")
    number = environ.get("GITHUB_RUN_ID")
    if server and repository and number:
        return f"{server}/{repository}/actions/runs/{number}"
    return environ.get("CI_JOB_URL") or None


def run_name(environ: Mapping[str, str]) -> str:
    """Which run this is: its page, or else the process and the machine."""
    return run_url(environ) or f"process {os.getpid()} on {socket.gethostname()}"


def _boot() -> str | None:
    """None where the system does not tell: then no lock is ever taken over."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        # Two containers may share kernel and host name; each has its own process 7.
        return f"{boot} {(_PROC / 'self/ns/pid').readlink()}"
    except OSError:
        return _boot_by_command()


def _boot_by_command() -> str | None:
    """macOS has no /proc, and no containers of its own."""
    answer = _command("sysctl", "-n", "kern.bootsessionuuid")
    return answer or None


def _started(pid: int) -> str | None:
    """None when there is no such process (a dead one that nobody has fetched yet is none)."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        if (_PROC / "self").exists():
            return None
        return _command("ps", "-o", "lstart=", "-p", str(pid)) or None
    except ProcessLookupError:
        return None
    state, *rest = stat.rpartition(")")[2].split()
    return None if state in {"Z", "X"} else rest[_STARTED]


def _command(*words: str) -> str:
    try:
        ran = subprocess.run(  # noqa: S603 - fixed words and a number
            words, capture_output=True, text=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return ran.stdout.strip() if ran.returncode == 0 else ""
