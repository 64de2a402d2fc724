"""A repository's manifests and documents, judged by the rules: reads what the rules cannot."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from reconciler.documents import MAX_BYTES, DocumentError, open_document
from reconciler.inspection.available import available
from reconciler.inspection.facts import Facts, Fault
from reconciler.manifests import Manifest
from reconciler.model import Proof
from reconciler.problems import Problem
from reconciler.regular import read_fully
from reconciler.repository import Proofs
from reconciler.rules.beside import ALONE, Beside, Note, nobody_notes
from reconciler.rules.config import RulesConfig
from reconciler.rules.engine import Evidence, check, wants_files, wants_inspection
from reconciler.rules.subject import is_exempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What the rules found."""

    problems: tuple[Problem, ...]
    """Sorted; not those that were known before."""
    notes: tuple[str, ...] = ()
    """What could not be judged, and how that can be changed. No problem of the repository's."""
    is_passing: bool = False
    """A document has changed meanwhile, or took too long: another run may find something else."""


def review(
    root: Path,
    manifests: tuple[Manifest, ...],
    proofs: Proofs,
    files: Sequence[str],
    *,
    earlier: tuple[Problem, ...],
    today: date,
    config: RulesConfig,
    beside: Beside = ALONE,
    note: Note = nobody_notes,
) -> Review:
    """Judge the manifests. Never raises for anything that stands in the repository.

    `files` are the document files that lie there; `earlier` is what is wrong already; `today` is
    the reviewers' day (`reviewhours`). Others, which stand `beside` them, are judged already.
    `note` is told what the manifests say that others may contradict.
    """
    asked = wants_inspection(config)
    wanted = _wanted(manifests, proofs) if asked else {}
    everywhere = wanted.keys() | beside.scans if asked else wanted.keys()
    looked = bool(everywhere) and available()
    facts = _facts(root, wanted) if looked else {}
    evidence = Evidence(
        manifests=manifests,
        today=today,
        proofs=proofs,
        facts=facts,
        inspected=looked,
        files=tuple(files) if wants_files(config) else (),
        earlier=earlier,
        beside=beside,
    )
    notes = () if looked or not everywhere else (_not_looked_into(len(everywhere)),)
    is_passing = looked and (facts.keys() != wanted.keys() or any(map(_may_pass, facts.values())))
    return Review(problems=check(evidence, config, note), notes=notes, is_passing=is_passing)


def _wanted(manifests: Iterable[Manifest], proofs: Proofs) -> dict[str, Proof]:
    """Each file once, however often it is used and copied, by sha256."""
    return {
        proof.sha256: proof
        for manifest in manifests
        if not is_exempt(manifest)
        for proof in proofs.get(manifest.path, {}).values()
        if proof.sha256 is not None
    }


def _may_pass(facts: Facts) -> bool:
    """What was too much work this time may be less for another machine."""
    return facts.fault is Fault.EXCESSIVE


def _facts(root: Path, wanted: Mapping[str, Proof]) -> dict[str, Facts]:
    """What could be found out, by sha256; a document that has changed since is left out."""
    found = {sha256: _look(root, proof) for sha256, proof in wanted.items()}
    return {sha256: facts for sha256, facts in found.items() if facts is not None}


def _look(root: Path, proof: Proof) -> Facts | None:
    from reconciler.inspection.inspect import inspect

    try:
        with open_document(root, proof.path or "") as file:
            # To make room for the largest each time would take twice as long as to read it.
            data = read_fully(file, proof.size or MAX_BYTES)
    except (DocumentError, OSError):
        return None  # it was there a moment ago: whoever sends it will say so
    if hashlib.sha256(data).hexdigest() != proof.sha256:
        return None  # the same
    return inspect(data, proof.media_type or "")


def _not_looked_into(count: int) -> str:
    documents = "1 document was" if count == 1 else f"{count} documents were"
    return (
        f"{documents} not looked into: without Pillow and pypdf nobody can tell whether a document "
        "is damaged, encrypted, empty or too small to read. "
        "Install them: pip install 'reconciler[documents]'"
    )
