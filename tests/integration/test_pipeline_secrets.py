"""Who is given secrets by the pipeline: neither forks nor Dependabot, and a job its own token."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.integration.fake_forge import TOKEN
from tests.integration.git_server import serving
from tests.integration.pipeline_world import STATE, World, pipeline, succeeded


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with pipeline(tmp_path) as made:
        yield made


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
