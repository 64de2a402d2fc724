"""A repository's manifests and documents to desired signatures, or to all of their problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from reconciler.clashes import clashes
from reconciler.desire import ROLES, desire
from reconciler.discover import Found, Sources, read_all
from reconciler.documents import DocumentError, Documents
from reconciler.manifests import Manifest, parse
from reconciler.model import Desired, Proof
from reconciler.problems import BAD_DOCUMENT, Position, Problem, Severity, sort_key
from reconciler.repository import Repository
from reconciler.schema import check, verdicts
from reconciler.shape.predicate import Predicate


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """One manifest, as far as one can come with it; `desired` only where there is no problem."""

    manifest: Manifest | None = None
    desired: Desired | None = None
    proofs: Mapping[str, Proof] = field(default_factory=lambda: MappingProxyType({}))
    problems: tuple[Problem, ...] = ()


def load(
    root: Path,
    *,
    default_project: str,
    sources: Sources | None = None,
    documents: Documents | None = None,
) -> Repository:
    """Read the whole repository. Never raises for anything that stands in it.

    `sources` and `documents` are for whoever has begun to read it already.
    """
    sources, documents = sources or read_all(root), documents or Documents(root)
    discovery = sources.discovery
    is_valid = verdicts(count=len(discovery.manifests))
    loaded = [
        load_one(
            found, raw, documents=documents, is_valid=is_valid, default_project=default_project
        )
        for found, raw in zip(discovery.manifests, sources.raws, strict=True)
    ]
    manifests = tuple(each.manifest for each in loaded if each.manifest is not None)
    problems = [
        *discovery.problems,
        *(problem for each in loaded for problem in each.problems),
        *clashes(manifests, default_project=default_project),
    ]
    invalid = {problem.path for problem in problems}
    desired = (each.desired for each in loaded if each.desired is not None)
    return Repository(
        desired=tuple(each for each in desired if each.path not in invalid),
        manifests=manifests,
        problems=tuple(sorted(problems, key=sort_key)),
        has_folder=discovery.has_folder,
        count=len(discovery.manifests),
        names={manifest.path: manifest.name for manifest in manifests},
        proofs={each.manifest.path: each.proofs for each in loaded if each.manifest is not None},
    )


def load_one(
    found: Found,
    raw: bytes | Problem,
    *,
    documents: Documents,
    is_valid: Predicate | None = None,
    default_project: str,
) -> Loaded:
    """One manifest and the documents it names; nothing is compared with other manifests."""
    if isinstance(raw, Problem):
        return Loaded(problems=(raw,))
    manifest = parse(raw, name=found.name, path=found.path)
    if not isinstance(manifest, Manifest):
        return Loaded(problems=manifest)
    shape = check(manifest, is_valid)
    proofs, unproved = _proofs(manifest, documents, misshapen={each.position for each in shape})
    problems = (*shape, *unproved)
    if problems:
        return Loaded(manifest=manifest, proofs=proofs, problems=problems)
    desired = desire(manifest, proofs, default_project)
    return Loaded(manifest=manifest, proofs=proofs, desired=desired)


def _proofs(
    manifest: Manifest, documents: Documents, *, misshapen: set[Position]
) -> tuple[Mapping[str, Proof], list[Problem]]:
    """The documents by role, and what is wrong with them, whatever else is wrong."""
    proofs: dict[str, Proof] = {}
    problems: list[Problem] = []
    if manifest.data.get("absent") is True:
        return proofs, problems  # nothing is sent, so its documents may be gone already
    for role in ROLES:
        written = manifest.data.get(role)
        if not isinstance(written, Mapping):
            continue
        if misshapen and manifest.locate(role, "file") in misshapen:
            continue
        try:
            proof = _proof(written, documents, manifest.path)
        except DocumentError as error:
            problems.append(_bad_document(manifest, role, error))
        else:
            proofs[role] = proof
    return proofs, problems


def _proof(written: Mapping[str, object], documents: Documents, path: str) -> Proof:
    file, url = written.get("file"), written.get("url")
    if isinstance(file, str):
        return documents.proof(path.rpartition("/")[0], file)
    return Proof(url=str(url))


def _bad_document(manifest: Manifest, role: str, error: DocumentError) -> Problem:
    return Problem(
        severity=Severity.ERROR,
        rule=BAD_DOCUMENT,
        summary=f"`{role}.file`: {error.summary}",
        detail=error.advice,
        name=manifest.name,
        path=manifest.path,
        position=manifest.locate(role, "file"),
    )
