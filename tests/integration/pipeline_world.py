"""The pipeline as it is: the steps of the very workflow files, run one after the other.

A bare repository of git is the remote, the sandbox is the service, and a fake is GitHub's API.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.model import ReviewStatus
from reconciler.sandbox.seed import Seed, SeedSignature
from reconciler.sandbox.server import Sandbox, running
from tests.integration.fake_github import REPOSITORY, FakeGitHub
from tests.integration.runner import Event, Hub, Job
from tests.integration.world import PNG
from tests.unit.git_repository import Repository

UPDATE = "UpdateUSMSSignature"
LOCK = "refs/reconciler/lock"
STATE = "refs/reconciler/state"


@dataclass(slots=True, kw_only=True)
class World:
    """Somebody's clone, what is at the other end of it, and the hub that runs workflows."""

    clone: Repository
    sandbox: Sandbox
    api: FakeGitHub
    hub: Hub

    def edit(self, branch: str, scene: str, *, name: str = "first", id: str = "SIG1") -> str:
        """Change a manifest on a branch, push that, and return its commit."""
        self.clone.git("switch", "--quiet", "--force-create", branch)
        content = "甲乙丙丁" if id == "SIG1" else "子丑寅卯"
        file = "../documents/licence.png"
        self.clone.manifest(name, id=id, file=file, content=content, scene=scene)
        head = self.clone.commit(f"Say: {scene}")
        self.clone.git("push", "--quiet", "--force", "origin", branch)
        return head

    def open(self, branch: str, scene: str) -> tuple[int, Event]:
        """Open a pull request; its number, and what happens at GitHub."""
        number = self.api.pull(self.edit(branch, scene))
        return number, self.pushed(branch, number)

    def pushed(
        self, branch: str, number: int, *, is_fork: bool = False, author: str = "somebody"
    ) -> Event:
        """What GitHub does for a pull request: it merges it into a commit of its own."""
        head = self.clone.git("rev-parse", branch).strip()
        self.api.pulls[number - 1]["head"]["sha"] = head
        self.clone.git("switch", "--quiet", "--detach", "main")
        self.clone.git("merge", "--quiet", "--no-ff", "--message", "for a test", branch)
        merged = self.clone.git("rev-parse", "HEAD").strip()
        ref = f"{number}/merge"
        self.clone.git("push", "--quiet", "--force", "origin", f"HEAD:refs/pull/{ref}")
        self.clone.git("switch", "--quiet", branch)
        owner = "somebody/fork" if is_fork else REPOSITORY
        change = {
            "number": number,
            "head": {"sha": head, "repo": {"full_name": owner}},
            "user": {"login": author},
        }
        payload = {"pull_request": change, "repository": {"default_branch": "main"}}
        return Event(name="pull_request", payload=payload, ref=ref, sha=merged, is_fork=is_fork)

    def merge(self, branch: str, number: int | None) -> Event:
        """Merge a branch into main; without a number nobody reviewed it."""
        before = self.clone.git("rev-parse", "main").strip()
        self.clone.git("switch", "--quiet", "main")
        self.clone.git("merge", "--quiet", "--no-ff", "--message", "Merge", branch)
        after = self.clone.git("rev-parse", "main").strip()
        self.clone.git("push", "--quiet", "origin", "main")
        if number is not None:
            self.api.pulls[number - 1]["merged_at"] = "2026-11-22T09:00:00Z"
            self.api.commits[after] = [number]
        payload = {"before": before, "after": after, "repository": {"default_branch": "main"}}
        return Event(name="push", payload=payload, ref="main", sha=after)

    def on_main(self, name: str) -> Event:
        """Something that happens to the default branch without a change of it."""
        payload = {"repository": {"default_branch": "main"}}
        sha = self.clone.git("rev-parse", "main").strip()
        return Event(name=name, payload=payload, ref="main", sha=sha)

    def comments(self, number: int, target: str) -> list[dict[str, Any]]:
        marker = f"<!-- reconciler:{target} -->"
        return [c for c in self.api.comments.get(number, []) if c["body"].startswith(marker)]

    def refs(self) -> str:
        return self.clone.git("ls-remote", "origin")

    def sent(self) -> list[tuple[str, ...]]:
        return [e.ids for e in self.sandbox.log() if e.action == UPDATE and e.accepted]


@contextmanager
def pipeline(folder: Path) -> Iterator[World]:
    """Two signatures under review, and one that nobody manages."""
    seed = Seed(
        signatures=(
            SeedSignature(id="SIG1", content="甲乙丙丁", status=ReviewStatus.PENDING),
            SeedSignature(id="SIG2", content="子丑寅卯", status=ReviewStatus.PENDING),
            SeedSignature(id="SIG3", content="天地玄黄", status=ReviewStatus.APPROVED),
        )
    )
    with running(seed=seed) as sandbox, FakeGitHub() as api:
        yield _made(folder, sandbox, api)


def settle(world: World) -> World:
    """The same, and main is applied already."""
    secrets = {**world.hub.variables, **world.hub.environments["signatures-apply"]}
    ended = subprocess.run(
        [sys.executable, "-m", "reconciler", "apply", "--yes", "--root", str(world.clone.root)],
        env={"PATH": os.environ["PATH"], "HOME": str(world.hub.folder), **secrets},
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr.decode()
    return world


def _made(folder: Path, sandbox: Sandbox, api: FakeGitHub) -> World:
    clone = Repository(folder / "clone")
    clone.git("config", "user.name", "A")
    clone.git("config", "user.email", "a@example.com")
    clone.git("init", "--quiet", "--bare", str(folder / "remote.git"))
    clone.git("remote", "add", "origin", (folder / "remote.git").as_uri())
    clone.write("documents/licence.png", PNG)
    clone.write("reconciler.toml", b'state = "git:"\ntimeout = 20\n')
    clone.manifest("first", id="SIG1", file="../documents/licence.png", content="甲乙丙丁")
    clone.manifest("second", id="SIG2", file="../documents/licence.png", content="子丑寅卯")
    clone.commit("Begin")
    clone.git("push", "--quiet", "origin", "main")
    service = dict(sandbox.environment())
    variables = {name: service.pop(name) for name in ("UCLOUD_PROJECT_ID", "UCLOUD_API_BASE_URL")}
    hub = Hub(
        folder=folder,
        remote=folder / "remote.git",
        api=api,
        variables=variables,
        environments={"signatures-plan": service, "signatures-apply": service},
    )
    return World(clone=clone, sandbox=sandbox, api=api, hub=hub)


def succeeded(jobs: dict[str, Job]) -> dict[str, Job]:
    """The same jobs, all of which have to have succeeded."""
    for name, job in jobs.items():
        assert job.result == "success", f"{name}\n{job.log}"
    return jobs
