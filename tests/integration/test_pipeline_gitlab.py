"""The GitLab template's scripts, run one after the other against a fake of its API."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.model import ReviewStatus
from reconciler.sandbox.seed import Seed, SeedSignature
from reconciler.sandbox.server import Sandbox, running
from tests.integration.fake_gitlab import PROJECT, FakeGitLab
from tests.integration.gitlab_runner import TEMPLATE, Ran, is_wanted, run
from tests.integration.world import PNG
from tests.unit.git_repository import Repository

JOBS = [name for name in TEMPLATE if name.startswith("reconciler-")]
KEYS = {"UCLOUD_PROJECT_ID": "org-x"}
REQUEST = {
    "CI_PIPELINE_SOURCE": "merge_request_event",
    "CI_MERGE_REQUEST_IID": "5",
    "CI_MERGE_REQUEST_PROJECT_ID": PROJECT,
    "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": PROJECT,
}
PUSH = {"CI_PIPELINE_SOURCE": "push", "CI_COMMIT_BRANCH": "main", "CI_DEFAULT_BRANCH": "main"}


@pytest.mark.parametrize(
    ("variables", "jobs"),
    [
        pytest.param({**REQUEST, **KEYS}, ["validate", "plan"], id="a merge request"),
        pytest.param(
            {**REQUEST, **KEYS, "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "7"},
            ["validate"],
            id="one from a fork",
        ),
        pytest.param({**PUSH, **KEYS}, ["validate", "apply"], id="a push to the default branch"),
        pytest.param({**PUSH, **KEYS, "CI_COMMIT_BRANCH": "b"}, [], id="a push to another"),
        pytest.param({"CI_PIPELINE_SOURCE": "schedule", **KEYS}, ["drift"], id="a schedule"),
        pytest.param(PUSH, ["validate"], id="before anything is set up"),
    ],
)
def test_each_pipeline_has_its_jobs(variables: dict[str, str], jobs: list[str]) -> None:
    found = [name.removeprefix("reconciler-") for name in JOBS if is_wanted(name, variables)]
    assert found == jobs


def test_no_job_runs_without_a_source_to_install_from(tmp_path: Path) -> None:
    clone = _clone(tmp_path)
    ended = run(
        "reconciler-validate",
        remote=tmp_path / "remote.git",
        commit=clone.git("rev-parse", "main").strip(),
        home=tmp_path / "runner",
        variables={},
    )
    assert ended.code == 1
    assert "Say in RECONCILER what pip installs." in ended.log


class World:
    """A clone, its remote, the service and GitLab."""

    def __init__(self, folder: Path, sandbox: Sandbox, api: FakeGitLab) -> None:
        self.folder = folder
        self.clone = _clone(folder)
        self.sandbox = sandbox
        self.api = api
        self._runs = 0

    def run(self, name: str, commit: str, **variables: str) -> Ran:
        self._runs += 1
        return run(
            f"reconciler-{name}",
            remote=self.folder / "remote.git",
            commit=commit,
            home=self.folder / f"runner-{self._runs}",
            variables={
                **self.sandbox.environment(),
                **self.api.environment(),
                "CI_PROJECT_URL": (self.folder / "remote").as_uri(),
                "CI_COMMIT_SHA": commit,
                "RECONCILER": "reconciler",
                **variables,
            },
        )


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    signature = SeedSignature(id="SIG1", content="甲乙丙丁", status=ReviewStatus.REJECTED)
    with running(seed=Seed(signatures=(signature,))) as sandbox, FakeGitLab() as api:
        yield World(tmp_path, sandbox, api)


def test_a_merge_request_is_planned_merged_and_applied(world: World) -> None:
    base = world.clone.git("rev-parse", "main").strip()
    world.clone.git("switch", "--quiet", "-c", "branch")
    _manifest(world.clone, "one")
    head = world.clone.commit("One")
    world.clone.git("push", "--quiet", "origin", "branch")
    request = {**REQUEST, "CI_MERGE_REQUEST_DIFF_BASE_SHA": base}
    checked = world.run("validate", head, **request)
    assert checked.code == 0, checked.log
    planned = world.run("plan", head, **request)
    assert planned.code == 0, planned.log
    (note,) = world.api.texts(5)
    assert note.startswith("<!-- reconciler:plan -->\n<!-- reviewed ")

    world.clone.write("signatures/first.yaml", b"id: SIG1\n")
    broke = world.clone.commit("Break it")
    world.clone.git("push", "--quiet", "origin", "branch")
    broken = world.run("plan", broke, **request)
    assert broken.code == 3, broken.log
    (note,) = world.api.texts(5)
    assert note.startswith("<!-- reconciler:plan -->\n\n### There is no plan of this commit\n")
    assert "`content`" in note
    world.clone.git("reset", "--quiet", "--hard", head)
    assert world.run("plan", head, **request).code == 0

    world.clone.git("switch", "--quiet", "main")
    world.clone.git("merge", "--quiet", "--no-ff", "--message", "Merge", "branch")
    world.clone.git("push", "--quiet", "origin", "main")
    merged = world.clone.git("rev-parse", "main").strip()
    found = {"iid": 5, "sha": head, "state": "merged", "target_branch": "main"}
    world.api.requests.append(found)
    world.api.commits[merged] = [5]
    applied = world.run("apply", merged, **PUSH, CI_COMMIT_BEFORE_SHA=base)
    assert applied.code == 0, applied.log
    _, result = world.api.texts(5)
    assert "1 submitted" in result
    assert "refs/reconciler/state" in world.clone.git("ls-remote", "origin")

    world.clone.write("README.md", b"# words\n")
    words = world.clone.commit("Words")
    world.clone.git("push", "--quiet", "origin", "main")
    nothing = world.run("apply", words, **PUSH, CI_COMMIT_BEFORE_SHA=merged)
    assert nothing.code == 0, nothing.log
    assert "There is nothing to apply." in nothing.log

    world.sandbox.review("SIG1", ReviewStatus.REJECTED, "名称不规范")
    looked = world.run("drift", merged, CI_PIPELINE_SOURCE="schedule")
    assert looked.code == 0, looked.log
    assert "名称不规范" in world.api.issues[0]["description"]


def _clone(folder: Path) -> Repository:
    clone = Repository(folder / "clone")
    clone.git("config", "user.name", "A")
    clone.git("config", "user.email", "a@example.com")
    clone.git("init", "--quiet", "--bare", str(folder / "remote.git"))
    clone.git("remote", "add", "origin", (folder / "remote.git").as_uri())
    clone.write("documents/licence.png", PNG)
    clone.write("reconciler.toml", b'state = "git:"\n')
    clone.commit("Begin")
    clone.git("push", "--quiet", "origin", "main")
    return clone


def _manifest(clone: Repository, scene: str) -> None:
    file = "../documents/licence.png"
    clone.manifest("first", id="SIG1", file=file, content="甲乙丙丁", scene=scene)
