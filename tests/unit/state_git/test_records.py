"""Records in the remote: they come back on any machine, and a damaged one is named and kept."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.errors import KeptError, StateError
from reconciler.ports import StateStore
from reconciler.state.layout import path_of
from reconciler.state.records import encode
from reconciler.state.url import GitUrl
from tests.unit.builders import recorded
from tests.unit.git_state import LATER, ONE, REF, TWO, dead_lock, journal, kept_here, remembered
from tests.unit.git_world import World, git


class TestRecords:
    def test_come_back_by_id_on_any_machine(self, world: World) -> None:
        state = world.state()
        with state.lock():
            state.put(ONE)
            state.put(TWO)
        assert remembered(world) == {"SIG1": ONE, "SIG2": TWO}
        assert sorted(world.files()) == sorted([path_of("SIG1"), path_of("SIG2")])

    def test_are_none_while_there_is_no_ref(self, world: World) -> None:
        assert world.state().load() == {}
        assert world.refs() == {}

    def test_are_seen_by_the_run_itself_before_they_are_shared(self, world: World) -> None:
        state = world.state()
        with state.lock():
            state.put(ONE)
            state.put(LATER)
            assert state.load() == {"SIG1": LATER}
            state.remove("SIG1")
            assert state.load() == {}
            assert REF not in world.refs()

    def test_are_forgotten_once_and_again(self, world: World) -> None:
        state = world.state()
        with state.lock():
            state.put(ONE)
            state.put(TWO)
        for _ in range(2):
            with state.lock():
                state.remove("SIG1")
            assert remembered(world) == {"SIG2": TWO}
        assert len(world.messages()) == 2  # forgetting nothing is no commit

    def test_may_be_put_without_a_lock_held_for_longer(self, world: World) -> None:
        world.state().put(ONE)
        assert remembered(world) == {"SIG1": ONE}
        assert list(world.refs()) == [REF]

    def test_of_odd_ids_come_back_too(self, world: World) -> None:
        records = {each: recorded(each) for each in ("a/b", "..", "签 名", "a\nb", '"', "%", "D x")}
        state = world.state()
        with state.lock():
            for record in records.values():
                state.put(record)
        assert remembered(world) == records

    def test_are_known_by_their_ids_even_the_damaged_ones(self, world: World) -> None:
        state = world.state()
        with state.lock():
            state.put(ONE)
            state.put(TWO)
        tampered(world, path_of("SIG1"), b"{")
        assert sorted(world.state().ids()) == ["SIG1", "SIG2"]
        with state.lock():
            assert sorted(state.ids()) == ["SIG1", "SIG2"]

    def test_of_two_refs_are_two_states(self, world: World) -> None:
        other = GitUrl(ref="refs/reconciler/production/state")
        with world.state().lock(), world.state(url=other).lock():
            pass
        world.state(url=other).put(ONE)
        assert world.state().load() == {}
        assert world.state(url=other).load() == {"SIG1": ONE}

    def test_ignore_files_that_are_no_records(self, world: World) -> None:
        world.state().put(ONE)
        tampered(world, "README.md", b"mine")
        assert remembered(world) == {"SIG1": ONE}

    def test_a_git_state_is_a_state_store(self, world: World) -> None:
        store: StateStore = world.state()
        store.put(ONE)
        assert store.load() == {"SIG1": ONE}


def tampered(world: World, path: str, data: bytes) -> None:
    """A hand-made commit on the state's ref."""
    hands = world.folder / "hands"
    if not hands.exists():
        git("clone", "--quiet", str(world.remote), "hands", cwd=world.folder)
    git("fetch", "--quiet", "origin", REF, cwd=hands)
    git("checkout", "--quiet", "--detach", "FETCH_HEAD", cwd=hands)
    (hands / path).parent.mkdir(exist_ok=True)
    (hands / path).write_bytes(data)
    git("add", ".", cwd=hands)
    git("commit", "--quiet", "-m", "by hand", cwd=hands)
    git("push", "--quiet", "origin", f"HEAD:{REF}", cwd=hands)


class TestADamagedRecord:
    def test_is_an_error_that_names_it_and_is_never_overwritten(self, world: World) -> None:
        world.state().put(ONE)
        tampered(world, path_of("SIG1"), encode(ONE)[:99].encode())
        with pytest.raises(StateError) as caught:
            world.state().load()
        assert caught.value.summary.startswith(
            f"git:origin#{REF}: {path_of('SIG1')}: the record is damaged"
        )
        before = world.refs()[REF]
        with world.state().lock():
            pass
        assert world.refs()[REF] == before

    def test_is_one_that_belongs_to_another_id_or_is_no_text(self, world: World) -> None:
        world.state().put(ONE)
        tampered(world, path_of("SIG2"), encode(ONE).encode())
        tampered(world, path_of("SIG3"), b"\xff")
        with pytest.raises(StateError) as caught:
            world.state().load()
        assert "it belongs to the id SIG1" in caught.value.summary
        assert len(caught.value.summary.splitlines()) == 2

    def test_can_be_forgotten(self, world: World) -> None:
        world.state().put(ONE)
        tampered(world, path_of("SIG1"), b"{")
        world.state().remove("SIG1")
        assert remembered(world) == {}

    def test_is_not_replaced_by_what_an_earlier_run_kept(self, world: World) -> None:
        world.state().put(ONE)
        with kept_here(world, LATER):
            pass
        dead_lock(world)
        tampered(world, path_of("SIG1"), b"{")
        before = world.refs()[REF]
        with pytest.raises(StateError, match="the record is damaged"), world.state().lock():
            raise AssertionError("the lock was given out")
        assert world.refs() == {REF: before}
        assert journal(world)


class TestAnIntent:
    """An application without a known end: every runner must know of it before it is sent."""

    INTENT = replace(ONE, id="intent-0123")

    def test_is_shared_before_anything_is_sent(self, world: World) -> None:
        state = world.state()
        with state.lock():
            state.begin(self.INTENT)
            assert world.reader().intents() == {"intent-0123": self.INTENT}
            assert state.intents() == {"intent-0123": self.INTENT}
        assert world.state().intents() == {"intent-0123": self.INTENT}

    def test_is_no_record(self, world: World) -> None:
        state = world.state()
        with state.lock():
            state.begin(self.INTENT)
            assert state.load() == {}
            assert state.ids() == []
        assert remembered(world) == {}
        assert list(world.reader().versions()) == []

    def test_goes_when_it_has_ended(self, world: World) -> None:
        state = world.state()
        with state.lock():
            state.begin(self.INTENT)
            state.put(ONE)
            state.end("intent-0123")
            state.end("intent-0123")
            assert state.intents() == {}
        assert world.reader().intents() == {}
        assert remembered(world) == {"SIG1": ONE}
        assert [message.splitlines()[0] for message in world.messages()] == [
            "1 ended, 1 submitted",
            "begun retail/one",
        ]

    def test_that_cannot_be_shared_is_an_error_so_that_nothing_is_sent(self, world: World) -> None:
        state = world.state()

        def run() -> None:
            with state.lock():
                world.away()
                with pytest.raises(StateError, match="git ls-remote failed"):
                    state.begin(self.INTENT)

        with pytest.raises(KeptError, match="1 outcome is recorded on this machine only"):
            run()

    def test_that_is_damaged_is_named(self, world: World) -> None:
        state = world.state()
        with state.lock():
            state.begin(self.INTENT)
        tampered(world, "intents/intent-0123.json", b"{")
        with pytest.raises(StateError, match=r"intents/intent-0123\.json: the record is damaged"):
            world.state().intents()
        assert world.state().load() == {}
