"""Printing: data to stdout, everything else to stderr; colour on a terminal alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TextIO

from reconciler.render.escape import terminal
from reconciler.render.style import Painter, Style


def painter(stream: TextIO, environ: Mapping[str, str] = os.environ) -> Painter:
    """Colours where `stream` is a terminal that shows them, and NO_COLOR is not set."""
    plain = environ.get("NO_COLOR") or environ.get("TERM") == "dumb"
    return Painter(colour=stream.isatty() and not plain)


def say(text: str) -> None:
    """Data, to stdout; `text` ends with a newline already where it has several lines."""
    _write(sys.stdout, text)


def note(text: str) -> None:
    """Anything that is not data, to stderr."""
    _write(sys.stderr, text)


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


def _harmless(text: str) -> str:
    return "\n".join(terminal(line) for line in text.split("\n"))


def _write(stream: TextIO, text: str) -> None:
    stream.write(text if text.endswith("\n") else f"{text}\n")
    stream.flush()
