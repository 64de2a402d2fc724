"""Where Typer is left out, nothing else is: the same words do the same."""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import pytest

from reconciler.cli import main
from reconciler.cli.quick import quick_root
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


@pytest.mark.parametrize("words", [["--root"], ["-C"], []], ids=["root", "C", "here"])
def test_both_doors_lead_to_the_same(
    root: Path, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(root)
    command = ["validate", *words, *([str(root)] if words else [])]
    assert quick_root(command, NOTHING) is not None
    quick = ended(command)
    monkeypatch.setattr(main, "quick_root", lambda *_: None)
    assert ended(command) == quick


def test_a_folder_that_is_none_is_wrong_usage_by_both_doors(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = ["validate", "--root", str(tmp_path / "none")]
    quick = ended(command)
    assert quick[0] == 64
    monkeypatch.setattr(main, "quick_root", lambda *_: None)
    assert ended(command) == quick


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["plan"],
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
    assert quick_root(words, NOTHING) is None


def test_a_shell_that_asks_how_a_line_goes_on_is_answered_by_typer() -> None:
    assert quick_root(["validate"], {"_RECONCILER_COMPLETE": "complete_bash"}) is None


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
    assert not loaded["plan"] & {*asked, "yaml", "rich", "html", "reconciler.render.change_text"}
    assert not loaded["validate"] & {"typer", "html", "tempfile", "requests", "reconciler.plan"}
