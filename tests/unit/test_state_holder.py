"""Who holds a lock, and when that process counts as dead."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.errors import InterruptError, RefusedError
from reconciler.state import holder as module
from reconciler.state.around import Around, Patience
from reconciler.state.holder import Holder, myself, parse, run_name, run_url
from reconciler.state.waiting import Waiting
from tests.unit.git_world import GITHUB, NOW, PAGE, Impatient

ME = myself(Around(environ={}, clock=lambda: NOW))


@contextmanager
def process() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as running:
        yield running


def held_by(pid: int) -> Holder:
    return replace(ME, pid=pid, started=module._started(pid))


class TestAHolder:
    def test_is_named_by_process_host_time_and_run(self) -> None:
        assert ME.shown == (
            f"process {os.getpid()} on {socket.gethostname()} since 2026-11-22T09:30:00+00:00"
        )
        assert replace(ME, run=PAGE).shown == f"{ME.shown} ({PAGE})"

    def test_has_an_id_of_its_own(self) -> None:
        assert ME.id != myself(Around(environ={})).id

    def test_comes_back_as_it_was(self) -> None:
        assert parse(ME.as_json()) == ME

    def test_may_have_been_written_by_a_newer_version(self) -> None:
        assert parse(ME.as_json().replace("{", '{"mood": 1,', 1)) == ME

    @pytest.mark.parametrize("text", ["", "{", "[]", "7", "null", "{}", '{"pid": 1}'])
    def test_is_nobody_where_the_text_says_nothing(self, text: str) -> None:
        assert parse(text) is None

    def test_is_nobody_with_a_pid_that_is_no_number(self) -> None:
        assert parse(ME.as_json().replace(f'"pid": {ME.pid}', '"pid": "x"')) is None


class TestADeadHolder:
    def test_is_not_one_that_lives(self) -> None:
        assert not ME.is_dead()
        with process() as running:
            assert not held_by(running.pid).is_dead()
            running.communicate(b"\n")

    def test_is_one_whose_process_is_gone(self) -> None:
        with process() as running:
            holder = held_by(running.pid)
            running.communicate(b"\n")
        assert holder.is_dead()

    def test_is_one_whose_process_has_ended_though_nobody_fetched_it(self) -> None:
        with process() as running:
            holder = held_by(running.pid)
            assert running.stdin is not None
            running.kill()
            os.waitid(os.P_PID, running.pid, os.WEXITED | os.WNOWAIT)
            assert holder.is_dead()

    def test_is_one_whose_pid_was_given_out_again(self) -> None:
        assert replace(ME, started="1").is_dead()

    @pytest.mark.parametrize(
        "elsewhere", [{"host": "another"}, {"boot": "another"}, {"boot": None}]
    )
    def test_is_never_one_from_elsewhere(self, elsewhere: Mapping[str, str | None]) -> None:
        """Another machine, another start of this one, or another container."""
        gone = replace(ME, started="1", **elsewhere)  # type: ignore[arg-type]  # one field each
        assert not gone.is_dead()

    def test_is_never_one_where_the_system_does_not_tell(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(module, "_PROC", tmp_path)
        monkeypatch.setenv("PATH", str(tmp_path))
        nobody = myself(Around(environ={}))
        assert nobody.boot is None
        assert not replace(nobody, pid=1, started="1").is_dead()

    def test_is_found_by_commands_where_there_is_no_proc(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        """As on macOS."""
        monkeypatch.setattr(module, "_PROC", tmp_path)
        monkeypatch.setenv("PATH", str(tmp_path))
        for name, script in {"sysctl": "echo BOOT", "ps": "[ $4 = 7 ] && echo Monday"}.items():
            (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
            (tmp_path / name).chmod(0o755)
        here = myself(Around(environ={}))
        assert here.boot == "BOOT"
        assert not replace(here, pid=7, started="Monday").is_dead()
        assert replace(here, pid=7, started="Sunday").is_dead()
        assert replace(here, pid=8, started="Monday").is_dead()


class TestTheRun:
    def test_is_the_page_that_github_names(self) -> None:
        assert run_url(GITHUB) == PAGE
        assert run_name(GITHUB) == PAGE

    def test_is_the_page_that_gitlab_names(self) -> None:
        assert run_url({"CI_JOB_URL": "https://gitlab.example/a/-/jobs/7"}) == (
            "https://gitlab.example/a/-/jobs/7"
        )

    @pytest.mark.parametrize("missing", list(GITHUB))
    def test_is_the_process_outside_of_a_pipeline(self, missing: str) -> None:
        environ = {key: value for key, value in GITHUB.items() if key != missing}
        assert run_url(environ) is None
        assert run_name(environ) == f"process {os.getpid()} on {socket.gethostname()}"


class TestWaiting:
    def wait(self, seconds: float, *, stop: bool = False) -> tuple[Waiting, Impatient, list[str]]:
        pause, told = Impatient(stop=stop), list[str]()
        patience = Patience(seconds=seconds, pause=pause)
        around = Around(environ={}, patience=patience, warn=told.append)
        return Waiting(around, shown="the/state", poll=2), pause, told

    def test_without_patience_refuses_at_once_and_says_who_and_how_to_free_it(self) -> None:
        waiting, pause, told = self.wait(0)
        with pytest.raises(RefusedError) as caught:
            waiting.a_while(replace(ME, run=PAGE), "abc")
        assert caught.value.summary == f"the state the/state is locked by {ME.shown} ({PAGE})"
        assert "reconciler state unlock abc" in caught.value.advice
        assert (pause.slept, told) == ([], [])

    def test_with_patience_polls_and_says_so_once(self) -> None:
        waiting, pause, told = self.wait(3600)
        waiting.a_while(ME, "abc")
        waiting.a_while(None, "abc")
        assert pause.slept == [2, 2]
        assert told == [f"waiting: the state the/state is locked by {ME.shown}"]

    def test_ends_when_the_user_stops_it(self) -> None:
        waiting, _, _ = self.wait(3600, stop=True)
        with pytest.raises(InterruptError, match="the lock on the/state"):
            waiting.a_while(None, "abc")
