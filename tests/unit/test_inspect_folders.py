"""Document files are looked for where documents are, and nowhere else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reconciler.inspection import folders
from reconciler.inspection.folders import document_files
from tests.unit.rules_world import write


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    for name in (
        "logo.png",
        "docs/screenshot.png",
        "signatures/_documents/a.PNG",
        "signatures/shop/b.jpeg",
        "signatures/shop/b.yaml",
        "signatures/.cache/c.png",
        "documents/d.pdf",
        "assets/papers/acme/e.jpg",
        "assets/papers/brook/f.pdf",
        "assets/icons/g.png",
        "scans/h.png",
    ):
        write(tmp_path / name, b"")
    return tmp_path


def test_the_folders_of_signatures_and_documents_are_looked_through(repository: Path) -> None:
    assert document_files(repository, ()) == (
        "documents/d.pdf",
        "signatures/_documents/a.PNG",
        "signatures/shop/b.jpeg",
    )


def test_so_are_those_of_used_documents_and_those_beside_them(repository: Path) -> None:
    used = (
        "assets/papers/acme/e.jpg",
        "scans/h.png",
        "logo.png",
        "signatures/shop/deep/b.jpeg",
    )
    found = set(document_files(repository, used)) - set(document_files(repository, ()))

    assert found == {"assets/papers/acme/e.jpg", "assets/papers/brook/f.pdf", "scans/h.png"}


def test_links_and_names_that_no_manifest_can_write_are_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "signatures/a.png", b"")
    (tmp_path / "signatures/link.png").symlink_to("a.png")
    (tmp_path / "signatures/loop").symlink_to(".")
    os.close(os.open(os.fsencode(tmp_path / "signatures") + b"/\xff.png", os.O_CREAT))

    assert document_files(tmp_path, ()) == ("signatures/a.png",)


def test_a_folder_that_is_not_there_holds_nothing(tmp_path: Path) -> None:
    assert document_files(tmp_path, ("gone/a.png",)) == ()


def test_there_is_an_end_to_looking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(9):
        write(tmp_path / f"signatures/{number}.png", b"")
    monkeypatch.setattr(folders, "_MOST", 3)

    assert len(document_files(tmp_path, ())) == 4
