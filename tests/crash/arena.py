"""A repository of fifty signatures, a sandbox, and a zygote that lives and dies in them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.model import Recorded, ReviewStatus
from reconciler.sandbox.seed import Seed, SeedSignature
from reconciler.sandbox.server import Sandbox, running
from reconciler.state.around import Around
from reconciler.state.open import open_state
from tests.integration.world import PNG
from tests.unit.git_world import git

COUNT = 50
PARALLELISM = 4
FILE, GIT = "file:.reconciler/state", "git:"
ROOT = Path(__file__).resolve().parents[2]
_NUMERALS = "甲乙丙丁戊己庚辛壬癸"


class Zygote:
    """The process that forks; see `zygote.py`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.zygote"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, job: Mapping[str, object]) -> int:
        """The exit code, or the negative number of the signal that ended it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        code: int = json.loads(self._process.stdout.readline())["code"]
        return code

    def close(self) -> None:
        self._process.communicate(timeout=60)


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """How one run went; `touches` is None for one that was killed."""

    code: int
    out: str
    err: str
    touches: int | None


@dataclass(slots=True, kw_only=True)
class Arena:
    """One repository and its service; a fresh one for each death."""

    folder: Path
    sandbox: Sandbox
    zygote: Zygote
    state: str
    environ: dict[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        return self.folder / "repository"

    def live(
        self, *words: str, at: int = 0, act: str = "kill", lasting: bool = False, **extra: str
    ) -> Life:
        """Run a command, and let something happen at its touch number `at`; 0 for never."""
        out, err, count = (self.folder / name for name in ("out", "err", "count"))
        count.unlink(missing_ok=True)
        code = self.zygote.run(
            {
                "words": [*words, "--root", str(self.root)],
                "environ": {**self.environ, **extra},
                "at": at,
                "act": act,
                "lasting": lasting,
                "out": str(out),
                "err": str(err),
                "count": str(count),
            }
        )
        return Life(
            code=code,
            out=out.read_text("utf-8"),
            err=err.read_text("utf-8"),
            touches=int(count.read_text("ascii")) if count.exists() else None,
        )

    def records(self) -> Mapping[str, Recorded]:
        """What a reader on this machine sees; raises `StateError` when that cannot be read."""
        around = Around(environ=self.environ)
        return open_state(self.state, root=self.root, around=around).load()

    def accepted(self) -> Counter[str]:
        """How often each id was accepted, by the sandbox's own log."""
        entries = (e for e in self.sandbox.log() if e.action == "UpdateUSMSSignature")
        return Counter(known for entry in entries if entry.accepted for known in entry.ids)

    def refs(self) -> list[str]:
        """What the remote has, where there is one."""
        listed = git("for-each-ref", "--format=%(refname)", cwd=self.folder / "remote.git")
        return listed.split()


def template(folder: Path) -> Path:
    """Everything that is the same for each arena, ready to be copied."""
    made = folder / "template"
    root = made / "repository"
    (root / "documents").mkdir(parents=True)
    (root / "documents" / "licence.png").write_bytes(PNG)
    (root / "signatures").mkdir()
    for number in range(COUNT):
        (root / "signatures" / f"s{number:02}.yaml").write_text(
            f"id: SIG{number}\ncontent: {content_of(number)}\ntype: company\npurpose: self-use\n"
            "certificate:\n  file: ../documents/licence.png\n",
            encoding="utf-8",
        )
    # As in `touches`: what is killed here needs no disk.
    (made / "home").mkdir()
    (made / "home" / ".gitconfig").write_text("[core]\n\tfsync = none\n", encoding="utf-8")
    # Few files, since every arena is a copy: no sample hooks, and objects in one pack.
    git("init", "--quiet", "--template=", "--bare", "-b", "main", "remote.git", cwd=made)
    git("init", "--quiet", "--template=", "-b", "main", ".", cwd=root)
    git("remote", "add", "origin", "../remote.git", cwd=root)
    git("add", "--all", cwd=root)
    git("commit", "--quiet", "-m", "fifty signatures", cwd=root)
    git("repack", "-a", "-d", "--quiet", cwd=root)
    return made


def content_of(number: int) -> str:
    """Content of four characters, another one for each number."""
    return f"店号{_NUMERALS[number // 10]}{_NUMERALS[number % 10]}"


@contextmanager
def arena(made: Path, folder: Path, zygote: Zygote, state: str) -> Iterator[Arena]:
    """A fresh copy in `folder`, with a service that has rejected all fifty."""
    shutil.copytree(made, folder, symlinks=True)
    signatures = tuple(
        SeedSignature(id=f"SIG{n}", content=content_of(n), status=ReviewStatus.REJECTED)
        for n in range(COUNT)
    )
    settings = f'state = "{state}"\nparallelism = {PARALLELISM}\nmax_submissions = {COUNT}\n'
    (folder / "repository" / "reconciler.toml").write_text(settings)
    with running(seed=Seed(signatures=signatures)) as sandbox:
        made_here = Arena(folder=folder, sandbox=sandbox, zygote=zygote, state=state)
        made_here.environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder / "home"),
            "TMPDIR": str(folder),
            "XDG_CACHE_HOME": str(folder / "cache"),
            **sandbox.environment(),
        }
        yield made_here
    shutil.rmtree(folder, ignore_errors=True)
