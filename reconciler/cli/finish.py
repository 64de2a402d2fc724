"""How a command ends with an exit code of the contract."""

from __future__ import annotations

from typing import NoReturn


class Finished(Exception):  # noqa: N818 - it ends a command, it is not an error
    """A command's end. Typer's own `Exit(2)` could not be told from its usage errors."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


def finish(code: int) -> NoReturn:
    """End the command with this exit code."""
    raise Finished(code)
