"""The state in the remote: shared by compare-and-swap, in batches; kept here while it is away."""

from __future__ import annotations

import errno
import json
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.errors import EXIT_REFUSED, InterruptError, KeptError, RefusedError, StateError
from reconciler.git.mirror import Mirror
from reconciler.git.process import GitError
from reconciler.model import Recorded
from reconciler.ports import StateStore
from reconciler.state import batches, trail
from reconciler.state.around import Around
from reconciler.state.branch import Branch
from reconciler.state.file import FileState
from reconciler.state.git import GitState
from reconciler.state.holder import myself
from reconciler.state.journal import Journal
from reconciler.state.layout import path_of
from reconciler.state.records import encode
from reconciler.state.url import GitUrl
from tests.unit.builders import recorded
from tests.unit.git_world import LOCK_REF, World, git, snapshot
from tests.unit.state_folder import raising
from tests.unit.test_state_holder import GITHUB, PAGE

ONE, TWO = recorded("SIG1", name="retail/one"), recorded("SIG2", name="two")
LATER = replace(
    ONE, submission=replace(ONE.submission, content="子丑寅卯"), at="2026-11-21T00:00:00Z"
)
REF = "refs/reconciler/state"


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture(autouse=True)
def only_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches by count or at the end: no test waits for a second to pass."""
    monkeypatch.setattr(batches, "SECONDS", 3600.0)


def remembered(world: World) -> dict[str, Recorded]:
    """The records as somebody else sees them."""
    return dict(world.reader().load())


def journal(world: World, root: Path | None = None) -> list[Path]:
    """The journals that hold anything."""
    found = sorted(((root or world.work) / ".reconciler" / "journal").glob("*.jsonl"))
    return [path for path in found if path.read_bytes()]


@contextmanager
def kept_here(world: World, *records: Recorded) -> Iterator[KeptError]:
    """What a run records while its remote goes away; it is back afterwards."""
    state = world.state()

    def run() -> None:
        with state.lock():
            world.away()
            for record in records:
                state.put(record)

    with pytest.raises(KeptError) as caught:
        run()
    try:
        yield caught.value
    finally:
        world.back()


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


class TestBatches:
    def test_are_shared_by_count_while_the_run_goes_on(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        shared = threading.Semaphore(0)
        share = batches.Batches._share_now

        def sharing(self: batches.Batches) -> None:
            share(self)
            shared.release()

        monkeypatch.setattr(batches.Batches, "_share_now", sharing)
        monkeypatch.setattr(batches, "COUNT", 2)
        state = world.state()
        with state.lock():
            for number in range(3):
                state.put(recorded(f"SIG{number}"))
            assert shared.acquire(timeout=30)
            assert len(remembered(world)) >= 2
        assert len(remembered(world)) == 3

    def test_take_records_from_many_threads(self, world: World) -> None:
        state = world.state()
        records = [recorded(f"SIG{number}") for number in range(24)]
        with state.lock():
            threads = [threading.Thread(target=state.put, args=(each,)) for each in records]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        assert remembered(world) == {each.id: each for each in records}

    def test_rewrite_only_what_they_touch(self, world: World) -> None:
        """Recording one outcome costs the same however many there are."""
        state = world.state()
        with state.lock():
            for number in range(300):
                state.put(recorded(f"SIG{number}"))
        state.put(replace(recorded("SIG7"), name="changed"))
        changed = git("diff-tree", "-r", "-t", f"{REF}~", REF, cwd=world.remote).splitlines()
        assert len(changed) == 2  # the folder, and the record in it


class TestTheUsersRepository:
    def test_is_left_as_it_is_but_for_our_own_ignored_folder(self, world: World) -> None:
        git("commit", "--quiet", "--allow-empty", "-m", "one", cwd=world.work)
        (world.work / "staged").write_text("x")
        git("add", "staged", cwd=world.work)
        before = snapshot(world.work / ".git")
        state = world.state()
        state.put(ONE)
        state.load()
        list(state.versions())
        assert snapshot(world.work / ".git") == before
        assert git("status", "--porcelain", cwd=world.work) == "A  staged\n"

    def test_is_not_written_to_by_reading(self, world: World) -> None:
        before = snapshot(world.work)
        world.state().load()
        assert snapshot(world.work) == before

    def test_may_be_pointed_elsewhere_by_the_shell(self, world: World, tmp_path: Path) -> None:
        git("init", "--quiet", "elsewhere", cwd=tmp_path)
        bent = world.around(
            variables={"GIT_DIR": str(tmp_path / "elsewhere" / ".git"), "GIT_INDEX_FILE": "/x"}
        )
        world.state(around=bent).put(ONE)
        assert remembered(world) == {"SIG1": ONE}


class TestTwoAtOnce:
    def test_the_second_is_refused_and_told_who_holds_it(self, world: World) -> None:
        other = world.clone("other")
        with world.state(around=world.around(variables=GITHUB)).lock():
            with pytest.raises(RefusedError) as caught, other_lock(world, other):
                raise AssertionError("the lock was given out twice")
            holder = held(world)
        assert caught.value.exit_code == EXIT_REFUSED
        assert f"process {os.getpid()} on " in caught.value.summary
        assert "since 2026-11-22T09:30:00+00:00" in caught.value.summary
        assert PAGE in caught.value.summary
        assert f"reconciler state unlock {holder['id']}" in caught.value.advice
        with other_lock(world, other):
            assert LOCK_REF in world.refs()
        assert LOCK_REF not in world.refs()

    def test_in_one_clone_are_refused_without_asking_the_remote(self, world: World) -> None:
        with world.state().lock():
            refs = world.refs()
            with pytest.raises(RefusedError), world.state().lock():
                raise AssertionError("the lock was given out twice")
            assert world.refs() == refs

    def test_readers_are_not_held_up(self, world: World) -> None:
        world.state().put(ONE)
        with world.state().lock():
            assert remembered(world) == {"SIG1": ONE}
            assert world.state().load() == {"SIG1": ONE}

    def test_the_second_may_wait(self, world: World) -> None:
        other = world.clone("other")
        with world.state().lock():
            waiting = world.around("another", seconds=3600)
            world.pause.stop = True
            with pytest.raises(InterruptError), other_lock(world, other, waiting):
                raise AssertionError("the lock was given out twice")
        assert world.pause.slept == [2.0]
        assert world.warnings[0].startswith("waiting: the state git:origin#")

    def test_one_that_waited_gets_it_once_it_is_free(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        other = world.clone("other")
        first = world.state().lock()
        first.__enter__()

        def pause(_self: object, _seconds: float) -> bool:
            first.__exit__(None, None, None)
            return False

        monkeypatch.setattr(type(world.pause), "__call__", pause)
        with other_lock(world, other, world.around("another", seconds=3600)):
            assert LOCK_REF in world.refs()

    def test_never_both_get_it(self, world: World) -> None:
        """Eight at the same time, each in a clone of its own: one wins."""
        got: list[int] = []
        done = threading.Barrier(8)

        def run(number: int, root: Path) -> None:
            try:
                with other_lock(world, root, world.around(f"machine {number}")):
                    got.append(number)
                    done.wait(60)
            except RefusedError:
                done.wait(60)

        roots = [world.clone(f"clone{number}") for number in range(8)]
        threads = [threading.Thread(target=run, args=each) for each in enumerate(roots)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(got) == 1
        assert world.refs() == {}


@contextmanager
def other_lock(world: World, root: Path, around: Around | None = None) -> Iterator[None]:
    with world.state(root, around=around or world.around("another")).lock():
        yield


def held(world: World) -> dict[str, str]:
    text = git("show", f"{LOCK_REF}:holder.json", cwd=world.remote)
    found: dict[str, str] = json.loads(text)
    return found


def leave_lock(world: World, **changes: object) -> str:
    """A lock that was left behind; returns its id."""
    world.state().put(TWO)
    holder = replace(myself(world.around()), **changes)  # type: ignore[arg-type]  # a few fields
    hands = world.clone(f"left-{len(os.listdir(world.folder))}")  # noqa: PTH208 - a new name
    (hands / "holder.json").write_text(holder.as_json())
    git("add", ".", cwd=hands)
    git("commit", "--quiet", "-m", "Hold", cwd=hands)
    git("push", "--quiet", "origin", f"HEAD:{LOCK_REF}", cwd=hands)
    return holder.id


class TestALockLeftBehind:
    def test_by_a_dead_process_of_this_host_is_taken_over_and_that_is_said(
        self, world: World
    ) -> None:
        leave_lock(world, started="1")
        world.state().put(ONE)
        assert len(remembered(world)) == 2
        assert LOCK_REF not in world.refs()
        assert world.warnings == [
            f"taking over the lock of process {os.getpid()} on {os.uname().nodename} since "
            "2026-11-22T09:30:00+00:00, which is dead"
        ]

    def test_elsewhere_is_never_taken_over(self, world: World) -> None:
        id = leave_lock(world, started="1", host="another")  # noqa: A001 - the model's own word
        with pytest.raises(RefusedError) as caught, world.state().lock():
            raise AssertionError("the lock was given out")
        assert "on another since" in caught.value.summary
        assert f"reconciler state unlock {id}" in caught.value.advice

    def test_is_freed_by_its_id(self, world: World) -> None:
        id = leave_lock(world, host="another")  # noqa: A001 - the model's own word
        world.state().unlock(id)
        with world.state().lock():
            assert held(world)["id"] != id

    def test_that_nobody_can_read_is_freed_by_the_commits_name(self, world: World) -> None:
        world.state().put(TWO)
        git("update-ref", LOCK_REF, world.refs()[REF], cwd=world.remote)
        with pytest.raises(RefusedError, match="locked by another process") as caught:
            world.state().lock().__enter__()
        id = caught.value.advice.rpartition(" ")[2]  # noqa: A001 - the model's own word
        assert world.refs()[REF].startswith(id)
        world.state().unlock(id)
        assert LOCK_REF not in world.refs()


class TestUnlocking:
    def test_another_id_is_refused_with_the_right_one(self, world: World) -> None:
        id = leave_lock(world, host="another")  # noqa: A001 - the model's own word
        with pytest.raises(RefusedError) as caught:
            world.state().unlock("nonsense")
        assert id in caught.value.summary
        assert LOCK_REF in world.refs()

    def test_nothing_is_refused(self, world: World) -> None:
        with pytest.raises(RefusedError, match="is not locked"):
            world.state().unlock("abc")

    def test_a_living_run_stops_it_but_loses_nothing(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(batches, "COUNT", 1)
        state = world.state()

        def run() -> None:
            with state.lock():
                world.reader().unlock(held(world)["id"])
                state.put(ONE)
                settled(world)
                state.put(TWO)

        with pytest.raises(KeptError) as caught:
            run()
        assert "was taken away by `reconciler state unlock`" in caught.value.summary
        assert remembered(world) == {"SIG1": ONE, "SIG2": TWO}

    def test_lets_another_run_in_the_same_clone_wait_for_its_journal_no_longer(
        self, world: World
    ) -> None:
        with world.state().lock():
            world.state().unlock(held(world)["id"])
            with world.state().lock():
                assert LOCK_REF in world.refs()


class TestLosingTheRace:
    """Nobody should write without the lock; but the ref is safe even then."""

    def meanwhile(self, world: World, record: Recorded, state: GitState, mine: Recorded) -> None:
        with state.lock():
            state.put(mine)
            other = world.state(world.clone("other"), around=world.around("another"))
            git("update-ref", "-d", LOCK_REF, cwd=world.remote)
            other.put(record)

    def test_keeps_what_the_others_wrote_beside_ours(self, world: World) -> None:
        self.meanwhile(world, TWO, world.state(), ONE)
        assert remembered(world) == {"SIG1": ONE, "SIG2": TWO}

    def test_leaves_a_newer_record_and_says_so(self, world: World) -> None:
        self.meanwhile(world, LATER, world.state(), ONE)
        assert remembered(world) == {"SIG1": LATER}
        assert len(world.warnings) == 1
        assert world.warnings[0].startswith("retail/one (SIG1): `submitted` of 2026-11-22T09:30")

    def test_replaces_an_older_record(self, world: World) -> None:
        self.meanwhile(world, ONE, world.state(), LATER)
        assert remembered(world) == {"SIG1": LATER}
        assert world.warnings == []

    def test_gives_up_at_last_and_keeps_everything(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Branch, "advance", lambda *_: False)
        state = world.state()
        with pytest.raises(KeptError, match="others were quicker 10 times in a row"):
            state.put(ONE)
        assert world.state().load() == {"SIG1": ONE}
        assert remembered(world) == {}


class TestARemoteThatGoesAway:
    def test_costs_no_outcome_and_says_where_they_are(self, world: World) -> None:
        with kept_here(world, ONE, TWO) as error:
            (path,) = journal(world)
            assert error.summary.startswith(
                f"2 outcomes are recorded on this machine only, in {path.relative_to(world.work)}: "
            )
            assert "does not appear to be a git repository" in error.summary
            assert "the lock on git:origin" in error.summary
            assert "reconciler state unlock " in error.advice
            assert world.pause.slept == [0.5, 2.0]

    def test_is_caught_up_with_by_the_next_run_before_anything_else(self, world: World) -> None:
        with kept_here(world, ONE, TWO):
            pass
        dead_lock(world)
        with world.state().lock():
            assert remembered(world) == {"SIG1": ONE, "SIG2": TWO}
        assert journal(world) == []

    def test_is_read_around(self, world: World) -> None:
        """A reader on this machine sees what is kept here, with the remote and without."""
        world.state().put(TWO)
        with kept_here(world, ONE):
            assert world.state().load() == {"SIG1": ONE, "SIG2": TWO}
            assert world.warnings[-1].startswith(f"git:origin#{REF} cannot be reached")
        assert world.state().load() == {"SIG1": ONE, "SIG2": TWO}
        assert remembered(world) == {"SIG2": TWO}

    def test_before_the_first_reading_is_an_error(self, world: World) -> None:
        world.away()
        with pytest.raises(StateError, match=r"git:origin#.*: git ls-remote failed") as caught:
            world.state().load()
        assert "network" in caught.value.advice

    def test_before_the_lock_is_an_error_and_nothing_was_begun(self, world: World) -> None:
        world.away()
        with pytest.raises(StateError, match="git push failed"), world.state().lock():
            raise AssertionError("the lock was given out")
        assert journal(world) == []

    def test_stops_a_run_that_goes_on(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(batches, "COUNT", 1)
        state = world.state()

        def run() -> None:
            with state.lock():
                world.away()
                state.put(ONE)
                for thread in threading.enumerate():
                    if thread.name == "state-batches":
                        thread.join(60)
                state.put(TWO)

        with pytest.raises(KeptError, match="recorded on this machine only"):
            run()
        world.back()
        assert world.state().load() == {"SIG1": ONE, "SIG2": TWO}

    def test_that_comes_back_in_time_is_not_worth_a_word(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def pause(_self: object, _seconds: float) -> bool:
            world.back()
            return False

        monkeypatch.setattr(type(world.pause), "__call__", pause)
        state = world.state()
        with state.lock():
            world.away()
            state.put(ONE)
        assert remembered(world) == {"SIG1": ONE}
        assert world.refs().keys() == {REF}

    def test_does_not_hide_what_went_wrong_before(self, world: World) -> None:
        state = world.state()

        def run() -> None:
            with state.lock():
                state.put(ONE)
                world.away()
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            run()
        assert "1 outcome is recorded on this machine only" in world.warnings[-1]


def settled(world: World) -> None:
    """Wait until what was put has been shared."""
    end = time.monotonic() + 60
    while journal(world) and time.monotonic() < end:
        time.sleep(0.01)


def dead_lock(world: World) -> None:
    """The lock that could not be released: its process is this one, which lives."""
    git("update-ref", "-d", LOCK_REF, cwd=world.remote)


class TestAPushWhoseAnswerIsLost:
    def test_counts_as_done(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        """The server records it, and the connection breaks before it can say so."""
        done = world.folder / "done"
        script = f"while read o n r; do [ $r != {REF} ] || [ -e {done} ] || "
        world.hook("post-receive", f"{script}{{ touch {done}; kill -9 $PPID; }}; done")
        state = world.state()
        with state.lock():
            state.put(ONE)
        assert done.exists()
        assert remembered(world) == {"SIG1": ONE}
        assert len(world.messages()) == 1


class TestALockThatIsReleasedAtThatMoment:
    def test_is_taken(self, world: World) -> None:
        """The push finds another run's lock, and the look that follows finds none any more."""
        done = world.folder / "done"
        world.hook("pre-receive", f"[ -e {done} ] || {{ touch {done}; exit 1; }}")
        world.state().put(ONE)
        assert done.exists()
        assert remembered(world) == {"SIG1": ONE}


