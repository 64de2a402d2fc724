"""The way in: `reconciler` and `python -m reconciler`."""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the command line and exit with its code."""
    if sys.argv[1:] == ["--version"]:
        # Answered before Typer is imported, which alone takes several times as long as Python.
        from reconciler import __version__

        sys.stdout.write(f"reconciler {__version__}\n")
        return
    try:
        from reconciler.cli.main import run

        code = run(sys.argv[1:])
    except KeyboardInterrupt:  # while modules were still being loaded
        code = 130
    # Python looks for garbage while it exits, in everything that was ever loaded: 12 ms of the 135
    # that a warm validate of 1,000 takes, for memory that goes with the process anyway.
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
