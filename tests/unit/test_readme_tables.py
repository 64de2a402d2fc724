"""The tables of the README say what the code does."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

from typer.main import get_command

from reconciler import errors
from reconciler.cli.app import app
from reconciler.settings.values import Settings

README = (Path(__file__).resolve().parents[2] / "README.md").read_text("utf-8")


def _rows(heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, without its head."""
    section = README.split(f"### {heading}\n", 1)[1].split("\n#", 1)[0]
    lines = [line for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def test_the_commands_are_those_of_help_in_the_same_order() -> None:
    commands = get_command(app).commands  # type: ignore[attr-defined]  # a click group; Typer says less

    assert [row[0] for row in _rows("Commands")] == [f"`{name}`" for name in commands]


def test_the_exit_codes_are_all_that_there_are() -> None:
    codes = [code for name, code in vars(errors).items() if name.startswith("EXIT_")]

    assert [int(row[0]) for row in _rows("Exit codes")] == codes


def test_the_settings_and_their_defaults_are_those_of_the_code() -> None:
    shown = {row[0].strip("`"): row[1].strip("`") for row in _rows("Settings")}
    settings = Settings()
    real = {field.name: getattr(settings, field.name) for field in fields(settings)}

    assert shown == {
        name: "none" if value is None else re.sub(r"\.0$", "", str(value))
        for name, value in real.items()
        if name not in {"rules", "projects", "sources"}
    }
