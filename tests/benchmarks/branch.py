"""A branch of ten changes, and the cache that the commit before has left behind."""

from __future__ import annotations

import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from tests.benchmarks.data import manifest_path, write_repository, write_settings
from tests.unit.git_world import git

CHANGES = 10
_SECONDS = 3
"""After which a file's status is believed: a pull request's files lie longer than that."""


class Branch:
    """In `root`, of as many manifests as are wanted; `program` fills the cache."""

    def __init__(
        self, root: Path, manifests: int, program: Path, environ: Mapping[str, str]
    ) -> None:
        self.root = root
        self._kept = root.with_name(f"{root.name}-cache")
        write_repository(root, manifests)
        write_settings(root)
        (root / ".gitignore").write_text(".reconciler/\n", "utf-8")
        git("init", "--quiet", cwd=root)
        self._commit("before")
        time.sleep(_SECONDS)
        command = [str(program), "validate", "--root", str(root)]
        subprocess.run(command, check=True, capture_output=True, env={**environ})
        if (root / ".reconciler").exists():  # ten manifests have none
            (root / ".reconciler").rename(self._kept)
        for number in range(0, manifests, manifests // CHANGES):
            path = root / manifest_path(number)
            path.write_text(path.read_text("utf-8").replace("Login", "New login"), "utf-8")
        self._commit("ten changes")

    def restore(self) -> None:
        """The cache as the commit before has left it, and not what was learned since."""
        place = self.root / ".reconciler"
        shutil.rmtree(place, ignore_errors=True)
        if self._kept.exists():
            shutil.copytree(self._kept, place)

    def _commit(self, message: str) -> None:
        git("add", "--all", cwd=self.root)
        git("commit", "--quiet", "--message", message, cwd=self.root)
