"""What the repository promises about itself is executed here, not believed."""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOP_LEVEL = {
    *("pyproject.toml", "reconciler", "signatures", "schemas", "tests", ".github", ".ci"),
    *("README.md", "Makefile", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md"),
    *("constraints.txt", ".gitignore", ".gitattributes", ".editorconfig"),
    ".pre-commit-hooks.yaml",
}

# Tools that look away, and the reason that has to follow on the same line: two words at least.
REASON = r"\W+\w+\W+\w+"
HATCH = re.compile(
    r"#\s*(?:noqa|type:\s*ignore|pragma:\s*no\s*(?:cover|branch))"
    r"|mark\.(?:skip|skipif|xfail)\b|pytest\.(?:skip|xfail|importorskip)\(|unittest\.skip"
)
EXPLAINED = re.compile(
    r"#\s*(?:noqa:\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*"
    r"|type:\s*ignore\[[\w\-, ]+\]"
    r"|pragma:\s*no\s*(?:cover|branch))" + REASON + r'|reason="' + r"\w+\W+\w+"
)

# Registries are named by their clients' configuration alone; in pieces, so as not to name one here.
REGISTRIES = re.compile(r"\b[\w.-]*(?:py" + r"pi|python" + r"hosted|npm" + r"js)\.(?:org|com|io)\b")

# `$/` is this very repository at the commit that runs: nothing is left to pin.
PINNED = re.compile(r"uses: (?:[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+|\$/[\w./-]+)$")


@cache
def _files() -> tuple[Path, ...]:
    """Every file that is, or would be, in the repository."""
    command = ("git", "-c", "safe.directory=*", "ls-files", "-z")
    listed = subprocess.run(
        [*command, "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        encoding="utf-8",
    ).stdout
    paths = (ROOT / name for name in listed.split("\0") if name)
    return tuple(path for path in paths if path.is_file())


def _python(*rooms: str) -> list[Path]:
    return [
        path
        for path in _files()
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in rooms
    ]


def _lines(path: Path) -> list[tuple[str, str]]:
    """Each line with its place, as `reconciler/errors.py:12`."""
    name = path.relative_to(ROOT).as_posix()
    text = path.read_text("utf-8")
    return [(f"{name}:{number}", line) for number, line in enumerate(text.splitlines(), 1)]


def test_the_top_level_holds_nothing_that_has_a_better_place() -> None:
    assert {path.relative_to(ROOT).parts[0] for path in _files()} <= TOP_LEVEL


def test_every_dependency_says_why_it_is_there() -> None:
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()

    for requirement in [*_project()["build-system"]["requires"], *_dependencies()]:
        line = next(line for line in lines if f'"{requirement}"' in line)
        assert re.search(r"# \w+\W+\w+", line), requirement


def test_every_dependency_is_pinned_for_development() -> None:
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()

    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", line) for line in lines)
    assert lines == sorted(lines, key=str.casefold)
    pinned = {_normal(line) for line in lines}
    assert {_normal(requirement) for requirement in _dependencies()} <= pinned


def _project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def _dependencies() -> list[str]:
    """All that an installation, an extra or a development environment asks for."""
    project = _project()
    extras = project["project"].get("optional-dependencies", {})
    groups = [*extras.values(), *project["dependency-groups"].values()]
    return [*project["project"]["dependencies"], *(each for group in groups for each in group)]


def _normal(requirement: str) -> str:
    name = re.match(r"[\w.-]+", requirement)
    assert name is not None
    return re.sub(r"[-_.]+", "-", name[0]).casefold()


def test_no_escape_hatch_without_its_reason_beside_it() -> None:
    hatches = [
        (place, line)
        for path in _python("reconciler", "tests")
        if path != Path(__file__).resolve()
        for place, line in _lines(path)
        if HATCH.search(line)
    ]

    assert [place for place, line in hatches if not EXPLAINED.search(line)] == []


@pytest.mark.parametrize(
    ("line", "explained"),
    [
        ("import a  # noqa", False),
        ("import a  # noqa: F401", False),
        ("import a  # noqa: F401, E402", False),
        ("import a  # noqa: F401 - loaded for its registrations", True),
        ("a = b()  # type: ignore[no-any-return]", False),
        ("a = b()  # type: ignore[no-any-return]  # the SDK has no annotations", True),
        ("if a:  # pragma: no cover", False),
        ("if a:  # pragma: no cover - only on Windows", True),
        ("@pytest.mark.skip", False),
        ('@pytest.mark.skipif(a, reason="needs a terminal")', True),
    ],
)
def test_a_reason_is_told_from_a_rule_number(line: str, explained: bool) -> None:
    assert HATCH.search(line)
    assert bool(EXPLAINED.search(line)) is explained


def test_no_module_is_longer_than_300_lines() -> None:
    assert {path.name: len(_lines(path)) for path in _python("reconciler") if _long(path)} == {}


def _long(path: Path) -> bool:
    return len(_lines(path)) > 300


def test_no_file_names_a_package_registry_or_a_place_on_somebodys_machine() -> None:
    homes = re.compile(r"(?<![\w.~$])/(?:root|home/\w+|Users/\w+|work)/")
    found = [
        place
        for path in _files()
        if not _is_binary(path)
        for place, line in _lines(path)
        if REGISTRIES.search(line) or homes.search(line)
    ]

    assert found == []


def _is_binary(path: Path) -> bool:
    """Documents, and the cases that are broken on purpose."""
    return path.suffix in {".png", ".jpg", ".pdf"} or _is_case(path)


def _is_case(path: Path) -> bool:
    return "cases" in path.relative_to(ROOT).parts


def test_the_covered_code_is_named_by_patterns_that_match_something() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    patterns = re.findall(r"reconciler/[\w*/.]+", "".join(_assigned(makefile, "PURE")))
    modules = [path.relative_to(ROOT).as_posix() for path in _python("reconciler")]

    assert patterns
    assert [each for each in patterns if not any(fnmatch(name, each) for name in modules)] == []


def _assigned(makefile: str, name: str) -> list[str]:
    return re.findall(rf"^{name} := (.+)$", makefile, re.MULTILINE)


def test_every_target_is_listed_by_make_help_and_named_phony() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    phony = re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[0].split()
    explained = re.findall(r"^([a-z]+):.* ## \w", makefile, re.MULTILINE)

    assert sorted(phony) == sorted(explained)
    assert {"demo", "test", "check", "bench"} <= set(explained)


def test_every_target_stands_in_the_table_for_contributors() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z]+):.* ## \w", makefile, re.MULTILINE)) - {"help"}
    table = (ROOT / "CONTRIBUTING.md").read_text("utf-8")

    assert targets == set(re.findall(r"^\| `make ([a-z]+)` \|", table, re.MULTILINE))


