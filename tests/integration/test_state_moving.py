"""A state is moved to another backend: no record is lost, and no newer one overwritten."""

from __future__ import annotations

import shlex

import pytest

from reconciler.model import ReviewStatus
from reconciler.state.open import open_state
from tests.integration.conftest import MakeWorld
from tests.integration.shared_state import THREE, Shared, actions, records, run, with_remote


@pytest.fixture
def shared(make_world: MakeWorld) -> Shared:
    return with_remote(make_world(**THREE))


class TestMovingAState:
    FILE, GIT = "file:.reconciler/state", "git:"

    def test_to_another_backend_loses_nothing(self, shared: Shared) -> None:
        world = shared.world
        (world.root / "reconciler.toml").write_text(f'state = "{self.FILE}"\n')
        run(world, "apply", "--yes")
        pushed = run(world, "state", "push", self.GIT)
        assert pushed.code == 0, pushed.err
        assert "3 pushed to git:origin#refs/reconciler/state, 0 there already." in pushed.err
        assert "0 pushed" in run(world, "state", "push", self.GIT).err
        (world.root / "reconciler.toml").write_text(f'state = "{self.GIT}"\n')
        shared.commit()
        assert set(actions(shared.runner()).values()) == {"no-op"}
        pulled = run(world, "state", "pull", "file:copy")
        assert "0 pulled" in pulled.err

    def test_from_a_place_without_records_says_so_and_leaves_it_as_it_is(
        self, shared: Shared
    ) -> None:
        world = shared.world
        run(world, "apply", "--yes")
        for url in ("file:typo", "git:origin#refs/reconciler/typo"):
            pulled = run(world, "state", "pull", url)
            assert pulled.code == 0
            assert "has no records; is that the right place?" in pulled.err
        assert not (world.root / "typo").exists()
        assert not list((world.root / ".reconciler" / "journal").glob("*typo*"))
        assert len(records(world)) == 3

    def test_that_somebody_else_holds_names_the_command_that_frees_just_that_one(
        self, shared: Shared
    ) -> None:
        world = shared.world
        run(world, "apply", "--yes")
        other = open_state("file:other", root=world.root)
        with other.lock():
            refused = run(world, "state", "push", "file:other")
            assert refused.code == 4
            command = shlex.split(refused.err.partition("free the lock: ")[2])
            assert command[:3] == ["reconciler", "state", "unlock"]
            assert command[4:] == ["--root", str(world.root), "--state", "file:other"]
            assert run(world, *command[1:4]).code == 4  # the repository's own is not locked
            freed = run(world, *command[1:])
            assert freed.code == 0, freed.err
            assert run(world, "state", "push", "file:other").code == 0

    def test_never_overwrites_a_newer_record(self, shared: Shared) -> None:
        world = shared.world
        run(world, "apply", "--yes")
        assert run(world, "state", "push", self.FILE).code == 0
        world.sandbox.review("SIG3", ReviewStatus.REJECTED, "no")
        run(world, "status")
        refused = run(world, "state", "pull", self.FILE)
        assert refused.code == 4
        assert (
            "has newer records of retail/first (SIG1), third (SIG3); nothing was written"
            in refused.err
        )
        assert run(world, "state", "push", self.FILE).code == 0

    def test_to_itself_is_wrong_usage(self, shared: Shared) -> None:
        assert run(shared.world, "state", "push", self.GIT).code == 64
