"""A copy of the process does its work beside us, and can end in any way without harm."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler import meanwhile

SECONDS = 30
PRELUDE = """
import os, signal, sys, threading, time
from reconciler.meanwhile import Meanwhile, is_possible
"""


def alone(script: str) -> str:
    """What a process that has no other thread prints: one that tests run in has some."""
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", PRELUDE + script],
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


def test_its_result_is_all_that_it_has_sent() -> None:
    script = """
def work(send):
    send(b"x" * 1_000_000)  # more than a pipe holds
    send(b"end")
with Meanwhile(work) as copy:
    found = copy.result()
    print(len(found), found[-3:], copy.result(), copy.sent())
"""
    assert alone(script) == "1000003 b'end' None b''\n"


def test_what_it_has_sent_can_be_had_before_its_end() -> None:
    script = """
def work(send):
    send(b"early ")
    time.sleep(60)
with Meanwhile(work) as copy:
    found = b""
    while not found:
        found = copy.sent()
    print(found, copy.sent())
print("and nobody waits for it")
"""
    assert alone(script) == "b'early ' b''\nand nobody waits for it\n"


@pytest.mark.parametrize(
    "end", ["raise ValueError", "os.kill(os.getpid(), signal.SIGKILL)", "sys.exit(3)"]
)
def test_a_bad_end_gives_no_result(end: str) -> None:
    script = f"""
sys.stderr = open(os.devnull, "w")
def work(send):
    send(b"half")
    {end}
with Meanwhile(work) as copy:
    print(copy.result())
"""
    assert alone(script) == "None\n"


def test_the_copy_does_nothing_of_what_its_caller_does_next() -> None:
    script = """
import atexit
atexit.register(lambda: print("exit"))
print("buffered")
with Meanwhile(lambda send: send(b"done")) as copy:
    print(copy.result())
"""
    assert alone(script) == "buffered\nb'done'\nexit\n"


def test_no_copy_is_left_when_its_caller_fails() -> None:
    script = """
try:
    with Meanwhile(lambda send: time.sleep(60)) as copy:
        raise KeyboardInterrupt
except KeyboardInterrupt:
    pass
try:
    os.waitpid(-1, 0)
except ChildProcessError:
    print("none")
"""
    assert alone(script) == "none\n"


@pytest.mark.parametrize("call", ["pipe", "fork"])
def test_where_there_is_no_room_for_one_the_work_is_not_done(call: str) -> None:
    script = f"""
def fail():
    raise BlockingIOError
os.{call} = fail
before = os.listdir("/proc/self/fd")
with Meanwhile(lambda send: send(b"done")) as copy:
    print(copy.sent(), copy.result(), os.listdir("/proc/self/fd") == before)
print(signal.pthread_sigmask(signal.SIG_BLOCK, ()))
"""
    assert alone(script) == "b'' None True\nset()\n"


def test_an_interrupt_ends_the_copy_and_is_its_callers() -> None:
    script = """
def work(send):
    send(b"begun")
    time.sleep(60)
try:
    with Meanwhile(work) as copy:
        while not copy.sent():
            pass
        child = copy._child
        os.kill(child, signal.SIGINT)
        print(copy.result(), os.path.exists(f"/proc/{child}"))
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(60)
except KeyboardInterrupt:
    print("interrupted")
"""
    assert alone(script) == "None False\ninterrupted\n"


def test_the_copy_of_a_killed_process_ends_by_itself() -> None:
    script = """
def work(send):
    while True:
        send(bytes(1_000_000))
copy = Meanwhile(work)
print(copy._child, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    ran = subprocess.run(
        [sys.executable, "-c", PRELUDE + script],
        stdout=subprocess.PIPE,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    until = time.monotonic() + SECONDS
    while _lives(int(ran.stdout)):
        assert time.monotonic() < until
        time.sleep(0.01)


def _lives(process: int) -> bool:
    """A zombie, whom nobody has asked for its end, does not."""
    try:
        about = Path(f"/proc/{process}/stat").read_text("utf-8")
    except FileNotFoundError:
        return False
    return about.rpartition(")")[2].split()[0] != "Z"


class TestItIsPossible:
    def test_with_a_processor_to_spare_and_no_thread(self) -> None:
        script = """
os.sched_getaffinity = lambda _: {0, 1}
print(is_possible())
os.sched_getaffinity = lambda _: {0}
print(is_possible())
os.sched_getaffinity = lambda _: {0, 1}
sys.platform = "darwin"
print(is_possible())
sys.platform = "linux"
done = threading.Event()
thread = threading.Thread(target=done.wait)
thread.start()
print(is_possible())
done.set()
thread.join()
print(is_possible())
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
print(is_possible())
"""
        assert alone(script).split() == ["True", "False", "False", "False", "True", "False"]


class Copy(Exception):  # noqa: N818 - stands for the end of a process
    """What `os._exit` would do."""


def in_place(monkeypatch: pytest.MonkeyPatch, work: Callable[[meanwhile.Send], None]) -> bytes:
    """What the copy does, done here: a fork's own steps are seen by no coverage."""
    reading, writing = os.pipe()

    def leave(code: int) -> None:
        os.write(writing, f" exit {code}".encode())
        os.close(writing)
        raise Copy

    monkeypatch.setattr(os, "_exit", leave)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    monkeypatch.setattr("signal.pthread_sigmask", lambda *_: None)
    with pytest.raises(Copy):
        meanwhile._do(work, os.open(os.devnull, os.O_RDONLY), writing, ())
    with os.fdopen(reading, "rb") as pipe:
        return pipe.read()


def test_its_end_says_whether_the_work_was_done(monkeypatch: pytest.MonkeyPatch) -> None:
    assert in_place(monkeypatch, lambda send: send(b"all")) == b"all exit 0"


def test_its_end_says_that_it_was_not(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: meanwhile.Send) -> None:
        time.strptime("no date", "%Y")

    assert in_place(monkeypatch, fail) == b" exit 1"
