"""A kept folder is one process's at a time, and never comes back half-written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.git.borrow import borrowed

DAY = 24 * 3600


def make(kept: Path) -> None:
    with borrowed(kept) as loan:
        loan.folder.mkdir()
        (loan.folder / "file").write_text("mine")
        loan.sound = True


def left_over(kept: Path, process: int, *, age: float) -> Path:
    folder = kept.with_name(f"{kept.name}.taken-{process}-abc")
    folder.mkdir(parents=True)
    os.utime(folder, (folder.stat().st_mtime - age,) * 2)
    return folder


def dead_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
    return process.pid


def test_a_sound_folder_is_there_for_the_next_one(tmp_path: Path) -> None:
    kept = tmp_path / "cache" / "kept"
    make(kept)
    with borrowed(kept) as loan:
        assert not kept.exists()
        assert (loan.folder / "file").read_text() == "mine"
        loan.sound = True
    assert (kept / "file").exists()


def test_a_folder_that_nobody_called_sound_is_thrown_away(tmp_path: Path) -> None:
    make(tmp_path / "kept")
    with pytest.raises(ZeroDivisionError), borrowed(tmp_path / "kept"):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


def test_the_first_one_back_wins(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    with borrowed(kept) as slow:
        slow.folder.mkdir()
        (slow.folder / "slow").touch()
        slow.sound = True
        make(kept)
    assert [path.name for path in kept.iterdir()] == ["file"]
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]


def test_what_a_killed_process_took_is_swept_up_a_day_later(tmp_path: Path) -> None:
    kept, dead = tmp_path / "kept", dead_process()
    old = left_over(kept, dead, age=2 * DAY)
    make(kept)
    assert not old.exists()


@pytest.mark.parametrize("age", [0, 2 * DAY])
def test_what_a_living_process_has_is_never_swept_up(tmp_path: Path, age: float) -> None:
    """However old it looks: clocks jump."""
    kept = tmp_path / "kept"
    mine = left_over(kept, os.getpid(), age=age)
    make(kept)
    assert mine.exists()


def test_what_looks_new_is_not_swept_up(tmp_path: Path) -> None:
    """Its process may be one of another container."""
    kept = tmp_path / "kept"
    fresh = left_over(kept, dead_process(), age=60)
    make(kept)
    assert fresh.exists()


def test_what_is_no_folder_of_ours_is_left_alone(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    (tmp_path / "kept.taken-by-hand").mkdir()
    make(kept)
    assert (tmp_path / "kept.taken-by-hand").exists()
