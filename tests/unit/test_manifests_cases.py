"""Every manifest in `tests/cases/manifests` has exactly the problems written beside it."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.manifests import Manifest, parse
from reconciler.problems import Problem, Severity, sort_key
from reconciler.schema import check

CASES = Path(__file__).parent.parent / "cases" / "manifests"
MANIFESTS = sorted(CASES.rglob("*.yaml"))


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.relative_to(CASES).as_posix())
def test_a_manifest_has_the_problems_written_beside_it(path: Path) -> None:
    expected = path.with_suffix(".txt").read_text(encoding="utf-8")
    assert "".join(map(_shown, sorted(_problems(path), key=sort_key))) == expected


def test_no_expectation_lacks_its_manifest() -> None:
    assert {path.with_suffix(".yaml") for path in CASES.rglob("*.txt")} == set(MANIFESTS)


def _problems(path: Path) -> tuple[Problem, ...]:
    manifest = parse(path.read_bytes(), name="case", path="signatures/case.yaml")
    return check(manifest) if isinstance(manifest, Manifest) else manifest


def _shown(problem: Problem) -> str:
    assert problem.severity is Severity.ERROR
    assert (problem.name, problem.path) == ("case", "signatures/case.yaml")
    where = problem.position
    end_line = "" if where.end_line == where.line else f"{where.end_line}:"
    place = f"{where.line}:{where.column}-{end_line}{where.end_column}"
    return f"{place} {problem.rule} {problem.summary}\n    {problem.detail}\n"
