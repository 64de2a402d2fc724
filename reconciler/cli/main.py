"""From arguments to an exit code: the one place where failures become codes and messages."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Sequence

from reconciler.cli.finish import Finished
from reconciler.cli.quick import quick_work
from reconciler.cli.words import spread_only
from reconciler.errors import (
    EXIT_BUG,
    EXIT_DONE,
    EXIT_FAILURE,
    EXIT_INTERRUPTED,
    EXIT_USAGE,
    OutputError,
    ReconcilerError,
)

_TYPER_USAGE = 2
_ALLOCATIONS = 200_000
"""Between two searches for garbage, instead of 700: nearly all that a command makes lives to its
end, and looking through it again and again takes a tenth of the time of a plan of 10,000."""
_REPORT = (
    "This is a bug in reconciler. Please report it with the command that you ran; "
    "`--debug` shows where it happened."
)


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code (contract 3)."""
    _settle_encodings()
    gc.set_threshold(_ALLOCATIONS)
    debug = "--debug" in arguments
    words = spread_only(word for word in arguments if word != "--debug")
    if debug:
        import logging  # a fifth of the time that `--help` takes, for a few runs in a thousand

        logging.basicConfig(level=logging.DEBUG, format="%(name)s: %(message)s")
    try:
        return _guarded(words, debug=debug)
    except BrokenPipeError:  # whoever read our output has seen enough
        _mute()
        return EXIT_FAILURE


def _settle_encodings() -> None:
    """UTF-8 into files and pipes; a terminal keeps its own, and shows escapes for what it lacks."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            encoding = stream.encoding if stream.isatty() else "utf-8"
            stream.reconfigure(encoding=encoding, errors="backslashreplace")


def _mute() -> None:
    """Keep Python from complaining, while it exits, about output that nobody can take."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _complain(summary: str, advice: str) -> None:
    from reconciler.cli.console import complain

    complain(summary, advice)


def _guarded(arguments: list[str], *, debug: bool) -> int:
    try:
        return _command(arguments)
    except OutputError as error:
        _complain(error.summary, error.advice)
        if sys.stdout is not None:
            _mute()
        return error.exit_code
    except ReconcilerError as error:
        _complain(error.summary, error.advice)
        _trace(debug)
        return error.exit_code
    except KeyboardInterrupt:
        _complain("interrupted", "")
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:  # noqa: BLE001 - a bug: said, never hidden
        _complain(f"{type(error).__name__} where none was expected", _REPORT)
        _trace(debug)
        return EXIT_BUG


def _command(arguments: list[str]) -> int:
    work = quick_work(arguments, os.environ)
    try:
        if work is not None:
            work()
        else:
            from reconciler.cli.app import app

            app(args=arguments, prog_name="reconciler")
    except Finished as end:
        return end.code
    except SystemExit as end:
        if end.code == EXIT_INTERRUPTED:  # Typer keeps a Ctrl-C to itself
            raise KeyboardInterrupt from None
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
        import traceback

        from reconciler.cli.console import note

        frames = traceback.format_list(traceback.extract_tb(sys.exc_info()[2]))
        note("".join(["Traceback (most recent call last):\n", *frames]))
