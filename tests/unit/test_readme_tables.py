"""The tables of the README say what the code does."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields
from pathlib import Path

from typer.main import get_command

from reconciler import errors
from reconciler.cli.app import app
from reconciler.problems import Severity
from reconciler.rules.config import read
from reconciler.rules.registry import RULES
from reconciler.rules.samples import manifest
from reconciler.settings.values import Settings
from tests.unit.rules_world import ids, judged

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


def _block(language: str) -> str:
    """The first block of code in this language below the heading of the rules."""
    section = README.split("### Rules\n", 1)[1].split("\n#", 1)[0]
    return section.split(f"```{language}\n", 1)[1].split("```", 1)[0]


def test_the_settings_of_rules_are_read_as_the_readme_says() -> None:
    table = tomllib.loads(_block("toml"))["tool"]["reconciler"]["rules"]
    config = read(table)

    assert config.severity(RULES["USMS301"]) is Severity.ERROR
    assert config.severity(RULES["USMS302"]) is None
    assert config.severity(RULES["USMS203"]) is RULES["USMS203"].severity
    assert config.neutral_words == frozenset({"示例通知"})
    assert config.expiry_days == 45


def test_the_comment_of_the_readme_excuses_what_it_says() -> None:
    text = manifest("示例星杯", type="app")
    line, excused = "type: app\n", _block("yaml")

    assert ids(judged(text)) == ["USMS201"]
    assert ids(judged(text.replace(line, excused))) == []