class TestARemoteThatRefuses:
    def test_the_lock_is_told_with_its_words(self, world: World) -> None:
        world.hook("pre-receive", "echo 'read only' >&2; exit 1")
        with pytest.raises(StateError, match="the remote refuses the lock") as caught:
            world.state().lock().__enter__()
        assert "read only" in caught.value.summary
        assert "allowed to push" in caught.value.advice
        assert world.refs() == {}

    def test_the_records_is_told_with_its_words_and_keeps_them_here(self, world: World) -> None:
        script = f'while read o n ref; do [ "$ref" != {REF} ] || exit 1; done; exit 0'
        hook = world.hook("pre-receive", f"echo 'not today' >&2; {script}")
        state = world.state()
        with pytest.raises(KeptError, match="the remote refuses to record anything") as caught:
            state.put(ONE)
        assert "not today" in caught.value.summary
        assert world.refs() == {}  # the lock was released all the same
        with pytest.raises(StateError, match="not today"), state.lock():
            raise AssertionError("with something unshared, nothing more is sent")
        hook.unlink()
        with state.lock():
            assert remembered(world) == {"SIG1": ONE}


class TestWhatAnEarlierRunKept:
    def test_does_not_overwrite_what_is_newer(self, world: World) -> None:
        world.state().put(ONE)
        with kept_here(world, replace(ONE, at="2026-11-20T09:00:00Z")):
            pass
        dead_lock(world)
        world.state(world.clone("other"), around=world.around("another")).put(LATER)
        with world.state().lock():
            pass
        assert remembered(world) == {"SIG1": LATER}
        assert "has a newer record" in world.warnings[-1]
        assert journal(world) == []

    def test_is_dropped_where_it_stands_there_already(self, world: World) -> None:
        """Killed between the push and the note that it is done."""
        state = world.state()
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Journal, "settle", lambda *_, **__: None)
            state.put(ONE)
        assert journal(world)
        with world.state().lock():
            pass
        assert journal(world) == []
        assert len(world.messages()) == 1

    def test_stays_when_the_remote_was_replaced_by_an_empty_one(self, world: World) -> None:
        with kept_here(world, ONE):
            pass
        dead_lock(world)
        git("update-ref", "-d", REF, cwd=world.remote)
        with world.state().lock():
            assert remembered(world) == {"SIG1": ONE}

    def test_goes_in_though_the_clock_went_back(self, world: World) -> None:
        world.state().put(LATER)
        before = replace(ONE, at="2001-01-01T00:00:00+00:00")
        with kept_here(world, before):
            pass
        dead_lock(world)
        with world.state().lock():
            pass
        assert remembered(world) == {"SIG1": before}


