"""A repository in memory or on disk, judged as `validate` judges it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from reconciler.cache.later import Later
from reconciler.clashes import clashes
from reconciler.desire import ROLES
from reconciler.discover import discover, name_of, read
from reconciler.documents import DocumentError, Documents
from reconciler.inspection.facts import Facts
from reconciler.inspection.folders import document_files
from reconciler.manifests import Manifest, parse
from reconciler.model import Proof
from reconciler.problems import Problem, sort_key
from reconciler.review import Review, review
from reconciler.rules.config import read as read_config
from reconciler.rules.engine import Evidence, check
from reconciler.rules.rule import EXAMPLE_DAY, Example
from reconciler.schema import check as check_shape
from tests.tools.odd_documents import document

NOTHING: Mapping[str, object] = {}


def one_manifest(text: str, *, name: str = "retail/acme") -> Manifest:
    """The text, which has to be readable, as a manifest."""
    manifest = parse(text.encode(), name=name, path=f"signatures/{name}.yaml")
    assert isinstance(manifest, Manifest), manifest
    return manifest


def judged(
    *texts: str,
    today: date = EXAMPLE_DAY,
    rules: Mapping[str, object] = NOTHING,
    proofs: Mapping[str, Proof] | None = None,
    facts: Mapping[str, Facts] | None = None,
    inspected: bool = True,
) -> tuple[Problem, ...]:
    """The problems of these manifests, which are called a, b, …; `proofs` are those of a."""
    manifests = tuple(
        one_manifest(text, name=chr(ord("a") + number)) for number, text in enumerate(texts)
    )
    by_path = {manifest.path: _proofs_of_urls(manifest) for manifest in manifests}
    by_path[manifests[0].path].update(proofs or {})
    evidence = Evidence(
        manifests=manifests,
        today=today,
        proofs=by_path,
        facts=facts or {},
        inspected=inspected,
    )
    return check(evidence, read_config(rules))


def ids(problems: tuple[Problem, ...]) -> list[str]:
    """The rules that found something, in the order of the places."""
    return [problem.rule for problem in problems]


def write_example(root: Path, example: Example) -> None:
    """The example as files."""
    for name, text in example.manifests:
        write(root / f"signatures/{name}.yaml", text.encode(example.encoding))
    for path, words in example.documents:
        write(root / path, document(words))


def write(path: Path, data: bytes) -> None:
    """A file, with the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def reviewed(
    root: Path, *, today: date = EXAMPLE_DAY, rules: Mapping[str, object] = NOTHING
) -> tuple[tuple[Problem, ...], Review]:
    """All problems of a repository on disk, and what the review alone said."""
    discovery = discover(root)
    documents, manifests = Documents(root), []
    problems = list(discovery.problems)
    proofs: dict[str, dict[str, Proof]] = {}
    for path in discovery.manifests:
        raw = read(root, path)
        assert isinstance(raw, bytes)
        manifest = parse(raw, name=name_of(path), path=path)
        if not isinstance(manifest, Manifest):
            problems += manifest
            continue
        manifests.append(manifest)
        problems += check_shape(manifest)
        proofs[manifest.path], bad = _proofs(manifest, documents)
        problems += bad
    problems += clashes(manifests, default_project="", claimed={})
    result = review(
        root,
        tuple(manifests),
        proofs,
        Later(lambda: document_files(root, documents.used())),
        earlier=tuple(problems),
        today=today,
        config=read_config(rules),
    )
    return tuple(sorted([*problems, *result.problems], key=sort_key)), result


def _proofs_of_urls(manifest: Manifest) -> dict[str, Proof]:
    papers = {role: manifest.data.get(role) for role in ROLES}
    return {
        role: Proof(url=str(paper["url"]))
        for role, paper in papers.items()
        if isinstance(paper, Mapping) and "url" in paper
    }


def _proofs(
    manifest: Manifest, documents: Documents
) -> tuple[dict[str, Proof], tuple[Problem, ...]]:
    from reconciler.load import _bad_document

    found, bad = _proofs_of_urls(manifest), []
    for role in ROLES:
        paper = manifest.data.get(role)
        file = paper.get("file") if isinstance(paper, Mapping) else None
        if isinstance(file, str):
            try:
                found[role] = documents.proof(manifest.path.rpartition("/")[0], file)
            except DocumentError as error:
                bad.append(_bad_document(manifest, role, error))
    return found, tuple(bad)
