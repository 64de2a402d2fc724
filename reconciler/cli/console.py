"""Printing: data to stdout, everything else to stderr; colour on a terminal alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TextIO

from reconciler.errors import OutputError
from reconciler.render.escape import terminal, workflow_log
from reconciler.render.style import Painter, Style


def painter(stream: TextIO | None, environ: Mapping[str, str] = os.environ) -> Painter:
    """Colours where `stream` is a terminal that shows them, and NO_COLOR is not set."""
    plain = environ.get("NO_COLOR") or environ.get("TERM") == "dumb"
    return Painter(colour=stream is not None and stream.isatty() and not plain)


def say(text: str, *, commands: bool = False) -> None:
    """Data, to stdout; `text` ends with a newline already where it has several lines.

    `commands` says that it is made of commands to a workflow's runner, and is to be obeyed.
    """
    if sys.stdout is None:
        raise OutputError("standard output is closed", "Redirect it to a file instead.")
    _write(sys.stdout, text if commands else _logged(text))


def note(text: str) -> None:
    """Anything that is not data, to stderr."""
    _write(sys.stderr, _logged(text))


def complain(summary: str, advice: str) -> None:
    """A failure and what to do about it, to stderr."""
    paint = painter(sys.stderr)
    lines = [f"{paint('Error:', Style.RED, Style.BOLD)} {_harmless(summary)}"]
    if advice:
        lines.append(_harmless(advice))
    note("\n".join(lines))


def warn(text: str) -> None:
    """Something to know that stops nothing, to stderr."""
    note(f"{painter(sys.stderr)('Warning:', Style.YELLOW, Style.BOLD)} {_harmless(text)}")


def _logged(text: str, environ: Mapping[str, str] = os.environ) -> str:
    """A runner reads whatever a step prints: a manifest's name must not be a command to it."""
    return workflow_log(text) if environ.get("GITHUB_ACTIONS") == "true" else text


def _harmless(text: str) -> str:
    return "\n".join(terminal(line) for line in text.split("\n"))


def _write(stream: TextIO | None, text: str) -> None:
    """Raises `OutputError`; a closed stderr (None) is the caller's own wish to hear nothing."""
    if stream is None:
        return
    try:
        stream.write(text if text.endswith("\n") else f"{text}\n")
        stream.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        raise OutputError(f"the output cannot be written: {error.strerror or error}") from None
