"""Whatever lies in `signatures/`, `validate` ends in exit 0 or 3, in every format."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.cli.main import run
from reconciler.errors import EXIT_INVALID
from reconciler.render.problems.kinds import ProblemFormat
from reconciler.rules.samples import manifest

Make = Callable[[Path], None]


def _loop(folder: Path) -> None:
    (folder / "loop.yaml").symlink_to("loop.yaml")


def _long_loop(folder: Path) -> None:
    (folder / "one.yaml").symlink_to("two.yaml")
    (folder / "two.yaml").symlink_to("one.yaml")


def _outside(folder: Path) -> None:
    (folder / "hosts.yaml").symlink_to("/etc/hosts")


def _nowhere(folder: Path) -> None:
    (folder / "gone.yaml").symlink_to("nothing-here")


def _pipe(folder: Path) -> None:
    os.mkfifo(folder / "pipe.yaml")


def _name_that_is_no_text(folder: Path) -> None:
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.yaml"))).write_bytes(b"a: 1")


def _nothing_in_it(folder: Path) -> None:
    (folder / "empty.yaml").touch()


@pytest.mark.parametrize(
    "make",
    [_loop, _long_loop, _outside, _nowhere, _pipe, _name_that_is_no_text, _nothing_in_it],
    ids=lambda make: make.__name__,
)
def test_an_odd_file_is_an_error_in_every_format(
    make: Make, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "signatures"
    folder.mkdir()
    (folder / "shop.yaml").write_text(manifest("优刻得科技"), "utf-8")
    make(folder)

    for kind in ProblemFormat:
        assert run(["validate", "-C", str(tmp_path), "--format", kind.value]) == EXIT_INVALID
        out, err = capsys.readouterr()
        assert "signatures/" in out
        assert err == ""
