"""What changes while it is judged, or leads elsewhere later, is judged again by the next run."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from reconciler.cli.workspace import _judge
from reconciler.repository import Repository
from tests.unit.recall_world import SCAN, SMALL, judge_while_a_file_comes_and_goes, world


def test_a_verdict_on_a_document_that_changed_meanwhile_is_not_kept() -> None:
    def meanwhile(*given: Any, **more: Any) -> Repository:
        made.write("documents/one.png", SMALL)
        return _judge(*given, **more)

    with world() as made:
        made.write("documents/one.png", SCAN)
        with mock.patch("reconciler.cli.workspace._judge", meanwhile):
            made.judge(cached=True)
        assert "120 x 80" in str(made.judge(cached=True)), "it is the small one by now"
        made.write("documents/one.png", SCAN)
        assert "120 x 80" not in str(made.judge(cached=True))


def test_a_verdict_on_a_folder_that_changed_meanwhile_is_not_kept() -> None:
    def meanwhile(*given: Any, **more: Any) -> Repository:
        judged = _judge(*given, **more)
        made.write("documents/unused.png", SCAN)
        return judged

    with world() as made:
        with mock.patch("reconciler.cli.workspace._judge", meanwhile):
            made.judge(cached=True)
        assert "unused.png" in str(made.judge(cached=True))


def test_the_files_that_are_judged_are_those_that_are_remembered() -> None:
    with world() as made:
        judge_while_a_file_comes_and_goes(made)
        assert made.judge(cached=True) == made.judge(cached=False)


def test_a_folder_that_is_looked_into_in_vain_is_looked_into_again() -> None:
    scandir = os.scandir

    def fail(path: Any) -> Any:
        if str(path).endswith("documents"):
            raise OSError(errno.ENFILE, "too many open files")
        return scandir(path)

    with world() as made:
        made.write("documents/unused.png", SCAN)
        with mock.patch("os.scandir", fail):
            assert "unused.png" not in str(made.judge(cached=True))
        assert made.judge(cached=True) == made.judge(cached=False)
        assert "unused.png" in str(made.judge(cached=True))


def test_a_manifest_that_comes_once_its_folder_is_listed_is_found_by_the_next_run() -> None:
    scandir = os.scandir

    @contextmanager
    def meanwhile(path: Any) -> Iterator[Any]:
        with scandir(path) as entries:
            yield entries
        if str(path).endswith("signatures"):
            made.manifest("b", "优刻得")

    with world() as made:
        with mock.patch("os.scandir", meanwhile):
            made.judge(cached=True)
        assert made.judge(cached=True) == made.judge(cached=False)
        assert "优刻得" in str(made.judge(cached=True))


def test_a_folder_that_is_now_another_one_is_another_one() -> None:
    with world() as made:
        made.write("old/one.png", SCAN)
        made.write("new/one.png", SMALL)
        made.manifest("a", "甲乙丙丁", "../link/one.png")
        (made.root / "link").symlink_to("old")
        made.judge(cached=True)
        (made.root / "link").unlink()
        (made.root / "link").symlink_to("new")
        assert "120 x 80" in str(made.judge(cached=True))
        assert made.judge(cached=True) == made.judge(cached=False)
