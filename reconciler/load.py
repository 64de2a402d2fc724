"""A repository's manifests and documents to desired signatures, or to all of their problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from reconciler.cache.later import Later
from reconciler.clashes import Claimed, clashes
from reconciler.desire import ROLES, desire
from reconciler.discover import Said, Sources, name_of, read_all
from reconciler.documents import DocumentError, Documents
from reconciler.manifests import Manifest, parse
from reconciler.model import Proof
from reconciler.problems import BAD_DOCUMENT, CLASH, Problem, Severity, sort_key
from reconciler.repository import Repository
from reconciler.rules.beside import Note, nobody_notes
from reconciler.schema import check, verdicts
from reconciler.shape.predicate import Predicate

_NO_PROOFS: Mapping[str, Proof] = MappingProxyType({})


_Read = tuple[Manifest | None, tuple[Problem, ...]]
"""A manifest, as far as it can be read, and what is wrong with it so far."""


def load(
    root: Path,
    *,
    default_project: str,
    sources: Sources | None = None,
    documents: Documents | None = None,
    trusting: bool = False,
    note: Note = nobody_notes,
) -> Repository:
    """Read the whole repository. Never raises for anything that stands in it.

    `sources` and `documents` are for whoever has begun to read it already; `trusting` is for
    whoever holds the manifests against the schema himself; `note` is told what each manifest
    claims. What is desired, and which manifests clash, is worked out when somebody asks for it:
    of two processes one may ask for this, the other one for that.
    """
    sources, documents = sources or read_all(root), documents or Documents(root)
    discovery = sources.discovery
    is_valid = _anything if trusting else verdicts(count=len(discovery.manifests))
    pairs = zip(discovery.manifests, sources.raws, strict=True)
    read = [_read(n, path, raw, sources.said, is_valid) for n, (path, raw) in enumerate(pairs)]
    manifests = tuple(manifest for manifest, _ in read if manifest is not None)
    # All manifests before the first document: those can be looked at beside, meanwhile.
    proofs, unproved = _proved(read, documents)
    own = [*discovery.problems, *(problem for _, found in read for problem in found), *unproved]
    invalid = {problem.path for problem in own}
    sound = [manifest for manifest in manifests if manifest.path not in invalid]
    return Repository(
        desired=Later(lambda: tuple(desire(m, proofs[m.path], default_project) for m in sound)),
        manifests=manifests,
        problems=Later(lambda: _all(own, manifests, default_project, note)),
        has_folder=discovery.has_folder,
        count=len(discovery.manifests),
        names={manifest.path: manifest.name for manifest in manifests},
        is_linked=discovery.is_linked,
        proofs=proofs,
    )


def readable(sources: Sources) -> tuple[Manifest, ...]:
    """Those manifests that can be read as YAML, whatever else is wrong with them."""
    pairs = zip(sources.discovery.manifests, sources.raws, strict=True)
    parsed = (parse(raw, name=name_of(p), path=p) for p, raw in pairs if isinstance(raw, bytes))
    return tuple(each for each in parsed if isinstance(each, Manifest))


def _all(
    own: Sequence[Problem], manifests: Sequence[Manifest], default_project: str, note: Note
) -> tuple[Problem, ...]:
    """What manifests have of their `own`, and where two of them clash; sorted."""
    claimed: Claimed = {}
    clashing = [*clashes(manifests, default_project=default_project, claimed=claimed)]
    note(CLASH, ((claim, "", (first,)) for claim, (first, _) in claimed.items()))
    return tuple(sorted([*own, *clashing], key=sort_key))


def _anything(_: object) -> bool:
    return True


def _read(number: int, path: str, raw: bytes | Problem, said: Said, is_valid: Predicate) -> _Read:
    if isinstance(raw, Problem):
        return None, (raw,)
    manifest = parse(raw, name=name_of(path), path=path, said=said(number, raw))
    if not isinstance(manifest, Manifest):
        return None, manifest
    return manifest, check(manifest, is_valid)


def _proved(
    read: Sequence[_Read], documents: Documents
) -> tuple[Mapping[str, Mapping[str, Proof]], list[Problem]]:
    """The documents of every manifest by its path, and what is wrong with them."""
    problems: list[Problem] = []
    proofs = {
        manifest.path: _proofs(manifest, documents, shape, problems)
        for manifest, shape in read
        if manifest is not None
    }
    return proofs, problems


def _proofs(
    manifest: Manifest,
    documents: Documents,
    shape: tuple[Problem, ...],
    problems: list[Problem],
) -> Mapping[str, Proof]:
    """The documents by role, whatever else is wrong; what is wrong with them joins `problems`.

    One whose place breaks the schema (`shape`) has its problem already.
    """
    if manifest.data.get("absent") is True:
        return _NO_PROOFS  # nothing is sent, so its documents may be gone already
    misshapen = {each.position for each in shape} if shape else ()
    proofs: dict[str, Proof] = {}
    for role in ROLES:
        written = manifest.data.get(role)
        if not isinstance(written, Mapping):
            continue
        if misshapen and manifest.locate(role, "file") in misshapen:
            continue
        try:
            proofs[role] = _proof(written, documents, manifest.path)
        except DocumentError as error:
            problems.append(_bad_document(manifest, role, error))
    return proofs


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
