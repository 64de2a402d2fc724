"""Manifests as they were in a commit."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping

from reconciler.desire import ROLES, desire
from reconciler.discover import FOLDER
from reconciler.documents import MAX_BYTES
from reconciler.git.snapshot import Snapshot
from reconciler.manifests import Manifest, parse
from reconciler.model import Desired, Proof
from reconciler.schema import check
from reconciler.since.paths import spelled, written
from reconciler.yamltext.limits import MAX_BYTES as LARGEST_MANIFEST

_ENDINGS = (".yaml", ".yml")
# What Git LFS commits in a document's place; its bytes are elsewhere, but their sha256 is here.
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:.*\n)*?oid sha256:([0-9a-f]{64})\n"
)


def manifest_paths(paths: Iterable[str]) -> frozenset[str]:
    """Those that are manifests by their place and name."""
    return frozenset(path for path in paths if _is_manifest(path))


def read(
    snapshot: Snapshot, paths: Iterable[str], known: Mapping[str, Proof], *, default_project: str
) -> tuple[Desired, ...]:
    """What the manifests at these paths asked for then, sorted by path.

    `known` are documents that are the same now, by path: their bytes are not read again.

    One that was not there yet is left out; so is one that was wrong, since nobody can say what it
    asked for. Raises `GitError`.
    """
    manifests = tuple(_manifests(snapshot, paths))
    proofs = _documents(snapshot, manifests, known)
    found = (_desire(manifest, proofs, default_project) for manifest in manifests)
    return tuple(each for each in found if each is not None)


def _is_manifest(path: str) -> bool:
    first, *rest = path.split("/")
    hidden = any(part.startswith((".", "_")) for part in rest)
    return first == FOLDER and bool(rest) and path.endswith(_ENDINGS) and not hidden


def _manifests(snapshot: Snapshot, paths: Iterable[str]) -> Iterable[Manifest]:
    places = snapshot.resolve(paths)
    texts = dict(snapshot.read({p for p in places.values() if p}, largest=LARGEST_MANIFEST))
    for path, place in places.items():
        if place in texts:
            name = path.removeprefix(f"{FOLDER}/").rpartition(".")[0]
            manifest = parse(texts[place], name=name, path=path)
            if isinstance(manifest, Manifest) and not check(manifest):
                yield manifest


def _documents(
    snapshot: Snapshot, manifests: Iterable[Manifest], known: Mapping[str, Proof]
) -> Mapping[str, Proof]:
    """By the path that a manifest spells, the document that it led to."""
    spelled = {path for manifest in manifests for path in written(manifest)}
    places = snapshot.resolve(spelled)
    unknown = {place for place in places.values() if place and place not in known}
    found = dict(known)
    for place, data in snapshot.read(unknown, largest=MAX_BYTES):
        found[place] = Proof(sha256=_sha256(data), path=place, size=len(data))
    return {path: found[place] for path, place in places.items() if place in found}


def _sha256(data: bytes) -> str:
    pointer = _POINTER.match(data)
    return hashlib.sha256(data).hexdigest() if pointer is None else pointer[1].decode()


def _desire(
    manifest: Manifest, documents: Mapping[str, Proof], default_project: str
) -> Desired | None:
    """None where a document was missing: it was an error then."""
    proofs: dict[str, Proof] = {}
    if manifest.data.get("absent") is not True:
        for role in ROLES:
            named = manifest.data.get(role)
            if isinstance(named, Mapping):
                proof = _proof(named, documents, manifest.path)
                if proof is None:
                    return None
                proofs[role] = proof
    return desire(manifest, proofs, default_project)


def _proof(named: Mapping[str, object], documents: Mapping[str, Proof], path: str) -> Proof | None:
    file, url = named.get("file"), named.get("url")
    if isinstance(file, str):
        return documents.get(spelled(path, file))
    return Proof(url=str(url))
