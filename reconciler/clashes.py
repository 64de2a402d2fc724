"""Two manifests that describe the same signature. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.manifests import KeyPath, Manifest
from reconciler.problems import CLASH, Position, Problem, Severity
from reconciler.wording import quoted

_Claim = tuple[tuple[str, ...], KeyPath]
"""What is claimed (an id, or a content in a project), and where the manifest says so."""


def clashes(manifests: Iterable[Manifest], *, default_project: str) -> Iterator[Problem]:
    """Each id or content that a manifest shares with an earlier one, reported at the later.

    Manifests need not have passed any other check: what does not look like an id or a content is
    passed over.
    """
    claimed: dict[tuple[str, ...], tuple[Manifest, KeyPath]] = {}
    for manifest in manifests:
        for claim, path in _claims(manifest, default_project):
            first, first_path = claimed.setdefault(claim, (manifest, path))
            if first is not manifest:
                yield _clash(claim, (first, first_path), (manifest, path))


def _claims(manifest: Manifest, default_project: str) -> Iterator[_Claim]:
    data = manifest.data
    ids = list(_ids(data.get("id")))
    yield from ids
    # A tombstone with ids says exactly what is to go, so the same content may be applied for
    # again beside it. Without ids the content is all it has to name its signature by, and that
    # must not be the signature of another manifest.
    if data.get("absent") is True and ids:
        return
    content, project = data.get("content"), data.get("project", default_project)
    if isinstance(content, str) and isinstance(project, str):
        yield ("content", content, project), ("content",)


def _ids(value: object) -> Iterator[_Claim]:
    if isinstance(value, str):
        yield ("id", value), ("id",)
    if isinstance(value, list):
        for index, item in enumerate(value):
            if isinstance(item, str):
                yield ("id", item), ("id", index)


def _clash(
    claim: tuple[str, ...], first: tuple[Manifest, KeyPath], second: tuple[Manifest, KeyPath]
) -> Problem:
    field, value, *_ = claim
    manifest, path = second
    where = manifest.locate(*path)
    places = f"{_place(*first)} and {_place(manifest, path)}"
    return Problem(
        severity=Severity.ERROR,
        rule=CLASH,
        summary=f"two manifests have the {field} {quoted(value)}: {places}",
        detail=_ADVICE[field],
        name=manifest.name,
        path=manifest.path,
        position=where,
    )


def _place(manifest: Manifest, path: KeyPath) -> str:
    where: Position = manifest.locate(*path)
    return f"{manifest.path}:{where.line}:{where.column}"


_ADVICE = {
    "id": "One signature has one manifest: delete one of the two, or correct its id.",
    "content": "One content has one manifest in a project: delete one of the two, list both ids"
    " in one, or set another `project`.",
}
