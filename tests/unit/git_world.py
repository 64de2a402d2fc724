"""A bare remote, clones of it, and the surroundings in which this tool meets them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType

from reconciler.git.environment import scrubbed
from reconciler.state.around import Around, Patience
from reconciler.state.git import GitState
from reconciler.state.url import DEFAULT_REF, GitUrl

NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)
LOCK_REF = "refs/reconciler/lock"
GITHUB = {
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "acme/signatures",
    "GITHUB_RUN_ID": "77",
}
PAGE = "https://github.com/acme/signatures/actions/runs/77"


def git(*arguments: str, cwd: Path) -> str:
    """What git prints, asked as a user would who has a name."""
    ran = subprocess.run(
        ["git", "-c", "user.name=A", "-c", "user.email=a@example.com", *arguments],
        cwd=cwd,
        env=scrubbed(os.environ),
        check=True,
        capture_output=True,
        text=True,
    )
    return ran.stdout


@dataclass(slots=True)
class Impatient:
    """Never sleeps; remembers how long it should have, and stops whoever it is told to."""

    slept: list[float] = field(default_factory=list)
    stop: bool = False

    def __call__(self, seconds: float) -> bool:
        self.slept.append(seconds)
        return self.stop


class World:
    """`remote` is the server; `work` a clone of it, in which somebody runs this tool."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.remote = folder / "remote.git"
        self.warnings: list[str] = []
        self.pause = Impatient()
        self.now = NOW
        git("init", "--quiet", "--bare", str(self.remote), cwd=folder)
        self.work = self.clone("work")

    def clone(self, name: str) -> Path:
        git("clone", "--quiet", self.remote.as_uri(), name, cwd=self.folder)
        return self.folder / name

    def reader(self) -> GitState:
        """The state as somebody else sees it, who has a clone and a machine of his own."""
        root = self.folder / "reader"
        return self.state(root if root.exists() else self.clone("reader"), around=self.around("r"))

    def around(
        self,
        machine: str = "here",
        variables: Mapping[str, str] = MappingProxyType({}),
        *,
        seconds: float = 0,
    ) -> Around:
        """The surroundings on one machine: what it has read is its own."""
        environ = {k: v for k, v in os.environ.items() if not k.startswith(("GITHUB_", "CI_"))}
        environ |= {"XDG_CACHE_HOME": str(self.folder / "cache" / machine)}
        environ |= {"GIT_CONFIG_SYSTEM": os.devnull, **variables}
        return Around(
            environ=environ,
            clock=lambda: self.now,
            warn=self.warnings.append,
            patience=Patience(seconds=seconds, pause=self.pause),
        )

    def state(
        self, root: Path | None = None, *, url: GitUrl | None = None, around: Around | None = None
    ) -> GitState:
        """The state as a new process would open it."""
        return GitState(url or GitUrl(), root=root or self.work, around=around or self.around())

    def refs(self) -> dict[str, str]:
        """What the server has."""
        listed = git("for-each-ref", "--format=%(refname) %(objectname)", cwd=self.remote)
        pairs = (line.partition(" ") for line in listed.splitlines())
        return {ref: commit for ref, _, commit in pairs}

    def files(self, ref: str = DEFAULT_REF) -> list[str]:
        """The files on a ref at the server."""
        return git("ls-tree", "-r", "--name-only", ref, cwd=self.remote).splitlines()

    def messages(self, ref: str = DEFAULT_REF) -> list[str]:
        """The commits' messages at the server, newest first."""
        return git("log", "-z", "--format=%B", ref, cwd=self.remote).strip("\0").split("\0")

    def hook(self, name: str, script: str) -> Path:
        """A hook at the server."""
        path = self.remote / "hooks" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path

    def away(self) -> None:
        """The server cannot be reached any more."""
        self.remote.rename(self.folder / "gone.git")

    def back(self) -> None:
        """It can be again."""
        (self.folder / "gone.git").rename(self.remote)


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
