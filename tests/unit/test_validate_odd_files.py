"""Whatever lies in `signatures/`, `validate` ends in exit 0 or 3, in every format."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.cli.main import run
from reconciler.errors import EXIT_DONE, EXIT_INVALID
from reconciler.render.problems.kinds import ProblemFormat
from reconciler.rules.samples import manifest
from tests.tools.make_bad_documents import documents

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


_LINES = st.sampled_from(
    [
        *(
            "id: SIG1",
            "content: 优刻得",
            "content: 【优】",
            "type: app",
            "type: 0",
            "purpose: others-use",
        ),
        *(
            "certificate: {file: ../documents/a}",
            "certificate:",
            "  file: ../documents/a",
            "  url: x",
        ),
        *(
            "  expires: 2020-01-01",
            "  holder: 优刻得科技有限公司",
            "authorization: &a",
            "scene: |",
            "  x",
        ),
        *(
            "# reconciler: ignore[USMS203]",
            "# reconciler: ignore[USMS201] so it is",
            "- a",
            "? b",
            "\t",
        ),
    ]
)
_MANIFESTS = (
    st.lists(_LINES, max_size=12).map("\n".join).map(str.encode)
    | st.binary(max_size=80)
    | st.text(max_size=80).map(lambda text: text.encode("utf-16" if "a" in text else "utf-8"))
)


@st.composite
def _documents(draw: st.DrawFn) -> bytes:
    """One that was made odd on purpose, cut and with other bytes somewhere."""
    data = draw(st.sampled_from(sorted(documents().values())))
    place = draw(st.integers(0, len(data)))
    end = draw(st.integers(place, len(data)))
    return data[:place] + draw(st.binary(max_size=8)) + data[place + 4 : end + 4]


@settings(max_examples=60)
@given(first=_MANIFESTS, second=_MANIFESTS, scan=_documents(), kind=st.sampled_from(ProblemFormat))
def test_any_bytes_end_in_exit_0_or_3_and_in_nothing_on_stderr(
    first: bytes, second: bytes, scan: bytes, kind: ProblemFormat
) -> None:
    out, err = io.StringIO(), io.StringIO()
    with tempfile.TemporaryDirectory() as name:
        for path, data in (("signatures/a.yaml", first), ("signatures/b.yml", second)):
            (Path(name) / path).parent.mkdir(exist_ok=True)
            (Path(name) / path).write_bytes(data)
        (Path(name) / "documents").mkdir()
        (Path(name) / "documents" / "a").write_bytes(scan)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(["validate", "-C", name, "--format", kind.value])

    assert code in {EXIT_DONE, EXIT_INVALID}
    assert out.getvalue().endswith("\n")
    assert err.getvalue() == ""
