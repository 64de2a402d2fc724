"""Every manifest in `tests/cases/rules` has exactly the findings written beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from reconciler.desire import ROLES
from reconciler.documents import Documents, open_document
from reconciler.inspection.facts import Facts
from reconciler.inspection.inspect import inspect
from reconciler.manifests import Manifest, parse
from reconciler.model import Proof
from reconciler.problems import Problem
from reconciler.rules.config import read
from reconciler.rules.engine import Evidence, check
from reconciler.rules.rule import EXAMPLE_DAY
from reconciler.schema import check as check_shape
from tests.tools.make_bad_documents import documents

CASES = Path(__file__).parent.parent / "cases" / "rules"
MANIFESTS = sorted(CASES.rglob("*.yaml"))


@pytest.mark.parametrize("path", MANIFESTS, ids=lambda path: path.relative_to(CASES).as_posix())
def test_a_manifest_has_the_findings_written_beside_it(path: Path) -> None:
    stage, expected = _expectation(path.with_suffix(".txt"))
    found = check(_evidence(path, stage), read(stage.get("rules", {})))
    assert "".join(map(_shown, found)) == expected


def test_no_expectation_lacks_its_manifest() -> None:
    assert {path.with_suffix(".yaml") for path in CASES.rglob("*.txt")} == set(MANIFESTS)


def test_the_kept_script_makes_the_documents() -> None:
    kept = {path.name: path.read_bytes() for path in (CASES / "_documents").iterdir()}
    made = documents()

    assert kept.keys() == made.keys()
    # Builds of zlib pack pixels differently, and may; all else is the same byte for byte.
    assert all(kept[name] == made[name] for name in made if not name.endswith(".png"))


def _expectation(path: Path) -> tuple[Mapping[str, Any], str]:
    """What sets the stage, and the findings."""
    stage: dict[str, Any] = {}
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    while lines and lines[0].startswith("#"):
        _, key, value = lines.pop(0).split(maxsplit=2)
        stage[key] = json.loads(value) if key == "rules" else value.strip()
    return stage, "".join(lines)


def _evidence(path: Path, stage: Mapping[str, Any]) -> Evidence:
    relative = path.relative_to(CASES)
    raw = path.read_bytes()
    manifest = parse(raw, name=relative.with_suffix("").as_posix(), path=relative.as_posix())
    assert isinstance(manifest, Manifest)
    assert check_shape(manifest) == ()
    proofs = dict(_proofs(manifest))
    return Evidence(
        manifests=(manifest,),
        today=date.fromisoformat(stage.get("today", str(EXAMPLE_DAY))),
        proofs={manifest.path: proofs},
        facts={proof.sha256: _facts(proof) for proof in proofs.values() if proof.sha256},
        inspected=True,
    )


def _proofs(manifest: Manifest) -> Iterator[tuple[str, Proof]]:
    for role in ROLES:
        paper = manifest.data.get(role)
        if isinstance(paper, Mapping) and "file" in paper:
            folder = manifest.path.rpartition("/")[0]
            yield role, Documents(CASES).proof(folder, paper["file"])
        elif isinstance(paper, Mapping):
            yield role, Proof(url=paper["url"])


def _facts(proof: Proof) -> Facts:
    with open_document(CASES, proof.path or "") as file:
        return inspect(file.read(), proof.media_type or "")


def _shown(problem: Problem) -> str:
    where = problem.position
    assert where.end_line == where.line
    place = f"{where.line}:{where.column}-{where.end_column}"
    words = f"{problem.severity.value} {problem.rule} {problem.summary}"
    return f"{place} {words}\n    {problem.detail}\n"
