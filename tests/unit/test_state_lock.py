"""The lock on a state: one writer, said by name, and free when its process ends."""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from reconciler.errors import EXIT_REFUSED, RefusedError, StateError
from reconciler.state.file import FileState
from reconciler.state.lock import hold

ROOT = Path(__file__).parents[2]
HOLDER = """
import sys
from pathlib import Path
from reconciler.state.file import FileState
with FileState(Path(sys.argv[1]), shown="state").lock():
    print("held", flush=True)
    sys.stdin.read()
"""


def refused(path: Path) -> RefusedError:
    with pytest.raises(RefusedError) as caught, hold(path, shown="state"):
        raise AssertionError("the lock was given out twice")
    return caught.value


@contextmanager
def another_process(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that holds the lock of `folder` until it is told, or made, to stop."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


class TestAHeldLock:
    def test_refuses_another_process_and_names_the_one_that_holds_it(self, tmp_path: Path) -> None:
        state = FileState(tmp_path, shown=".reconciler/state")
        with another_process(tmp_path) as process:
            with pytest.raises(RefusedError) as caught, state.lock():
                raise AssertionError("the lock was given out twice")
            summary = caught.value.summary
        assert summary.startswith(
            f"the state .reconciler/state is locked by process {process.pid} on "
            f"{socket.gethostname()} since 20"
        )
        assert caught.value.exit_code == EXIT_REFUSED
        assert "Wait" in caught.value.advice

    def test_goes_with_the_process_that_held_it_however_that_ends(self, tmp_path: Path) -> None:
        state = FileState(tmp_path, shown="state")
        with another_process(tmp_path) as process:
            process.kill()
            process.wait()
            with state.lock():
                assert refused(tmp_path / ".lock").summary.startswith(
                    f"the state state is locked by process {os.getpid()} on "
                )

    def test_blocks_no_reader(self, tmp_path: Path) -> None:
        state = FileState(tmp_path, shown="state")
        with state.lock():
            assert FileState(tmp_path, shown="state").load() == {}

    def test_refuses_the_same_process_too(self, tmp_path: Path) -> None:
        with hold(tmp_path / ".lock", shown="state"):
            assert f"process {os.getpid()}" in refused(tmp_path / ".lock").summary

    def test_is_free_after_its_end_and_after_an_error(self, tmp_path: Path) -> None:
        path = tmp_path / ".lock"
        for _ in range(2):
            with pytest.raises(ZeroDivisionError), hold(path, shown="state"):
                raise ZeroDivisionError
        with hold(path, shown="state"):
            assert refused(path)

    def test_of_one_directory_does_not_hold_another(self, tmp_path: Path) -> None:
        with hold(tmp_path / "a", shown="a"), hold(tmp_path / "b", shown="b"):
            assert refused(tmp_path / "a")
            assert refused(tmp_path / "b")

    @pytest.mark.parametrize(
        "written", [b"", b"{", b"[]", b"7", b'{"pid": 1}', b"\xff\xfe", b"null"]
    )
    def test_is_refused_even_when_nobody_can_read_who_holds_it(
        self, tmp_path: Path, written: bytes
    ) -> None:
        path = tmp_path / ".lock"
        with hold(path, shown="state"):
            path.write_bytes(written)
            assert refused(path).summary == "the state state is locked by another process"

    def test_forgets_a_longer_holder_of_before(self, tmp_path: Path) -> None:
        path = tmp_path / ".lock"
        path.write_text("x" * 5_000)
        with hold(path, shown="state"):
            assert f"process {os.getpid()}" in refused(path).summary


class TestALockThatCannotBeTaken:
    @pytest.mark.parametrize("code", [errno.ENOLCK, errno.EIO])
    def test_is_an_error_and_no_refusal(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
    ) -> None:
        """A file system without locks is not somebody else's run."""

        def fail(_descriptor: int, _operation: int) -> None:
            raise OSError(code, os.strerror(code))

        monkeypatch.setattr(fcntl, "flock", fail)
        with pytest.raises(StateError, match=os.strerror(code)):
            FileState(tmp_path, shown="state").lock().__enter__()

    def test_leaves_no_open_file_behind(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        closed: list[int] = []
        close = os.close

        def closing(descriptor: int) -> None:
            closed.append(descriptor)
            close(descriptor)

        with hold(tmp_path / ".lock", shown="state"):
            monkeypatch.setattr(os, "close", closing)
            refused(tmp_path / ".lock")
            assert len(closed) == 1
