"""From arguments to an exit code: the one place where failures become codes and messages."""

from __future__ import annotations

import io
import logging
import os
import sys
import traceback
from collections.abc import Sequence

from reconciler.cli.console import complain
from reconciler.cli.finish import Finished
from reconciler.errors import (
    EXIT_BUG,
    EXIT_DONE,
    EXIT_FAILURE,
    EXIT_INTERRUPTED,
    EXIT_USAGE,
    ReconcilerError,
)

_TYPER_USAGE = 2
_REPORT = (
    "This is a bug in reconciler. Please report it with the command that you ran; "
    "`--debug` shows where it happened."
)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code (contract 3)."""
    _settle_encodings()
    debug = "--debug" in arguments
    if debug:
        logging.basicConfig(level=logging.DEBUG, format="%(name)s: %(message)s")
    try:
        return _guarded([word for word in arguments if word != "--debug"], debug=debug)
    except BrokenPipeError:
        # Whoever read our output has seen enough; keep Python from complaining while it exits.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_FAILURE


def _settle_encodings() -> None:
    """UTF-8 into files and pipes; a terminal keeps its own, and shows escapes for what it lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _guarded(arguments: list[str], *, debug: bool) -> int:
    try:
        return _command(arguments)
    except ReconcilerError as error:
        complain(error.summary, error.advice)
        _trace(debug)
        return error.exit_code
    except KeyboardInterrupt:
        complain("interrupted", "")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - a bug: said, never hidden
        complain(f"{type(error).__name__} where none was expected", _REPORT)
        _trace(debug)
        return EXIT_BUG


def _command(arguments: list[str]) -> int:
    from reconciler.cli.app import app

    try:
        app(args=arguments, prog_name="reconciler")
    except Finished as end:
        return end.code
    except SystemExit as end:
        return _translate(end.code)
    return EXIT_DONE


def _translate(code: str | int | None) -> int:
    """Typer ends by itself after help (0) and after wrong usage (2, which is taken: 64)."""
    if code == _TYPER_USAGE:
        return EXIT_USAGE
    return code if isinstance(code, int) else EXIT_DONE


def _trace(debug: bool) -> None:
    """Where it happened, without the error's own words: those may quote what nobody should see."""
    if debug:
        frames = traceback.extract_tb(sys.exc_info()[2])
        sys.stderr.write("".join(traceback.format_list(frames)))
