"""The state in a remote over HTTP, with the token where a CI system puts it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.errors import RefusedError, StateError
from tests.integration.git_server import Server, serving
from tests.unit.builders import recorded
from tests.unit.git_world import World, git

TOKEN = "Basic bm90LWEtcmVhbC10b2tlbg=="


@pytest.fixture
def world(tmp_path: Path) -> World:
    made = World(tmp_path)
    git("config", "http.receivepack", "true", cwd=made.remote)
    return made


@pytest.fixture
def server(world: World) -> Iterator[Server]:
    with serving(world.folder, TOKEN) as made:
        git("remote", "set-url", "origin", f"{made.url}/remote.git", cwd=world.work)
        yield made


def authorize(world: World, server: Server) -> None:
    """As the checkout action of GitHub does it."""
    header = f"AUTHORIZATION: {TOKEN}"
    git("config", f"http.{server.url}/.extraheader", header, cwd=world.work)


def test_a_remote_over_http_is_used_with_the_repositorys_own_token(
    world: World, server: Server
) -> None:
    authorize(world, server)
    one, two = recorded("SIG1"), recorded("SIG2")
    with world.state().lock():
        world.state(around=world.around("another")).load()
        with pytest.raises(RefusedError):
            world.state(around=world.around("another")).lock().__enter__()
    world.state().put(one)
    state = world.state(around=world.around("another"))
    with state.lock():
        state.put(two)
        state.put(replace(two, name="renamed"))
    assert world.state().load() == {"SIG1": one, "SIG2": replace(two, name="renamed")}
    assert len(list(world.state().versions())) == 2
    assert {tuple(each) for each in server.seen} <= {(), (TOKEN,)}  # never twice in one request


def test_without_a_token_nobody_is_asked_and_the_reason_is_told(
    world: World, server: Server
) -> None:
    with pytest.raises(StateError, match="git ls-remote failed: ") as caught:
        world.state().load()
    assert "terminal prompts disabled" in caught.value.summary
    assert server.seen == [[]]


def test_a_token_in_the_url_is_never_repeated(world: World, server: Server) -> None:
    url = server.url.replace("://", "://me:pa55word@")
    git("remote", "set-url", "origin", f"{url}/nowhere.git", cwd=world.work)
    with pytest.raises(StateError) as caught:
        world.state().load()
    assert "pa55word" not in caught.value.summary + caught.value.advice
