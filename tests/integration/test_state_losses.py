"""A remote that goes away and a record that is damaged: no outcome is lost or overwritten."""

from __future__ import annotations

import pytest

from tests.integration.conftest import MakeWorld
from tests.integration.shared_state import REF, THREE, UPDATE, Shared, actions, run, with_remote


@pytest.fixture
def shared(make_world: MakeWorld) -> Shared:
    return with_remote(make_world(**THREE))


class TestARemoteThatGoesAway:
    def test_costs_no_outcome_and_the_output_says_where_they_are(self, shared: Shared) -> None:
        """The server stops taking records after the first lock."""
        hooks = shared.remote / "hooks"
        hooks.mkdir(exist_ok=True)
        hook = hooks / "pre-receive"
        hook.write_text(
            f'#!/bin/sh\nwhile read o n ref; do [ "$ref" != {REF} ] || exit 1; done; exit 0\n'
        )
        hook.chmod(0o755)
        applied = run(shared.world, "apply", "--yes", "--format", "json")
        assert applied.code == 1
        assert applied.json["summary"]["submitted"] == 2
        assert "recorded on this machine only, in .reconciler/journal/" in applied.err
        assert "the remote refuses to record anything" in applied.err
        hook.unlink()
        sent = len(shared.world.requests(UPDATE))
        assert set(actions(shared.world).values()) == {"no-op"}
        assert run(shared.world, "apply", "--yes").code == 0
        assert len(shared.world.requests(UPDATE)) == sent
        assert set(actions(shared.runner()).values()) == {"no-op"}

    def test_is_read_around_with_a_clear_word(self, shared: Shared) -> None:
        run(shared.world, "apply", "--yes")
        shared.remote.rename(shared.remote.with_name("gone.git"))
        planned = run(shared.world, "plan")
        assert planned.code == 0
        assert "cannot be reached, so its records are those that were read last" in planned.err
        refused = run(shared.world, "apply", "--yes")
        assert refused.code == 1
        assert "git push failed" in refused.err

    def test_is_an_error_for_a_machine_that_never_saw_it(self, shared: Shared) -> None:
        runner = shared.runner()
        shared.remote.rename(shared.remote.with_name("gone.git"))
        planned = run(runner, "plan")
        assert planned.code == 1
        assert "git ls-remote failed" in planned.err


class TestADamagedRecord:
    def test_is_named_and_nothing_is_overwritten_until_it_is_forgotten(
        self, shared: Shared
    ) -> None:
        world = shared.world
        (world.root / "reconciler.toml").write_text('state = "file:.reconciler/state"\n')
        run(world, "apply", "--yes")
        path = world.root / ".reconciler" / "state" / "SIG1.json"
        path.write_text(path.read_text("utf-8")[:200], encoding="utf-8")
        damaged = path.read_bytes()
        for words in (("plan",), ("apply", "--yes"), ("status",), ("state", "list")):
            ended = run(world, *words)
            assert ended.code == 1, words
            assert ".reconciler/state/SIG1.json: the record is damaged" in ended.err
        assert path.read_bytes() == damaged
        assert run(world, "state", "rm", "retail/first").code == 1  # nobody knows its name
        assert run(world, "state", "rm", "SIG1").code == 0
        assert actions(world)["retail/first"] == "adopt"
