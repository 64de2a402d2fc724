"""The status of many files, which two processes look at, is what one would see."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cache import files
from reconciler.cache.files import status_digest, statuses
from reconciler.meanwhile import Send

SECONDS = 60
YEAR = 365 * 24 * 3600 * 1_000_000_000


class Copy:
    """A copy of the process that has done its work at once, here."""

    told: list[bytes | None]
    is_killed = False

    def __init__(self, work: Callable[[Send], None]) -> None:
        parts: list[bytes] = []
        work(parts.append)
        self._told = None if self.is_killed else b"".join(parts)

    def __enter__(self) -> Copy:
        return self

    def __exit__(self, *_: object) -> None:
        return

    def result(self) -> bytes | None:
        self.told.append(self._told)
        return self._told


@pytest.fixture(autouse=True)
def a_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "_BY_TWO", 2)
    monkeypatch.setattr(files, "is_possible", lambda: True)
    monkeypatch.setattr(files, "Meanwhile", Copy)
    monkeypatch.setattr(Copy, "told", [], raising=False)


@pytest.fixture
def names(tmp_path: Path) -> list[str]:
    """Files of which some are too new to be believed."""
    found = [f"{number}.yaml" for number in range(7)]
    for number, name in enumerate(found):
        (tmp_path / name).write_bytes(bytes(number))
    return found


def alone(folder: Path, names: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[object, ...]:
    with monkeypatch.context() as patched:
        patched.setattr(files, "is_possible", lambda: False)
        return seen(folder, names)


def seen(folder: Path, names: list[str]) -> tuple[object, ...]:
    found = statuses(str(folder), names)
    return () if found is None else (found.each, [*found.settled()], found.digest())


@pytest.mark.parametrize("count", range(8))
@pytest.mark.parametrize("is_killed", [False, True])
def test_two_see_what_one_sees(
    tmp_path: Path,
    names: list[str],
    count: int,
    is_killed: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Copy, "is_killed", is_killed)
    some = names[:count]
    assert seen(tmp_path, some) == alone(tmp_path, some, monkeypatch)
    assert [told is None for told in Copy.told] == ([is_killed] if count > 1 else [])


@pytest.mark.parametrize("new", range(7))
def test_one_that_is_too_new_is_told_apart_wherever_it_stands(
    tmp_path: Path, names: list[str], new: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = (tmp_path / names[0]).stat().st_ctime_ns + YEAR
    monkeypatch.setattr("time.time_ns", lambda: now)
    assert status_digest(str(tmp_path), names) != ""
    os.utime(tmp_path / names[new], ns=(now, now))
    found = statuses(str(tmp_path), names)
    assert found is not None
    assert [number for number, _ in found.settled()] == [n for n in range(7) if n != new]
    assert found.digest() == ""
    assert seen(tmp_path, names) == alone(tmp_path, names, monkeypatch)


def test_the_copy_believes_no_file_that_its_caller_would_not(
    tmp_path: Path, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However late it begins."""
    times = iter([0])
    monkeypatch.setattr("time.time_ns", lambda: next(times, YEAR * 1000))
    found = statuses(str(tmp_path), names)
    assert found is not None
    assert [*found.settled()] == []


@pytest.mark.parametrize("gone", [0, 3, 6])
def test_where_one_is_gone_nothing_is_known(tmp_path: Path, names: list[str], gone: int) -> None:
    (tmp_path / names[gone]).unlink()
    assert statuses(str(tmp_path), names) is None
    assert status_digest(str(tmp_path), names) == ""


def test_a_name_that_is_not_utf8_is_told_as_it_is(
    tmp_path: Path, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = "\udcff.yaml"  # as Python shows the byte 0xFF
    status = os.stat(tmp_path / names[0])  # noqa: PTH116 - replaced below
    monkeypatch.setattr(os, "stat", lambda *_, **__: status)  # not every disk has such names
    some = [*names, odd]
    assert seen(tmp_path, some) == alone(tmp_path, some, monkeypatch)
    assert Copy.told[0]
    found = statuses(str(tmp_path), some)
    assert found is not None
    assert found.each[-1].startswith(odd)


def test_few_files_are_not_worth_a_copy(
    tmp_path: Path, names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "_BY_TWO", len(names) + 1)
    assert statuses(str(tmp_path), names) is not None
    assert Copy.told == []


def test_a_real_copy_sees_the_same(tmp_path: Path, names: list[str]) -> None:
    script = """
import os, sys
from reconciler.cache import files
forks, fork = [], os.fork
os.fork = lambda: forks.append(1) or fork()
files._BY_TWO = 2
os.sched_getaffinity = lambda _: set(range(int(sys.argv[1])))
found = files.statuses(sys.argv[2], sys.argv[3:])
print(len(forks), found.each)
"""
    said = {}
    for processors in (1, 2):
        words = [sys.executable, "-W", "error", "-c", script, str(processors), str(tmp_path)]
        done = subprocess.run(
            [*words, *names], capture_output=True, text=True, timeout=SECONDS, check=True
        )
        forks, _, said[processors] = done.stdout.partition(" ")
        assert forks == str(processors - 1)
    assert said[1] == said[2]
    assert all(name in said[1] for name in names)
