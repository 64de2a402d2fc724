"""A push to main: what was reviewed is applied by one runner, and nothing else is."""

from __future__ import annotations

import shlex
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reconciler.model import ReviewStatus
from tests.integration.pipeline_world import STATE, World, pipeline, settle, succeeded
from tests.integration.runner import Job


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with pipeline(tmp_path) as made:
        yield made


@pytest.fixture
def settled(world: World) -> World:
    return settle(world)


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
