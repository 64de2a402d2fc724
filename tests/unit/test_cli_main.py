"""How failures become exit codes: above all those that nobody foresaw."""

from __future__ import annotations

import sys

import pytest

from reconciler.cli import main
from reconciler.errors import (
    EXIT_BUG,
    EXIT_INTERRUPTED,
    EXIT_REFUSED,
    EXIT_USAGE,
    RefusedError,
)

SECRET = "a private key, for all we know"


def failing(monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Every command ends in this error."""

    def command(_: list[str]) -> int:
        raise error

    monkeypatch.setattr(main, "_command", command)


def test_a_bug_is_70_and_asks_for_a_report(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(monkeypatch, ZeroDivisionError(SECRET))
    assert main.run(["plan"]) == EXIT_BUG == 70
    out, err = capsys.readouterr()
    assert out == ""
    assert "ZeroDivisionError where none was expected" in err
    assert "Please report it" in err
    assert "--debug" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("words", [["plan", "--debug"], ["--debug", "plan"]])
def test_debug_shows_where_the_bug_is_but_not_the_words_of_the_error(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str]
) -> None:
    """Those may quote what was being worked on."""
    failing(monkeypatch, ZeroDivisionError(SECRET))
    assert main.run(words) == EXIT_BUG
    err = capsys.readouterr().err
    assert "Traceback (most recent call last):" in err
    assert "test_cli_main.py" in err
    assert SECRET not in err


def test_a_bug_is_no_other_one_where_stderr_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, ZeroDivisionError(SECRET))
    monkeypatch.setattr(sys, "stderr", None)
    assert main.run(["plan", "--debug"]) == EXIT_BUG


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (KeyboardInterrupt(), EXIT_INTERRUPTED, "Error: interrupted"),
        (RefusedError("held by somebody", "Wait."), EXIT_REFUSED, "Error: held by somebody\nWait."),
    ],
    ids=repr,
)
def test_what_was_foreseen_has_its_own_code(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    error: BaseException,
    code: int,
    said: str,
) -> None:
    failing(monkeypatch, error)
    assert main.run(["plan"]) == code
    assert capsys.readouterr().err.strip() == said


@pytest.mark.parametrize(("ended", "code"), [(None, 0), (0, 0), (1, 1), (2, EXIT_USAGE)])
def test_wrong_usage_is_64_so_that_2_stays_unambiguous(ended: int | None, code: int) -> None:
    """The library below ends with 2."""
    assert main._translate(ended) == code
