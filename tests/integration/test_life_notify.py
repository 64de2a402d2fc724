"""`--notify` tells others what came of it, and never changes what comes of it."""

from __future__ import annotations

import pytest

from reconciler.model import ReviewStatus
from tests.integration.conftest import MakeWorld
from tests.integration.world import World
from tests.unit.chats import TOKEN, chat


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    world = make_world(SIG1=("rejected", "甲乙丙丁"))
    world.manifest("shop", "甲乙丙丁", id="SIG1")
    return world


def test_an_apply_tells_every_address_what_it_did(world: World) -> None:
    with chat() as first, chat() as second:
        done = world.run(
            "apply", "--yes", "--notify", f"{first.url}/a", "--notify", f"{second.url}/b"
        )
    assert done.code == 0
    bodies = [body for kept in (first, second) for _, body in kept.got]
    assert [body["summary"]["submitted"] for body in bodies] == [1, 1]
    assert bodies[0]["title"] == "reconciler: Apply: 1 submitted"


def test_an_apply_with_nothing_to_do_tells_nobody(world: World) -> None:
    world.run("apply", "--yes")
    with chat() as kept:
        assert world.run("apply", "--yes", "--notify", kept.url).code == 0
    assert kept.got == []


def test_a_wait_tells_how_it_ended(world: World) -> None:
    world.run("apply", "--yes")
    world.sandbox.review("SIG1", ReviewStatus.REJECTED, "名称不规范")
    with chat() as kept:
        done = world.run("status", "--wait", RECONCILER_NOTIFY=f"{kept.url}/hook")
    assert done.code == 1
    ((_, body),) = kept.got
    assert (body["command"], body["text"]) == ("status", "rejected shop SIG1: 名称不规范")


@pytest.mark.parametrize(
    "address",
    [
        f"http://127.0.0.1:9/{TOKEN}",
        f"json://127.0.0.1:9/{TOKEN}",
        f"nosuch://{TOKEN}",
        TOKEN,
    ],
)
def test_a_failure_is_a_warning_without_the_address_and_no_other_exit_code(
    world: World, address: str
) -> None:
    done = world.run("apply", "--yes", "--debug", "--notify", address)
    assert done.code == 0
    assert "Warning:" in done.err
    assert TOKEN not in done.out + done.err
    assert "SIG1.json" in world.state_files()


def test_a_failing_robot_keeps_no_other_from_hearing(world: World) -> None:
    with chat(500) as bad, chat() as good:
        done = world.run("apply", "--yes", "--notify", bad.url, "--notify", good.url)
    assert (done.code, len(good.got)) == (0, 1)
    assert "HTTP 500" in done.err
