"""A repository's manifests and documents to desired signatures, or to all of their problems."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.clashes import clashes
from reconciler.desire import ROLES, desire
from reconciler.discover import Found, discover, read
from reconciler.documents import DocumentError, Documents
from reconciler.manifests import Manifest, parse
from reconciler.model import Desired, Proof
from reconciler.problems import BAD_DOCUMENT, Position, Problem, Severity, sort_key
from reconciler.schema import check, verdicts
from reconciler.shape.predicate import Predicate


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """Everything that the manifests say, and everything that is wrong with them."""

    desired: tuple[Desired, ...]
    """One for each manifest that has no problem itself; sorted by path."""
    manifests: tuple[Manifest, ...]
    """Each file that could be read as YAML; sorted by path."""
    problems: tuple[Problem, ...]
    """Of all files, sorted by `problems.sort_key`; any of them stops plan and apply."""
    has_folder: bool = True
    """False when there is no `signatures/`: an empty repository, or the wrong directory."""
    count: int = 0
    """How many manifests there are, the unreadable ones included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """One manifest, as far as one can come with it; `desired` only where there is no problem."""

    manifest: Manifest | None = None
    desired: Desired | None = None
    problems: tuple[Problem, ...] = ()


def load(root: Path, *, default_project: str) -> Repository:
    """Read the whole repository. Never raises for anything that stands in it."""
    discovery = discover(root)
    documents, is_valid = Documents(root), verdicts(count=len(discovery.manifests))
    loaded = [
        load_one(
            root, found, documents=documents, is_valid=is_valid, default_project=default_project
        )
        for found in discovery.manifests
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
    )


def load_one(
    root: Path,
    found: Found,
    *,
    documents: Documents,
    is_valid: Predicate | None = None,
    default_project: str,
) -> Loaded:
    """Read one manifest and the documents it names; nothing is compared with other manifests."""
    raw = read(root, found)
    if isinstance(raw, Problem):
        return Loaded(problems=(raw,))
    manifest = parse(raw, name=found.name, path=found.path)
    if not isinstance(manifest, Manifest):
        return Loaded(problems=manifest)
    shape = check(manifest, is_valid)
    proofs, unproved = _proofs(manifest, documents, misshapen={each.position for each in shape})
    problems = (*shape, *unproved)
    if problems:
        return Loaded(manifest=manifest, problems=problems)
    return Loaded(manifest=manifest, desired=desire(manifest, proofs, default_project))


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
