"""Run git as a process that cannot hang, and say in one line what it complained about."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from reconciler.errors import ReconcilerError

LOCAL_SECONDS = 60.0
NETWORK_SECONDS = 120.0
_USER_INFO = re.compile(r"(?<=://)[^/@\s]+@")
_NOISE = ("hint:", "error: failed to push some refs", "Total ", "Done")
_MOST_LINES = 4


class GitError(ReconcilerError):
    """git did not do what was asked; the summary ends with its own words, without secrets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a git process ended."""

    command: str
    status: int
    out: bytes
    complaint: str
    """What it wrote to stderr, in one line; user names and passwords in URLs are cut out."""

    def output(self) -> bytes:
        """What it printed. Raises `GitError`, with its words, where it failed."""
        if self.status != 0:
            raise self.failure()
        return self.out

    def failure(self) -> GitError:
        """Its failure, with its own words."""
        words = self.complaint or f"it ended with status {self.status}"
        return GitError(f"git {self.command} failed: {words}")


def run(
    arguments: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    stdin: bytes = b"",
    seconds: float = LOCAL_SECONDS,
    bulky: bool = False,
) -> Ran:
    """Run `git ARGUMENTS` to its end, whatever that is; the first one is the command.

    What it prints may be `bulky`: megabytes go through a file without a name, since git fills a
    pipe in small pieces, and waits for the reader at each of them.

    Raises `GitError` when git is not installed, cannot be talked to, or takes longer than
    `seconds`.
    """
    if not bulky:
        return _run(arguments, cwd=cwd, environment=environment, stdin=stdin, seconds=seconds)
    from tempfile import TemporaryFile  # and with it what makes random names

    try:
        with TemporaryFile() as file:
            ran = _run(
                arguments,
                cwd=cwd,
                environment=environment,
                stdin=stdin,
                seconds=seconds,
                file=file,
            )
            file.seek(0)
            return replace(ran, out=file.read())
    except OSError as error:
        raise GitError(
            f"git {arguments[0]} has no room for what it prints: {error.strerror or error}"
        ) from error


def _run(
    arguments: Sequence[str],
    *,
    cwd: Path,
    environment: Mapping[str, str],
    stdin: bytes,
    seconds: float,
    file: IO[bytes] | None = None,
) -> Ran:
    """With what it prints in `file`, or else in the answer."""
    try:
        process = subprocess.Popen(  # noqa: S603 - the commands are ours, no shell reads them
            ["git", *arguments],  # noqa: S607 - the user's own git, by the PATH like any other tool
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE if file is None else file,
            stderr=subprocess.PIPE,
            # Ctrl-C in a terminal must not kill a push half-way: this program decides when to stop.
            start_new_session=True,
        )
    except OSError as error:
        raise GitError(
            f"git cannot be started: {error.strerror or error}", "Install git 2.32 or newer."
        ) from error
    with process:
        try:
            out, complaints = process.communicate(stdin, timeout=seconds)
        except subprocess.TimeoutExpired:
            _kill(process)
            raise GitError(f"git {arguments[0]} did not end within {seconds:g} seconds") from None
        except OSError as error:  # a pipe can fail like a disk
            _kill(process)
            raise GitError(
                f"git {arguments[0]} could not be talked to: {error.strerror or error}"
            ) from error
        except BaseException:
            _kill(process)
            raise
    return Ran(
        command=arguments[0],
        status=process.returncode,
        out=out or b"",
        complaint=_in_one_line(complaints),
    )


def _kill(process: subprocess.Popen[bytes]) -> None:
    """The whole session: ssh or a helper below it would keep the pipes open."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def _in_one_line(text: bytes) -> str:
    lines = (line.strip() for line in text.decode("utf-8", errors="replace").splitlines())
    telling = [line for line in lines if line and not line.startswith(_NOISE)]
    return _USER_INFO.sub("", "; ".join(telling[-_MOST_LINES:]))
