"""A pull request in the pipeline, from its opening to its apply."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.fake_github import ACTIONS
from tests.integration.pipeline_world import LOCK, STATE, World, pipeline, settle, succeeded
from tests.integration.runner import Job


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with pipeline(tmp_path) as made:
        yield made


@pytest.fixture
def settled(world: World) -> World:
    return settle(world)


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
