"""The hook of `.pre-commit-hooks.yaml`, run by pre-commit itself on a scratch repository."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from reconciler.rules.samples import manifest

ROOT = Path(__file__).resolve().parents[2]
HOOKS = ROOT / ".pre-commit-hooks.yaml"
SECONDS = 60
_GOOD = manifest("优刻得科技")
_BAD = manifest("【优刻得科技】")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository with one good manifest and the hook.

    The hook is the published one but for its language: pre-commit would install this project from
    the network, into an environment of its own, and the one that runs this test is as good.
    """
    root = tmp_path / "repository"
    (root / "signatures").mkdir(parents=True)
    (root / "signatures" / "shop.yaml").write_text(_GOOD, "utf-8")
    (hook,) = _published()
    command = hook["entry"].removeprefix("reconciler ")
    local = {
        **hook,
        "language": "system",
        "entry": f"{sys.executable} -m reconciler {command}",
        "additional_dependencies": [],
    }
    config = {"repos": [{"repo": "local", "hooks": [local]}]}
    (root / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    _run(root, "git", "init", "-q")
    _run(root, "git", "add", "-A")
    return root


def _published() -> Any:
    return yaml.safe_load(HOOKS.read_text("utf-8"))


def _run(root: Path, *command: str) -> subprocess.CompletedProcess[str]:
    environ = {
        "PATH": os.environ["PATH"],
        "HOME": str(root.parent / "home"),
        "PRE_COMMIT_HOME": str(root.parent / "cache"),
        "PYTHONPATH": str(ROOT),
    }
    return subprocess.run(
        command, cwd=root, env=environ, capture_output=True, text=True, timeout=SECONDS, check=False
    )


def _pre_commit(root: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return _run(root, sys.executable, "-m", "pre_commit", *words)


def test_pre_commit_understands_the_published_hook() -> None:
    ended = _pre_commit(ROOT, "validate-manifest", str(HOOKS))

    assert (ended.returncode, ended.stderr) == (0, "")
    assert [hook["id"] for hook in _published()] == ["reconciler-validate"]
    assert _published()[0]["language"] == "python"


def test_a_good_manifest_passes(repository: Path) -> None:
    ended = _pre_commit(repository, "run", "--files", "signatures/shop.yaml")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "reconciler validate" in ended.stdout
    assert "Passed" in ended.stdout


def test_a_bad_manifest_stops_the_commit_and_says_why(repository: Path) -> None:
    (repository / "signatures" / "shop.yaml").write_text(_BAD, "utf-8")
    _run(repository, "git", "add", "-A")

    ended = _pre_commit(repository, "run")

    assert ended.returncode == 1
    assert "exit code: 3" in ended.stdout
    assert "signatures/shop.yaml:2:10" in ended.stdout


@pytest.mark.parametrize("name", ["README.md", "src/main.py", "data.yaml"])
def test_other_files_do_not_start_it(repository: Path, name: str) -> None:
    (repository / name).parent.mkdir(exist_ok=True)
    (repository / name).write_text("x", "utf-8")
    _run(repository, "git", "add", "-A")

    assert "Skipped" in _pre_commit(repository, "run", "--files", name).stdout


@pytest.mark.parametrize("name", ["documents/licence.png", "reconciler.toml"])
def test_documents_and_settings_start_it(repository: Path, name: str) -> None:
    (repository / name).parent.mkdir(exist_ok=True)
    (repository / name).write_text("", "utf-8")
    _run(repository, "git", "add", "-A")

    assert "Skipped" not in _pre_commit(repository, "run", "--files", name).stdout
