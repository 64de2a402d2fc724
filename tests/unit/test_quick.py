"""Where Typer is left out, nothing else is: the same words do the same."""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NoReturn

import pytest

from reconciler.cli import main
from reconciler.cli.quick import Line, quick_line, quick_work
from tests.integration.world import PNG

NOTHING: dict[str, str] = {}
MANIFEST = """\
id: SIG1
content: {content}
type: company
purpose: self-use
certificate:
  file: ../documents/one.png
"""


@pytest.fixture(params=["甲乙丙丁", "!"], ids=["sound", "broken"])
def root(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "one.png").write_bytes(PNG)
    (tmp_path / "signatures").mkdir()
    (tmp_path / "signatures" / "a.yaml").write_text(
        MANIFEST.format(content=request.param), encoding="utf-8"
    )
    return tmp_path


def ended(words: list[str]) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main.run(words)
    return code, out.getvalue(), err.getvalue()


@pytest.mark.parametrize("place", [["--root"], ["-C"], []], ids=["root", "C", "here"])
@pytest.mark.parametrize(
    "words",
    [
        ["validate"],
        ["plan"],
        ["plan", "--offline"],
        ["plan", "--offline", "--detailed-exitcode", "--offline"],
    ],
    ids=" ".join,
)
def test_both_doors_lead_to_the_same(
    root: Path, words: list[str], place: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    monkeypatch.setenv("UCLOUD_PROJECT_ID", "org-tests")
    command = [*words, *place, *([str(root)] if place else [])]
    quick, by_typer = both(command, monkeypatch)
    assert quick == by_typer
    codes = {"validate": 0, "plan": 2 if "--detailed-exitcode" in words else 0}
    asks = words == ["plan"]
    sound = "甲乙丙丁" in (root / "signatures" / "a.yaml").read_text("utf-8")
    assert quick[0] == (3 if not sound else 1 if asks else codes[words[0]])


def test_the_place_of_the_repository_may_come_first(root: Path) -> None:
    line = quick_line(["plan", "-C", str(root), "--offline"])
    assert line == Line(command="plan", root=root, switches=frozenset({"--offline"}))


@pytest.mark.parametrize("words", [["validate"], ["plan", "--offline"]], ids=" ".join)
def test_whoever_interrupts_it_is_told_so_by_both_doors(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_given: object, **_more: object) -> NoReturn:
        raise KeyboardInterrupt

    monkeypatch.setattr("reconciler.cli.show_plan.show_plan", interrupted)
    monkeypatch.setattr("reconciler.cli.validating.check_repository", interrupted)
    quick, by_typer = both(words, monkeypatch)
    assert quick == (130, "", "Error: interrupted\n")
    assert (by_typer[0], by_typer[2].strip()) == (130, "Error: interrupted")


@pytest.mark.parametrize("words", [["validate"], ["plan", "--offline"]], ids=" ".join)
@pytest.mark.parametrize("name", ["none", "n" * 5000], ids=["none", "too long"])
def test_a_folder_that_is_none_is_wrong_usage_by_both_doors(
    words: list[str], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick, by_typer = both([*words, "--root", str(tmp_path / name)], monkeypatch)
    assert quick[0] == 64
    assert quick == by_typer


def both(
    command: list[str], monkeypatch: pytest.MonkeyPatch
) -> tuple[tuple[int, str, str], tuple[int, str, str]]:
    """How it ends without Typer, and with it."""
    assert quick_work(command, NOTHING) is not None
    quick = ended(command)
    monkeypatch.setattr(main, "quick_work", lambda *_: None)
    return quick, ended(command)


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["apply"],
        ["status", "--root", "a"],
        ["plan", "--verbose"],
        ["plan", "--format", "json"],
        ["plan", "--root"],
        ["plan", "--root", "--offline"],
        ["plan", "--offline", "a"],
        ["plan", "-C", "a", "--root", "b"],
        ["validate", "--offline"],
        ["validate", "--help"],
        ["validate", "--root"],
        ["validate", "--root", ""],
        ["validate", "--root", "--strict"],
        ["validate", "--root", "a", "b"],
        ["validate", "--root=a"],
        ["validate", "-Ca"],
        ["validate", "a"],
        ["--root", "a", "validate"],
        ["validate", "--root", "a", "--strict"],
    ],
)
def test_all_other_words_are_for_typer(words: list[str]) -> None:
    assert quick_work(words, NOTHING) is None


def test_a_shell_that_asks_how_a_line_goes_on_is_answered_by_typer() -> None:
    assert quick_work(["validate"], {"_RECONCILER_COMPLETE": "complete_bash"}) is None


def test_what_nobody_needs_is_not_loaded(tmp_path: Path) -> None:
    """By a validate that finds nothing wrong, and by a plan that asks nobody and has no rows."""
    (tmp_path / "signatures").mkdir()
    script = "import sys; from reconciler.__main__ import main; sys.argv = sys.argv[1:]\n"
    script += "try: main()\nexcept SystemExit: pass\nprint(*sys.modules, file=sys.stderr)"
    loaded = {}
    for name, words in (("validate", []), ("plan", ["--offline"])):
        ran = subprocess.run(
            [sys.executable, "-c", script, "reconciler", name, "--root", str(tmp_path), *words],
            capture_output=True,
            text=True,
            check=True,
        )
        loaded[name] = set(ran.stderr.splitlines()[-1].split())
    asked = {"requests", "reconciler.state.lock", "reconciler.apply.recover", "reconciler.observe"}
    assert not loaded["plan"] & {
        *asked,
        "typer",
        "yaml",
        "rich",
        "html",
        "reconciler.render.change_text",
    }
    assert not loaded["validate"] & {"typer", "html", "tempfile", "requests", "reconciler.plan"}
