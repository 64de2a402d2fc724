"""The pipeline as it is: the steps of the very workflow files, run one after the other.

A bare repository of git is the remote, the sandbox is the service, and a fake is GitHub's API.
"""

from __future__ import annotations

import base64
import json
import os
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from reconciler.model import ReviewStatus
from reconciler.sandbox.seed import Seed, SeedSignature
from reconciler.sandbox.server import Sandbox, running
from tests.integration.fake_forge import TOKEN
from tests.integration.fake_github import ACTIONS, REPOSITORY, FakeGitHub
from tests.integration.git_server import serving
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


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Two signatures under review, and one that nobody manages."""
    seed = Seed(
        signatures=(
            SeedSignature(id="SIG1", content="甲乙丙丁", status=ReviewStatus.PENDING),
            SeedSignature(id="SIG2", content="子丑寅卯", status=ReviewStatus.PENDING),
            SeedSignature(id="SIG3", content="天地玄黄", status=ReviewStatus.APPROVED),
        )
    )
    with running(seed=seed) as sandbox, FakeGitHub() as api:
        yield _made(tmp_path, sandbox, api)


@pytest.fixture
def settled(world: World) -> World:
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
    for name, job in jobs.items():
        assert job.result == "success", f"{name}\n{job.log}"
    return jobs


def test_a_pull_request_from_its_opening_to_its_apply(settled: World) -> None:
    number, opened = settled.open("branch", "one")
    checked = succeeded(settled.hub.run("validate", opened))["validate"]
    assert "`first`" in checked.summary
    assert "`second`" not in checked.summary
    planned = succeeded(settled.hub.run("plan", opened))["plan"]
    assert planned.outputs["changes"] == "1"
    assert planned.outputs["blocked"] == "0"
    assert planned.outputs["fingerprint"] in planned.summary
    (comment,) = settled.comments(number, "plan")
    assert planned.outputs["fingerprint"] in comment["body"]
    assert comment["user"]["login"] == ACTIONS
    artifact = settled.hub.folder / "artifacts" / "reconciler-plan"
    saved = json.loads((artifact / planned.outputs["plan-path"]).read_text("utf-8"))
    assert saved["fingerprint"] == planned.outputs["fingerprint"]

    settled.edit("branch", "two")
    again = succeeded(settled.hub.run("plan", settled.pushed("branch", number)))["plan"]
    assert again.outputs["fingerprint"] != planned.outputs["fingerprint"]
    (edited,) = settled.comments(number, "plan")
    assert edited["id"] == comment["id"]
    assert again.outputs["fingerprint"] in edited["body"]

    before = settled.refs()
    merged = settled.merge("branch", number)
    applied = succeeded(settled.hub.run("apply", merged))
    assert applied["reviewed"].outputs["fingerprint"] == again.outputs["fingerprint"]
    assert settled.sent() == [("SIG1",)]
    (result,) = settled.comments(number, "apply")
    assert "1 submitted" in result["body"]
    assert STATE in before
    assert settled.refs() != before
    assert LOCK not in settled.refs()

    later = succeeded(settled.hub.run("plan", settled.on_main("workflow_dispatch")))["plan"]
    assert later.outputs["changes"] == "0"
    keys_stay_where_they_belong(settled, [checked, planned, again, *applied.values(), later])


def keys_stay_where_they_belong(settled: World, jobs: list[Job]) -> None:
    """Secrets are given to the steps that need them alone, and none of them is ever printed."""
    key = settled.hub.environments["signatures-plan"]["UCLOUD_PRIVATE_KEY"]
    steps = [step for job in jobs for step in job.steps]
    holders = {step.name for step in steps if key in step.environ.values()}
    assert holders == {"Plan", "Apply exactly what was reviewed"}
    assert not any(key in f"{job.log}{job.summary}" for job in jobs)
    assert not any(
        key in text for texts in settled.api.comments.values() for text in map(str, texts)
    )


def test_the_state_is_reached_with_the_token_of_the_job_alone(world: World) -> None:
    world.clone.git("-C", str(world.hub.remote), "config", "http.receivepack", "true")
    with serving(world.hub.folder, "") as server:
        hub = replace(world.hub, server=server.url)
        dispatched = world.on_main("workflow_dispatch")
        server.token = basic(f"{TOKEN}-1")
        planned = succeeded(hub.run("plan", dispatched))["plan"]
        server.token = basic(f"{TOKEN}-3")  # the second is that of the job that looks at reviews
        fingerprint = planned.outputs["fingerprint"]
        succeeded(hub.run("apply", dispatched, {"fingerprint": fingerprint}))
    assert STATE in world.refs()
    assert server.seen


def basic(token: str) -> str:
    return f"Basic {base64.b64encode(f'x-access-token:{token}'.encode()).decode()}"


def test_what_the_pull_request_does_not_touch_never_fails_it(settled: World) -> None:
    settled.sandbox.review("SIG2", ReviewStatus.DISABLED)
    number, opened = settled.open("branch", "one")
    planned = succeeded(settled.hub.run("plan", opened))["plan"]
    assert planned.outputs["changes"] == "1"
    (comment,) = settled.comments(number, "plan")
    own, _, apart = comment["body"].partition("Not touched by this change")
    assert "SIG2" not in own
    assert "SIG2" in apart


def test_what_the_service_has_already_is_adopted_by_its_content_alone(settled: World) -> None:
    settled.clone.git("switch", "--quiet", "-c", "branch")
    file = "../documents/licence.png"
    text = settled.clone.text(id=None, file=file, content="天地玄黄", scene="")
    # Without a description nobody could apply for it, and nobody has to.
    bare = b"".join(line for line in text.splitlines(True) if b"description" not in line)
    settled.clone.write("signatures/third.yaml", bare)
    head = settled.clone.commit("Manage what is there")
    settled.clone.git("push", "--quiet", "origin", "branch")
    number = settled.api.pull(head)
    opened = settled.pushed("branch", number)
    succeeded(settled.hub.run("validate", opened))
    planned = succeeded(settled.hub.run("plan", opened))["plan"]
    assert "1 to adopt" in planned.summary
    succeeded(settled.hub.run("apply", settled.merge("branch", number)))
    (result,) = settled.comments(number, "apply")
    assert "1 adopted" in result["body"]
    assert settled.sent() == []


def test_a_blocked_change_is_shown_and_fails_the_plan(settled: World) -> None:
    settled.sandbox.review("SIG1", ReviewStatus.APPROVED)
    number, opened = settled.open("branch", "one")
    planned = settled.hub.run("plan", opened)["plan"]
    assert planned.result == "failure"
    assert planned.outputs["blocked"] == "1"
    assert planned.step("Fail where").code == 4
    assert len(settled.comments(number, "plan")) == 1


def test_a_fork_gets_no_secrets_and_no_comment(world: World) -> None:
    number, _ = world.open("branch", "one")
    opened = world.pushed("branch", number, is_fork=True)
    asked = len(world.sandbox.log())
    assert world.hub.run("plan", opened)["plan"].result == "skipped"
    checked = succeeded(world.hub.run("validate", opened))["validate"]
    assert "`first`" in checked.summary
    secrets = world.hub.environments["signatures-plan"].values()
    for step in checked.steps:
        assert not {name for name in step.environ if name.startswith("UCLOUD_")}
        assert not set(secrets) & set(step.environ.values())
    assert len(world.sandbox.log()) == asked
    assert world.api.comments == {}


def test_dependabot_gets_no_secrets_either_and_is_not_failed_for_it(world: World) -> None:
    number, _ = world.open("branch", "one")
    opened = world.pushed("branch", number, author="dependabot[bot]")
    assert world.hub.run("plan", opened)["plan"].result == "skipped"
    assert world.api.comments == {}


def test_a_plan_never_goes_on_standing_over_a_commit_that_has_none(settled: World) -> None:
    number, opened = settled.open("branch", "one")
    succeeded(settled.hub.run("plan", opened))
    (comment,) = settled.comments(number, "plan")
    assert "reviewed" in comment["body"]
    settled.clone.write("signatures/first.yaml", b"id: SIG1\ncontent: </details>\n")
    settled.clone.commit("Break it")
    settled.clone.git("push", "--quiet", "origin", "branch")
    planned = settled.hub.run("plan", settled.pushed("branch", number))["plan"]
    assert planned.result == "failure"
    assert planned.step("Plan").code == 3
    assert planned.outputs["fingerprint"] == ""
    assert "There is no plan" in planned.summary
    (edited,) = settled.comments(number, "plan")
    assert edited["id"] == comment["id"]
    assert edited["body"].startswith(
        "<!-- reconciler:plan -->\n\n### There is no plan of this commit\n\n```text\n"
    )
    assert "signatures/first.yaml:" in edited["body"]
    applied = settled.hub.run("apply", settled.merge("branch", number))
    assert applied["reviewed"].result == "failure"
    assert applied["apply"].result == "skipped"


def test_a_commit_that_came_after_the_plan_is_refused(world: World) -> None:
    number, opened = world.open("branch", "one")
    succeeded(world.hub.run("plan", opened))
    world.edit("branch", "sneaked in")
    world.pushed("branch", number)
    applied = world.hub.run("apply", world.merge("branch", number))
    assert applied["reviewed"].step("Find the plan").code == 4
    assert applied["apply"].result == "skipped"
    assert world.sent() == []


def test_a_push_that_nobody_reviewed_is_refused(world: World) -> None:
    world.edit("branch", "one")
    applied = world.hub.run("apply", world.merge("branch", None))
    assert applied["reviewed"].step("Find the plan").code == 4
    assert "was not merged from a reviewed change" in applied["reviewed"].log
    assert applied["apply"].result == "skipped"


def test_a_push_that_changes_no_signature_asks_nobody(world: World) -> None:
    world.clone.git("switch", "--quiet", "-c", "other")
    world.clone.write("README.md", b"# words\n")
    world.clone.commit("Words")
    applied = world.hub.run("apply", world.merge("other", None))
    assert applied["reviewed"].result == "success"
    assert applied["reviewed"].outputs["changes"] == "false"
    assert applied["apply"].result == "skipped"


def test_what_was_merged_before_is_applied_with_the_pull_request_that_touches_it(
    settled: World,
) -> None:
    settled.edit("earlier", "one")
    settled.merge("earlier", None)  # and its apply was refused
    settled.clone.git("switch", "--quiet", "--create", "branch")
    text = (settled.clone.root / "signatures" / "first.yaml").read_bytes()
    settled.clone.write("signatures/first.yaml", b"# Only words\n" + text)
    number = settled.api.pull(settled.clone.commit("Words"))
    settled.clone.git("push", "--quiet", "origin", "branch")
    planned = succeeded(settled.hub.run("plan", settled.pushed("branch", number)))["plan"]
    assert planned.outputs["changes"] == "1"
    applied = succeeded(settled.hub.run("apply", settled.merge("branch", number)))
    assert applied["reviewed"].outputs["changes"] == "false"
    assert settled.sent() == [("SIG1",)]


def test_a_reviewed_plan_without_work_asks_nobody_either(settled: World) -> None:
    settled.clone.git("switch", "--quiet", "--create", "branch")
    settled.clone.write("README.md", b"# words\n")
    number = settled.api.pull(settled.clone.commit("Words"))
    settled.clone.git("push", "--quiet", "origin", "branch")
    succeeded(settled.hub.run("plan", settled.pushed("branch", number)))
    applied = settled.hub.run("apply", settled.merge("branch", number))
    assert applied["reviewed"].result == "success"
    assert "There is nothing to apply." in applied["reviewed"].log
    assert applied["apply"].result == "skipped"


def test_what_is_not_what_was_reviewed_is_refused_and_said(settled: World) -> None:
    number, opened = settled.open("branch", "one")
    succeeded(settled.hub.run("plan", opened))
    settled.sandbox.review("SIG1", ReviewStatus.APPROVED)
    applied = settled.hub.run("apply", settled.merge("branch", number))["apply"]
    assert applied.step("Apply exactly").code == 4
    (result,) = settled.comments(number, "apply")
    assert "stale" in result["body"]
    assert settled.sent() == []


def test_a_second_runner_at_the_same_time_is_refused(settled: World) -> None:
    number, opened = settled.open("branch", "one")
    succeeded(settled.hub.run("plan", opened))
    merged = settled.merge("branch", number)
    first: dict[str, Job] = {}
    runner = threading.Thread(target=lambda: first.update(settled.hub.run("apply", merged)))
    with held_up(settled.hub.remote) as waiting:
        runner.start()
        until = time.monotonic() + 60
        while not waiting.exists():
            assert time.monotonic() < until, "the first runner never wrote to the state"
            time.sleep(0.05)
        dispatched = settled.on_main("workflow_dispatch")
        second = settled.hub.run("apply", dispatched, {"fingerprint": "0" * 64})["apply"]
    runner.join()
    assert second.step("Apply exactly").code == 4, second.log
    assert "locked" in second.log
    assert "/actions/runs/1" in second.log
    assert succeeded(first)
    assert settled.sent() == [("SIG1",)]


@contextmanager
def held_up(remote: Path) -> Iterator[Path]:
    """The remote takes its time over what is written to the state, until this is left.

    The path exists once somebody waits.
    """
    hold, waiting = remote / "hold", remote / "waiting"
    hook = remote / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(
        f"""#!/bin/sh
grep -q {STATE} || exit 0
touch {shlex.quote(str(waiting))}
while test -e {shlex.quote(str(hold))}; do sleep 0.05; done
""",
        "utf-8",
    )
    hook.chmod(0o755)
    hold.touch()
    try:
        yield waiting
    finally:
        hold.unlink()


def test_drift_opens_one_issue_and_closes_it_when_all_is_well(settled: World) -> None:
    morning = settled.on_main("schedule")
    succeeded(settled.hub.run("drift", morning))
    assert settled.api.issues == []
    settled.sandbox.review("SIG1", ReviewStatus.REJECTED, "名称不规范")
    for _ in range(2):
        job = succeeded(settled.hub.run("drift", morning))["drift"]
        assert "1 rejected" in job.summary
        (issue,) = settled.api.open_issues()
        assert "名称不规范" in issue["body"]
    settled.sandbox.review("SIG1", ReviewStatus.APPROVED)
    succeeded(settled.hub.run("drift", morning))
    assert [issue["state"] for issue in settled.api.issues] == ["closed"]
