"""`.reconciler/cache` changes how long a command takes, and not one byte of what it says."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.integration.conftest import MakeWorld
from tests.integration.world import World
from tests.unit.git_world import git

MANY = 100
COMMANDS = (
    ("validate",),
    ("validate", "--format", "json"),
    ("validate", "--format", "sarif"),
    ("validate", "--strict", "--format", "junit"),
    ("plan", "--offline"),
    ("plan", "--offline", "--detailed-exitcode"),
    ("plan", "--offline", "--verbose"),
    ("plan", "--offline", "--format", "json"),
    ("plan", "--offline", "--format", "markdown"),
)
AT_ONCE = (COMMANDS[0], COMMANDS[4], COMMANDS[6], COMMANDS[7])
TIMESTAMP = re.compile(r'"timestamp": "[^"]*"')


@pytest.fixture
def world(make_world: MakeWorld) -> World:
    """Enough signatures for a cache, with a warning and a note among them."""
    world = make_world()
    for number in range(MANY):
        world.manifest(f"s{number:03}", f"商店{number:04}", id=f"SIG{number}", type="trademark")
    world.manifest("odd", "甲乙丙丁", id="SIG999", suspend=True)
    return world


def said(world: World, *more: str) -> list[tuple[int, str, str]]:
    ended = [world.run(*words, *more) for words in COMMANDS]
    return [(each.code, TIMESTAMP.sub("", each.out), each.err) for each in ended]


def file(world: World) -> Path:
    return world.root / ".reconciler" / "cache" / "verdicts.sqlite"


def test_cold_warm_damaged_and_absent_caches_print_the_same_bytes(world: World) -> None:
    without = said(world, "--no-cache")
    assert {code for code, _, _ in without} == {0, 2, 3}, "--strict has something to refuse"
    assert not file(world).exists()
    assert said(world) == without
    assert file(world).exists()
    assert said(world) == without
    file(world).write_bytes(file(world).read_bytes()[:5000])
    assert said(world) == without


def test_runs_that_share_a_cache_at_the_same_time_say_what_each_would_say_alone(
    world: World,
) -> None:
    def together(*more: str) -> list[tuple[int, str, str]]:
        """Every command twice, all at once."""
        with ThreadPoolExecutor(8) as pool:
            ended = [*pool.map(lambda words: world.run(*words, *more), AT_ONCE * 2)]
        return [(each.code, TIMESTAMP.sub("", each.out), each.err) for each in ended]

    def change() -> None:
        world.manifest("s003", "商店九九", id="SIG3", type="trademark")

    for step in (lambda: None, change, lambda: file(world).write_bytes(b"damaged" * 999)):
        step()
        alone = [world.run(*words, "--no-cache") for words in AT_ONCE]
        expected = [(each.code, TIMESTAMP.sub("", each.out), each.err) for each in alone]
        assert together() == expected * 2


def test_an_error_that_comes_later_is_seen_through_a_warm_cache(world: World) -> None:
    assert world.run("validate").code == 0
    world.manifest("s007", "商店！", id="SIG7", type="trademark")
    refused = world.run("validate")
    assert refused.code == 3
    assert "signatures/s007.yaml" in refused.out
    assert refused.out == world.run("validate", "--no-cache").out


def test_the_cache_of_the_commit_before_changes_no_byte_of_a_pull_requests_plan(
    world: World,
) -> None:
    git("init", "--quiet", "--initial-branch", "main", cwd=world.root)
    git("add", "signatures", "documents", cwd=world.root)
    git("commit", "--quiet", "--message", "first", cwd=world.root)
    assert world.run("validate").code == 0
    world.manifest("s003", "商店0003", id="SIG3", type="trademark", scene="Codes of shop 3")
    world.manifest("new", "新商店", id="SIG1000", type="trademark")
    (world.root / "signatures" / "s005.yaml").unlink()
    git("commit", "--quiet", "--all", "--message", "second", cwd=world.root)
    formats = ("text", "json", "markdown")
    words = [("plan", "--offline", "--since", "HEAD~1", "--format", each) for each in formats]

    def plans(*more: str) -> list[tuple[int, str, str]]:
        ended = [world.run(*each, *more) for each in words]
        return [(each.code, TIMESTAMP.sub("", each.out), each.err) for each in ended]

    without = plans("--no-cache")
    assert without[0][1].splitlines()[-1] == "Plan: 2 to resubmit, 1 to forget"
    assert plans() == without
    assert plans() == without, "the verdict on this very commit is known by now"
