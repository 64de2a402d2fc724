"""The history of the state's ref: what was done, from which commit and by which run."""

from __future__ import annotations

from dataclasses import replace

from reconciler.state import trail
from tests.unit.git_state import LATER, ONE, TWO
from tests.unit.git_world import GITHUB, PAGE, World


class TestTheHistory:
    def test_says_what_was_submitted_from_which_commit_by_which_run(self, world: World) -> None:
        state = world.state(around=world.around(variables=GITHUB))
        with state.lock():
            state.put(replace(ONE, head="abc123"))
            state.put(TWO)
        assert world.messages()[0].splitlines() == [
            "2 submitted",
            "",
            "submitted retail/one (SIG1)",
            "submitted two (SIG2)",
            "",
            "Manifests: abc123",
            f"Run: {PAGE}",
            "Tool: reconciler 0.1.0",
        ]

    def test_is_the_audit_trail_of_all_machines(self, world: World) -> None:
        world.state(around=world.around(variables=GITHUB)).put(ONE)
        world.state(around=world.around("another")).put(LATER)
        world.state().remove("SIG1", why="deleted")
        reader = world.state(around=world.around("third"))
        happened = trail.of("retail/one", reader.versions())
        assert [event.what for event in happened] == ["submitted", "submitted", "deleted"]
        assert [event.run == PAGE for event in happened] == [True, False, False]
        assert happened[1].fingerprint == LATER.fingerprint

    def test_is_what_was_read_last_when_the_remote_is_away(self, world: World) -> None:
        world.state().put(ONE)
        list(world.state().versions())
        world.away()
        assert len(list(world.state().versions())) == 1
        assert "cannot be reached" in world.warnings[0]

    def test_of_nothing_is_empty(self, world: World) -> None:
        assert list(world.state().versions()) == []
