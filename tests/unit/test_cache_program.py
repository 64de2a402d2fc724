"""What another build of this program found out is not believed."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler import __version__
from reconciler.cache import program

LINES = """\
../../../bin/reconciler,sha256={script},220
reconciler/__init__.py,sha256={source},108
reconciler/__pycache__/__init__.cpython-311.pyc,,
reconciler-0.1.0.dist-info/direct_url.json,sha256={script},60
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed one, whose schema lies in it."""
    package = tmp_path / "reconciler"
    package.mkdir()
    (package / "schema.json").write_text("{}")
    (package / "__init__.py").write_text("one")
    monkeypatch.setattr(program, "_PACKAGE", package)
    monkeypatch.setattr(program, "schema_path", lambda _: package / "schema.json")
    return package


def said() -> list[bytes]:
    return list(program._parts())


def record(package: Path, *, source: str, script: str) -> None:
    folder = package.parent / f"reconciler-{__version__}.dist-info"
    folder.mkdir(exist_ok=True)
    (folder / "RECORD").write_text(LINES.format(source=source, script=script))


def test_a_build_is_known_by_what_was_installed(package: Path) -> None:
    record(package, source="A", script="B")
    first = said()
    record(package, source="A", script="of another machine")
    assert said() == first
    record(package, source="another build's", script="B")
    assert said() != first


def test_without_a_list_of_what_was_installed_the_sources_tell(package: Path) -> None:
    first = said()
    (package / "__init__.py").write_text("two")
    assert said() != first


def test_a_library_that_opens_more_documents_makes_another_program(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record(package, source="A", script="B")
    without = said()
    monkeypatch.syspath_prepend(package.parent)
    (package.parent / "Crypto").mkdir()  # without a file that could say its version
    assert said() != without


def test_a_checkout_is_known_by_its_sources(package: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record(package, source="A", script="B")
    elsewhere = package.parent / "schema.json"
    elsewhere.write_text("{}")
    monkeypatch.setattr(program, "schema_path", lambda _: elsewhere)
    first = said()
    (package / "__init__.py").write_text("two")
    assert said() != first