class TestAMachineThatCannotWrite:
    @pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
    def test_an_outcome_says_so_and_keeps_the_others(
        self, world: World, code: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        state = world.state()
        with state.lock():
            state.put(ONE)
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(os, "fsync", raising(code))
                with pytest.raises(StateError, match=os.strerror(code)) as caught:
                    state.put(TWO)
        assert not isinstance(caught.value, KeptError)
        assert remembered(world) == {"SIG1": ONE}

    def test_its_folder_is_told_before_anything_is_sent(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(Path, "mkdir", raising(errno.EROFS))
        with pytest.raises(StateError, match="Read-only file system"), world.state().lock():
            raise AssertionError("the lock was given out")
        assert world.refs() == {}

    def test_git_says_so_and_nobody_is_sent_to_look_at_the_network(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fetch(*_: object, **__: object) -> str:
            raise GitError("git fetch failed: unable to write: No space left on device")

        world.state().put(ONE)
        monkeypatch.setattr(Mirror, "fetch", fetch)
        with pytest.raises(StateError, match="No space left") as caught:
            world.state(around=world.around("another")).load()
        assert caught.value.advice.startswith("Free some space")

    def test_its_cache_reads_all_the_same(self, world: World, tmp_path: Path) -> None:
        world.state().put(ONE)
        nowhere = world.around(variables={"HOME": "/dev/null", "XDG_CACHE_HOME": "/dev/null/cache"})
        assert world.state(around=nowhere).load() == {"SIG1": ONE}


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


class TestTheFileBackendsLock:
    def test_is_freed_by_the_id_that_the_refusal_names(self, tmp_path: Path) -> None:
        state, other = (FileState(tmp_path, shown="state") for _ in range(2))
        with state.lock():
            with pytest.raises(RefusedError) as caught, other.lock():
                raise AssertionError("the lock was given out twice")
            other.unlock(caught.value.advice.rpartition(" ")[2])
            with other.lock():
                other.put(TWO)
            with pytest.raises(KeptError, match="was taken away"):
                state.put(ONE)
        assert state.load() == {"SIG1": ONE, "SIG2": TWO}

    def test_of_another_id_stays(self, tmp_path: Path) -> None:
        state = FileState(tmp_path, shown="state")
        with state.lock():
            with pytest.raises(RefusedError, match="the lock is not abc but"):
                state.unlock("abc")
            state.put(ONE)

    def test_that_nobody_holds_cannot_be_freed(self, tmp_path: Path) -> None:
        state = FileState(tmp_path, shown="state")
        for _ in range(2):
            with pytest.raises(RefusedError, match="the state state is not locked"):
                state.unlock("abc")
            with state.lock():
                pass

    def test_may_be_waited_for(self, tmp_path: Path, world: World) -> None:
        state = FileState(tmp_path, shown="state")
        patient = FileState(tmp_path, shown="state", around=world.around(seconds=3600))
        world.pause.stop = True
        with state.lock(), pytest.raises(InterruptError), patient.lock():
            raise AssertionError("the lock was given out twice")
        assert world.pause.slept == [0.2]
