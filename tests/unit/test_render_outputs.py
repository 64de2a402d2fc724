"""`validate --format` and `--output`: which format goes where, and what comes of it."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from reconciler.cli.main import run
from reconciler.cli.reports import above, destinations
from reconciler.errors import EXIT_DONE, EXIT_FAILURE, EXIT_INVALID, EXIT_USAGE, UsageError
from reconciler.render.problems.kinds import ProblemFormat
from reconciler.repository import Repository
from tests.unit import render_cases

TEXT, SARIF = ProblemFormat.TEXT, ProblemFormat.SARIF


def where(printed: ProblemFormat | None, *outputs: str) -> list[tuple[str, str]]:
    """Format and place of each destination."""
    return [(each.kind.value, str(each.path)) for each in destinations(printed, outputs)]


@pytest.mark.parametrize(
    ("printed", "outputs", "expected"),
    [
        (None, [], [("text", "None")]),
        (SARIF, [], [("sarif", "None")]),
        (None, ["sarif=a"], [("sarif", "a"), ("text", "None")]),
        (SARIF, ["sarif=a"], [("sarif", "a"), ("sarif", "None")]),
        (None, ["sarif=-"], [("sarif", "None")]),
        (None, ["json=-", "junit=x=y"], [("junit", "x=y"), ("json", "None")]),
    ],
)
def test_text_is_printed_unless_something_else_is_and_files_come_first(
    printed: ProblemFormat | None, outputs: list[str], expected: list[tuple[str, str]]
) -> None:
    assert where(printed, *outputs) == expected


@pytest.mark.parametrize("output", ["sarif", "sarif=", "=a", "xml=a", "SARIF=a", "", "markdown=a"])
def test_what_is_no_format_and_file_is_wrong_usage(output: str) -> None:
    with pytest.raises(UsageError, match="this is not FORMAT=FILE"):
        where(None, output)


@pytest.mark.parametrize(
    ("printed", "outputs"),
    [
        (None, ["sarif=a", "sarif=b"]),
        (None, ["sarif=a", "junit=a"]),
        (None, ["sarif=a", "junit=b/../a"]),
        (None, ["sarif=-", "junit=-"]),
        (TEXT, ["sarif=-"]),
    ],
)
def test_one_format_or_one_place_named_twice_is_wrong_usage(
    printed: ProblemFormat | None, outputs: list[str]
) -> None:
    with pytest.raises(UsageError, match="is named 2 times"):
        where(printed, *outputs)


def test_paths_are_given_from_the_top_of_the_git_repository(tmp_path: Path) -> None:
    root = tmp_path / "teams" / "sms"
    root.mkdir(parents=True)

    assert above(root) == ""
    (tmp_path / ".git").write_text("gitdir: elsewhere\n", encoding="utf-8")
    assert above(root) == "teams/sms/"
    assert above(tmp_path) == ""


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """A repository in a folder of a git repository, with a manifest that is wrong."""
    root = tmp_path / "sms"
    (tmp_path / ".git").mkdir()
    (root / "signatures").mkdir(parents=True)
    (root / "signatures" / "shop.yaml").write_text("content: 甲乙丙丁\ntype: 0\n", encoding="utf-8")
    return root


def test_one_run_writes_every_format(broken: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {kind: broken / f"out.{kind}" for kind in ProblemFormat}
    outputs = [f"--output={kind}={path}" for kind, path in files.items()]

    assert run(["validate", "-C", str(broken), *outputs]) == EXIT_INVALID
    written = {kind: path.read_text(encoding="utf-8") for kind, path in files.items()}
    render_cases.check_schema("validate", written[ProblemFormat.JSON])
    render_cases.check_sarif(written[ProblemFormat.SARIF])
    assert ElementTree.fromstring(written[ProblemFormat.JUNIT]).tag == "testsuites"  # noqa: S314 - our own text
    assert written[ProblemFormat.GITHUB].startswith("::error file=sms/signatures/shop.yaml,line=")
    assert written[ProblemFormat.TEXT] == capsys.readouterr().out


def test_a_file_that_cannot_be_written_is_told_and_keeps_no_other_from_it(
    broken: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = broken / "good.xml"
    bad = broken / "nowhere" / "bad.sarif"
    (broken / "signatures" / "shop.yaml").unlink()
    code = run(["validate", "-C", str(broken), f"--output=sarif={bad}", f"--output=junit={good}"])

    assert code == EXIT_FAILURE
    assert "bad.sarif: cannot be written" in capsys.readouterr().err
    assert good.exists()


def test_invalid_manifests_outweigh_a_file_that_cannot_be_written(broken: Path) -> None:
    bad = broken / "nowhere" / "bad.sarif"

    assert run(["validate", "-C", str(broken), f"--output=sarif={bad}"]) == EXIT_INVALID


def test_wrong_usage_is_found_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "missing"

    assert run(["validate", "-C", str(missing), "--output=xml=a"]) == EXIT_USAGE
    assert "--output xml=a: this is not FORMAT=FILE" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["plan", "apply", "status"])
def test_the_other_commands_know_no_format_of_problems(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([command, "--format", "sarif"]) == EXIT_USAGE
    assert "'markdown'" in capsys.readouterr().err


def test_strict_makes_a_warning_an_error_and_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (warning,) = render_cases.problems(
        [{"severity": "warning", "rule": "USMS104", "summary": "hm", "path": "signatures/a.yaml"}]
    )
    found = Repository(desired=(), manifests=(), problems=(warning,), count=1)
    monkeypatch.setattr("reconciler.load.load", lambda *_, **__: found)
    arguments = ["validate", "-C", str(tmp_path), "--format", "json"]

    assert run(arguments) == EXIT_DONE
    assert severities(capsys.readouterr().out) == ["warning"]
    assert run([*arguments, "--strict"]) == EXIT_INVALID
    assert severities(capsys.readouterr().out) == ["error"]


def severities(text: str) -> list[str]:
    """Those of a JSON document."""
    return [each["severity"] for each in json.loads(text)["diagnostics"]]
