"""What is measured, installed: this project twice, and each peer in an environment of its own.

All of it lies in `.bench/`, which git ignores; delete it to have it made anew. The versions of the
peers stand in `peers.txt`; those from npm are the ones that begin with `ajv`.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".bench"
PEERS = Path(__file__).with_name("peers.txt")
_OURS = {"plain": "", "fast": "[fast]"}
_NODE = "ajv"


class Environments:
    """Makes what is asked for, once; `note` is told what takes a while."""

    def __init__(self) -> None:
        lines = PEERS.read_text("utf-8").split()
        self.versions = dict(line.split("==") for line in lines)
        self._made: set[str] = set()

    def ours(self, kind: str) -> Path:
        """The command of this project, `plain` or `fast`, as this checkout is now."""
        python = self._venv(kind)
        if kind not in self._made:
            self._made.add(kind)
            wanted = f"{ROOT}{_OURS[kind]}"
            _pip(python, "--constraint", str(ROOT / "constraints.txt"), wanted)
            _pip(python, "--force-reinstall", "--no-deps", str(ROOT))
        return python.with_name("reconciler")

    def peer(self, name: str, program: str = "python") -> Path:
        """A program of a peer's environment."""
        python = self._venv(name)
        ready = python.parents[1] / f".{_digest(self.versions[name])}"
        if not ready.exists():
            _pip(python, f"{name}=={self.versions[name]}")
            ready.touch()
        return python.with_name(program)

    def node(self) -> Path | None:
        """ajv-cli with its formats; None where npm is not installed."""
        npm = shutil.which("npm")
        if npm is None:
            return None
        folder = FOLDER / _NODE
        wanted = [f"{n}@{v}" for n, v in self.versions.items() if n.startswith(_NODE)]
        ready = folder / f".{_digest(*wanted)}"
        if not ready.exists():
            folder.mkdir(parents=True, exist_ok=True)
            (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
            quiet = ["--no-audit", "--no-fund", "--no-save", "--silent"]
            subprocess.run([npm, "install", *quiet, *wanted], cwd=folder, check=True)
            ready.touch()
        return folder / "node_modules" / ".bin" / "ajv"

    def _venv(self, name: str) -> Path:
        folder = FOLDER / name
        python = folder / "bin" / "python"
        if not python.exists():
            print(f"making .bench/{name}", file=sys.stderr)
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
        return python


def _pip(python: Path, *words: str) -> None:
    command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, *words], check=True)


def _digest(*words: str) -> str:
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:12]
