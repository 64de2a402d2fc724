"""Every input that was ever of interest still ends in findings, and in time."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fuzz.target import judge

TESTS = Path(__file__).resolve().parents[1]
INPUTS = sorted(
    path
    for folder in ("fuzz/corpus", "cases/rules", "cases/manifests")
    for path in (TESTS / folder).rglob("*")
    if path.is_file() and path.suffix not in {".txt", ".md"}
)


@pytest.mark.parametrize("path", INPUTS, ids=lambda path: path.relative_to(TESTS).as_posix())
def test_an_input_ends_in_findings(path: Path) -> None:
    found = judge(path.read_bytes())

    assert all(problem.summary.isprintable() for problem in found)
    assert len(found) < 300


def test_the_corpus_has_manifests_and_documents_of_every_kind() -> None:
    beginnings = {path.read_bytes()[:2] for path in INPUTS if "fuzz" in path.parts}

    assert {b"\x89P", b"\xff\xd8", b"%P"} < beginnings
