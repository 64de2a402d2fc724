"""The plan of a pull request fails for what that touches alone, and never outlives its commit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from reconciler.model import ReviewStatus
from tests.integration.pipeline_world import World, pipeline, settle, succeeded


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with pipeline(tmp_path) as made:
        yield made


@pytest.fixture
def settled(world: World) -> World:
    return settle(world)


def test_what_the_pull_request_does_not_touch_never_fails_it(settled: World) -> None:
    settled.sandbox.review("SIG2", ReviewStatus.DISABLED)
    number, opened = settled.open("branch", "one")
    planned = succeeded(settled.hub.run("plan", opened))["plan"]
    assert planned.outputs["changes"] == "1"
    (comment,) = settled.comments(number, "plan")
    own, _, apart = comment["body"].partition("Not touched by this change")
    assert "SIG2" not in own
    assert "SIG2" in apart


def test_a_blocked_change_is_shown_and_fails_the_plan(settled: World) -> None:
    settled.sandbox.review("SIG1", ReviewStatus.APPROVED)
    number, opened = settled.open("branch", "one")
    planned = settled.hub.run("plan", opened)["plan"]
    assert planned.result == "failure"
    assert planned.outputs["blocked"] == "1"
    assert planned.step("Fail where").code == 4
    assert len(settled.comments(number, "plan")) == 1


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