def test_make_fuzz_says_what_is_missing_where_atheris_cannot_be_installed(tmp_path: Path) -> None:
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text("#!/bin/sh\nexit 1\n", "utf-8")
    python.chmod(0o755)
    (tmp_path / ".ready").touch()

    ended = subprocess.run(
        ["make", "fuzz", f"VENV={tmp_path}"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert ended.returncode != 0
    assert "Atheris, which could not be installed" in ended.stderr
    assert "make fuzz PYTHON=" in ended.stderr


def test_ci_runs_the_targets_that_the_readme_names() -> None:
    runs = [
        (ROOT / ".ci" / "run").read_text("utf-8"),
        (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8"),
    ]

    for text in runs:
        assert {"check", "test", "demo"} <= set(re.findall(r"\bmake ([a-z ]+)", text)[-1].split())
    assert "make check test" in (ROOT / "README.md").read_text("utf-8")
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_every_action_is_pinned_by_its_commit_with_the_version_beside_it() -> None:
    workflows = [path for path in _files() if ".github" in path.parts and path.suffix == ".yml"]
    uses = [line for path in workflows for _, line in _lines(path) if "uses: " in line]

    assert uses
    assert [line for line in uses if not PINNED.search(line)] == []


def test_every_supported_python_is_tested() -> None:
    project = _project()["project"]
    claimed = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))
    workflow = (ROOT / ".github" / "workflows" / "ci.yml").read_text("utf-8")
    matrix = re.search(r"python: (\[.+\])", workflow)

    assert matrix is not None
    assert json.loads(matrix[1]) == claimed
    assert project["requires-python"] == f">={claimed[0]}"


def test_links_between_the_documents_lead_somewhere() -> None:
    broken = [
        f"{place}: {target}"
        for path in _files()
        if path.suffix == ".md" and not _is_case(path)
        for place, line in _lines(path)
        for target in re.findall(r"\]\((?!https?://|#)([^)#]+)", line)
        if not (path.parent / target).exists()
    ]

    assert broken == []
