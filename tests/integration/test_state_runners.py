"""Runners that share a state: what one has done the others know, even of a killed one."""

from __future__ import annotations

import signal
import subprocess
import time

import pytest

from reconciler.model import ReviewStatus
from tests.integration.conftest import MakeWorld
from tests.integration.shared_state import (
    LOCK,
    PAGE,
    REF,
    RUN,
    THREE,
    UPDATE,
    Shared,
    actions,
    check,
    run,
    with_remote,
)
from tests.integration.world import Ended
from tests.unit.git_world import git


@pytest.fixture
def shared(make_world: MakeWorld) -> Shared:
    return with_remote(make_world(**THREE))


class TestRunnersThatAreBornEmpty:
    def test_know_what_another_one_has_submitted(self, shared: Shared) -> None:
        applied = run(shared.runner(), "apply", "--yes")
        assert applied.code == 0, applied.err
        assert actions(shared.runner()) == {
            "retail/first": "no-op", "retail/second": "no-op", "third": "no-op",
        }  # fmt: skip
        assert shared.refs() == [REF]

    def test_leave_their_clone_as_it_was(self, shared: Shared) -> None:
        runner = shared.runner()
        before = (runner.root / ".git" / "shallow").read_bytes()
        run(runner, "apply", "--yes")
        assert (runner.root / ".git" / "shallow").read_bytes() == before
        assert git("status", "--porcelain", cwd=runner.root) == ""
        assert "refs/reconciler" not in git("for-each-ref", cwd=runner.root)

    def test_say_in_the_history_what_they_did_and_why(self, shared: Shared) -> None:
        head = shared.commit()
        run(shared.runner(), "apply", "--yes", **RUN)
        shared.world.sandbox.review("SIG1", ReviewStatus.REJECTED, "名称不规范")
        run(shared.runner(), "status")
        message = git("log", "--format=%B", f"{REF}~", cwd=shared.remote)
        assert f"Manifests: {head}" in message
        assert f"Run: {PAGE}" in message
        assert "submitted retail/first (SIG1)" in message

        told = run(shared.runner(), "state", "log", "retail/first", "--format", "json")
        check(told.json, "state-log")
        first, second = told.json["events"][0], told.json["events"][-1]
        assert (first["what"], first["head"], first["run"]) == ("submitted", head, PAGE)
        assert (second["what"], second["rejection"]) == ("seen rejected", "名称不规范")
        text = run(shared.runner(), "state", "log", "retail/first").out
        assert "the reviewer said: 名称不规范" in text
        assert PAGE in text

    def test_two_at_once_send_nothing_twice_and_one_is_refused(self, shared: Shared) -> None:
        runners = [shared.runner(), shared.runner()]
        started = [runner.start("apply", "--yes", **RUN) for runner in runners]
        ended = []
        for process in started:
            out, err = process.communicate(timeout=120)
            ended.append(Ended(code=process.returncode, out=out, err=err))
        codes = sorted(each.code for each in ended)
        assert codes in ([0, 4], [0, 0]), ended  # the second may have come when all was done
        if codes == [0, 4]:
            refused = max(ended, key=lambda each: each.code)
            assert "is locked by process" in refused.err
            assert PAGE in refused.err
            assert "reconciler state unlock " in refused.err
        assert len(shared.world.requests(UPDATE)) == 2

    def test_wait_for_one_another_when_told_to(self, shared: Shared) -> None:
        runners = [shared.runner(), shared.runner()]
        started = [r.start("apply", "--yes", "--lock-timeout", "2m") for r in runners]
        for process in started:
            _, err = process.communicate(timeout=120)
            assert process.returncode == 0, err
        assert len(shared.world.requests(UPDATE)) == 2


class TestAKilledRun:
    def test_leaves_a_lock_that_the_same_host_takes_over(self, shared: Shared) -> None:
        shared.world.sandbox.add_fault("UpdateUSMSSignature:hang-after:always")
        killed = hung(shared)
        killed.kill()
        killed.communicate(timeout=60)
        assert LOCK in shared.refs()
        shared.world.sandbox.clear_faults()
        again = run(shared.world, "apply", "--yes")
        assert again.code == 0, again.err
        assert "taking over the lock of process" in again.err
        assert set(actions(shared.world).values()) == {"no-op"}

    def test_can_be_freed_by_hand(self, shared: Shared) -> None:
        """As from another machine, which cannot know whether that process lives."""
        shared.world.sandbox.add_fault("UpdateUSMSSignature:hang-after:always")
        running = hung(shared)
        refused = run(shared.runner(), "apply", "--yes")
        assert refused.code == 4
        assert f"locked by process {running.pid}" in refused.err
        id = refused.err.rpartition("state unlock ")[2].split()[0]  # noqa: A001 - its own word
        freed = run(shared.runner(), "state", "unlock", id)
        assert freed.code == 0, freed.err
        assert LOCK not in shared.refs()
        assert run(shared.runner(), "state", "unlock", id).code == 4
        running.kill()
        running.communicate(timeout=60)

    @pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
    def test_by_a_polite_signal_releases_the_lock(self, shared: Shared, number: int) -> None:
        (shared.world.root / "reconciler.toml").write_text('state = "git:"\nparallelism = 1\n')
        shared.world.sandbox.add_fault("UpdateUSMSSignature:hang-after:1")
        running = hung(shared)
        running.send_signal(number)
        out, err = running.communicate(timeout=60)
        assert running.returncode == 130, (out, err)
        assert LOCK not in shared.refs()


def hung(shared: Shared) -> subprocess.Popen[str]:
    """An apply that has sent something and waits for the answer."""
    running = shared.world.start("apply", "--yes", UCLOUD_TIMEOUT_SECOND="2")
    end = time.monotonic() + 60
    while not shared.world.requests(UPDATE):
        assert time.monotonic() < end
        time.sleep(0.02)
    return running
