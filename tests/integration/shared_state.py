"""A repository whose remote keeps the state, runners that clone it, and the command line."""

from __future__ import annotations

import contextlib
import io
import json
import os

import pytest
from jsonschema import Draft202012Validator

from reconciler.cli import main
from reconciler.resources import schema_path
from tests.integration.world import Ended, World
from tests.unit.git_world import git

UPDATE = "UpdateUSMSSignature"
REF, LOCK = "refs/reconciler/state", "refs/reconciler/lock"
PAGE = "https://github.com/acme/signatures/actions/runs/77"
RUN = {
    "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "acme/signatures",
    "GITHUB_RUN_ID": "77",
}
THREE = {
    "SIG1": ("rejected", "甲乙丙丁"),
    "SIG2": ("approved", "子丑寅卯"),
    "SIG3": ("pending", "天地玄黄"),
}


class Shared:
    """A world whose repository has a remote, which keeps the state."""

    def __init__(self, world: World, *, shallow: bool = False) -> None:
        self.world = world
        self.remote = world.root.parent / "remote.git"
        self.runners = 0
        git("init", "--quiet", "--bare", "-b", "main", str(self.remote), cwd=world.root.parent)
        (world.root / "reconciler.toml").write_text('state = "git:"\n')
        git("init", "--quiet", "-b", "main", cwd=world.root)
        git("remote", "add", "origin", self.remote.as_uri(), cwd=world.root)
        world.environ["XDG_CACHE_HOME"] = str(world.root.parent / "cache")

    def commit(self) -> str:
        root = self.world.root
        git("add", "--all", cwd=root)
        git("commit", "--quiet", "--allow-empty", "-m", "change", cwd=root)
        git("push", "--quiet", "origin", "main", cwd=root)
        return git("rev-parse", "HEAD", cwd=root).strip()

    def runner(self) -> World:
        """A machine that was just born: a shallow clone, and nothing else."""
        self.runners += 1
        root = self.world.root.parent / f"runner{self.runners}" / "repository"
        root.parent.mkdir()
        git("clone", "--quiet", "--depth=1", self.remote.as_uri(), str(root), cwd=root.parent)
        made = World.__new__(World)
        made.root, made.sandbox, made.heard = root, self.world.sandbox, self.world.heard
        made.environ = {**self.world.environ, "XDG_CACHE_HOME": str(root.parent / "cache")}
        return made

    def refs(self) -> list[str]:
        return git(
            "for-each-ref", "--format=%(refname)", "refs/reconciler", cwd=self.remote
        ).split()


def with_remote(world: World) -> Shared:
    """Manifests of the world's three signatures, committed and pushed."""
    for number, (name, content) in enumerate(
        (("retail/first", "甲乙丙丁"), ("retail/second", "子丑寅卯"), ("third", "日月盈昃")), 1
    ):
        world.manifest(name, content, id=f"SIG{number}")
    made = Shared(world)
    made.commit()
    return made


def run(world: World, *words: str, **environ: str) -> Ended:
    """`reconciler WORDS` in this process: its start would take longer than its work."""
    out, err = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        for name in os.environ:
            patch.delenv(name)
        for name, value in {**world.environ, **environ}.items():
            patch.setenv(name, value)
        code = main.run([*words, "--root", str(world.root)])
    world.heard += [out.getvalue(), err.getvalue()]
    return Ended(code=code, out=out.getvalue(), err=err.getvalue())


def actions(world: World) -> dict[str, str]:
    """By name, what a plan would do."""
    planned = run(world, "plan", "--format", "json")
    assert planned.code == 0, planned.err
    return {row["name"]: row["action"] for row in planned.json["changes"]}


def check(document: object, name: str) -> None:
    """The document is one of its schema."""
    schema = json.loads(schema_path(f"{name}.schema.json").read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(document)


def records(world: World) -> list[dict[str, str]]:
    """What is recorded, as `state list` tells it."""
    found: list[dict[str, str]] = run(world, "state", "list", "--format", "json").json["records"]
    return found


def log(world: World, name: str) -> list[dict[str, str]]:
    """What has happened to one, as `state log` tells it."""
    found: list[dict[str, str]] = run(world, "state", "log", name, "--format", "json").json[
        "events"
    ]
    return found
