"""The wheel is complete: what users install works away from the checkout."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def _run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without a network from what the development environment has."""
    target = tmp_path_factory.mktemp("wheel")
    options = ("--wheel", "--no-isolation", "--outdir", target)

    built = _run(sys.executable, "-m", "build", *options, ROOT, cwd=target)

    assert built.returncode == 0, built.stdout + built.stderr
    return next(target.glob("reconciler-*.whl"))


@pytest.fixture(scope="module")
def python(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of a new environment that has the wheel.

    The libraries it depends on are lent by this environment: their folder is appended to the
    path, which, unlike a folder of its own, does not bring the checkout's editable install along.
    """
    home = tmp_path_factory.mktemp("environment")
    made = _run(sys.executable, "-m", "venv", "--without-pip", home, cwd=home)
    assert made.returncode == 0, made.stderr
    scheme = {"base": str(home), "platbase": str(home)}
    site = Path(sysconfig.get_path("purelib", scheme="venv", vars=scheme))
    (site / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n", "utf-8")
    python = Path(sysconfig.get_path("scripts", scheme="venv", vars=scheme)) / "python"

    options = ("--python", python, "install", "--quiet", "--no-deps", "--no-index")
    installed = _run(sys.executable, "-m", "pip", *options, wheel, cwd=home)

    assert installed.returncode == 0, installed.stderr
    return python


def test_the_wheel_carries_every_schema_and_every_example(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name: archive.read(name) for name in archive.namelist()}

    for folder, inside in (("schemas", "_schemas"), ("signatures", "_examples/signatures")):
        files = [path for path in (ROOT / folder).rglob("*") if path.suffix in _CARRIED]
        assert files
        for path in files:
            name = f"reconciler/{inside}/{path.relative_to(ROOT / folder).as_posix()}"
            assert packed.get(name) == path.read_bytes(), name


_CARRIED = {".json", ".yaml", ".png", ".jpg", ".pdf"}


def test_the_wheel_carries_the_type_marker_and_the_licence_but_no_test(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()

    assert "reconciler/py.typed" in names
    assert [name for name in names if name.endswith("licenses/LICENSE")]
    assert [name for name in names if name.split("/")[0] == "tests"] == []


def test_the_installed_package_is_the_wheels(python: Path, tmp_path: Path) -> None:
    shown = _run(python, "-c", "import reconciler; print(reconciler.__file__)", cwd=tmp_path)

    assert Path(shown.stdout.strip()).is_relative_to(python.parents[1]), shown.stderr


def test_validate_works_elsewhere_on_a_copy_of_the_examples(python: Path, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "signatures", tmp_path / "signatures")

    checked = _run(python, "-m", "reconciler", "validate", "-C", tmp_path, cwd=tmp_path.parent)

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_validate_elsewhere_refuses_what_the_schema_refuses(python: Path, tmp_path: Path) -> None:
    folder = tmp_path / "signatures"
    folder.mkdir()
    (folder / "wrong.yaml").write_text("content: 示例零售\ncolour: blue\n", "utf-8")

    checked = _run(python, "-m", "reconciler", "validate", "-C", tmp_path, cwd=tmp_path.parent)

    assert checked.returncode == 3, checked.stderr
    assert "colour" in checked.stdout


def test_the_command_is_installed_beside_the_interpreter(python: Path, tmp_path: Path) -> None:
    command = python.with_name("reconciler")

    shown = _run(command, "--version", cwd=tmp_path)

    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.strip().endswith(wheel_version())


def wheel_version() -> str:
    """The version as the package states it."""
    text = (ROOT / "reconciler" / "__init__.py").read_text("utf-8")
    return text.split('__version__ = "')[1].split('"')[0]
