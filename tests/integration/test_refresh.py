"""`--refresh`: the cost of a plan follows what may have changed, and its promises hold."""

from __future__ import annotations

import json

import pytest

from reconciler.model import ReviewStatus
from tests.integration.conftest import MakeWorld
from tests.integration.world import World
from tests.unit.git_world import git


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Three signatures that were applied; two are approved, and known to be."""
    contents = {"SIG1": "甲乙丙丁", "SIG2": "子丑寅卯", "SIG3": "天地玄黄"}
    world = make_world(**{key: ("rejected", content) for key, content in contents.items()})
    for number, (key, content) in enumerate(contents.items()):
        world.manifest(f"s{number}", content, id=key)
    git("init", "--quiet", "--initial-branch", "main", cwd=world.root)
    git("add", "signatures", "documents", cwd=world.root)
    git("commit", "--quiet", "--message", "first", cwd=world.root)
    assert world.run("apply", "--yes").code == 0
    for key in ("SIG1", "SIG2"):
        world.sandbox.review(key, ReviewStatus.APPROVED)
    world.run("status")
    return world


def asked(world: World, *words: str) -> tuple[set[str], dict[str, object]]:
    """The ids that were asked about, and the plan."""
    before = len(world.sandbox.log())
    ended = world.run("plan", "--format", "json", *words)
    assert ended.code in (0, 4), ended.err
    ids = {key for entry in world.sandbox.log()[before:] for key in entry.ids}
    plan: dict[str, object] = ended.json
    return ids, plan


def test_all_is_the_default(world: World) -> None:
    ids, plan = asked(world)
    assert ids == {"SIG1", "SIG2", "SIG3"}
    assert (plan["refreshed"], plan["refresh"]) == (True, "all")


def test_needed_asks_about_what_is_not_known_to_be_approved_or_was_changed(world: World) -> None:
    ids, plan = asked(world, "--refresh", "needed")
    assert ids == {"SIG3"}
    assert (plan["refreshed"], plan["refresh"]) == (False, "needed")
    world.manifest("s0", "甲乙丙丁戊", id="SIG1")
    ids, plan = asked(world, "--refresh", "needed")
    assert ids == {"SIG1", "SIG3"}
    assert plan["summary"]["blocked"] == 1  # type: ignore[index]  # plain JSON


def test_needed_plans_the_same_work_as_all(world: World) -> None:
    world.sandbox.review("SIG3", ReviewStatus.REJECTED, "名称不规范")
    world.manifest("s2", "天地玄黄宇", id="SIG3")
    _, partly = asked(world, "--refresh", "needed")
    _, whole = asked(world)
    assert partly["fingerprint"] == whole["fingerprint"]
    text = world.run("plan", "--refresh", "needed").out
    assert f"apply --root {world.root} --refresh needed --fingerprint" in text
    assert "drift of those is not seen" in text


def test_a_saved_plan_of_needed_is_applied_without_asking_about_the_others(world: World) -> None:
    world.sandbox.review("SIG3", ReviewStatus.REJECTED, "名称不规范")
    world.manifest("s2", "天地玄黄宇", id="SIG3")
    saved = world.root.parent / "plan.json"
    assert world.run("plan", "--refresh", "needed", "--out", str(saved)).code == 0
    before = len(world.sandbox.log())
    assert world.run("apply", "--plan", str(saved)).code == 0
    assert {key for entry in world.sandbox.log()[before:] for key in entry.ids} == {"SIG3"}


def test_a_saved_plan_that_does_not_say_whom_it_asked_is_refused(world: World) -> None:
    saved = world.root.parent / "plan.json"
    assert world.run("plan", "--out", str(saved)).code == 0
    saved.write_text(json.dumps({**json.loads(saved.read_text("utf-8")), "refresh": "some"}))
    refused = world.run("apply", "--plan", str(saved))
    assert refused.code == 4
    assert "it does not say what the service was asked about" in refused.err


def test_none_asks_nobody_and_needs_no_keys(world: World) -> None:
    world.manifest("s2", "天地玄黄宇", id="SIG3")
    for name in ("UCLOUD_PUBLIC_KEY", "UCLOUD_PRIVATE_KEY"):
        del world.environ[name]
    ids, plan = asked(world, "--refresh", "none")
    assert ids == set()
    assert (plan["refreshed"], plan["refresh"]) == (False, "none")
    assert plan["summary"]["resubmit"] == 1  # type: ignore[index]  # plain JSON
    ids, since = asked(world, "--refresh", "none", "--since", "HEAD")
    assert ids == set()
    assert since["fingerprint"] == plan["fingerprint"]


def test_an_apply_that_asked_nobody_still_asks_before_it_writes(world: World) -> None:
    world.sandbox.review("SIG3", ReviewStatus.APPROVED)
    world.manifest("s2", "天地玄黄宇", id="SIG3")
    applied = world.run("apply", "--yes", "--refresh", "none", "--format", "json")
    (outcome,) = applied.json["outcomes"]
    assert (outcome["outcome"], outcome["reason"]) == ("skipped", "approved_immutable")
    assert applied.code == 4


def test_offline_asks_nobody_whatever_refresh_wants(world: World) -> None:
    refused = world.run("plan", "--offline", "--refresh", "needed")
    assert refused.code == 64
    assert "--offline" in refused.err
    assert world.run("plan", "--offline", "--refresh", "none").code == 0
