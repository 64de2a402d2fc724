"""Two manifests that describe the same signature. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.manifests import KeyPath, Manifest
from reconciler.problems import CLASH, Position, Problem, Severity
from reconciler.wording import quoted

_Claim = tuple[str, KeyPath, str]
"""What is claimed (an id, or a content in a project), where the manifest says so, and its words."""
Claimed = dict[str, tuple[int, KeyPath]]
"""By what is claimed, the number of the first manifest that does so, and where."""


def clashes(
    manifests: Sequence[Manifest], *, default_project: str, claimed: Claimed
) -> Iterator[Problem]:
    """Each id or content that a manifest shares with an earlier one, reported at the later.

    Manifests need not have passed any other check: what does not look like an id or a content is
    passed over. All that is claimed joins `claimed`.
    """
    for number, manifest in enumerate(manifests):
        for claim, path, words in _claims(manifest, default_project):
            first, first_path = claimed.setdefault(claim, (number, path))
            if first != number:
                yield _clash(words, (manifests[first], first_path), (manifest, path))


def _claims(manifest: Manifest, default_project: str) -> Sequence[_Claim]:
    data = manifest.data
    ids = _ids(data.get("id"))
    # A tombstone with ids says exactly what is to go, so the same content may be applied for
    # again beside it. Without ids the content is all it has to name its signature by, and that
    # must not be the signature of another manifest.
    if data.get("absent") is True and ids:
        return ids
    content, project = data.get("content"), data.get("project", default_project)
    if isinstance(content, str) and isinstance(project, str):
        # With its length, nobody takes the end of a project for the beginning of a content.
        return [*ids, (f"content {len(project)} {project} {content}", ("content",), content)]
    return ids


def _ids(value: object) -> list[_Claim]:
    if isinstance(value, str):
        return [(f"id {value}", ("id",), value)]
    if isinstance(value, list):
        pairs = enumerate(value)
        return [(f"id {item}", ("id", at), item) for at, item in pairs if isinstance(item, str)]
    return []


def _clash(
    words: str, first: tuple[Manifest, KeyPath], second: tuple[Manifest, KeyPath]
) -> Problem:
    manifest, path = second
    field = str(path[0])
    where = manifest.locate(*path)
    places = f"{_place(*first)} and {_place(manifest, path)}"
    return Problem(
        severity=Severity.ERROR,
        rule=CLASH,
        summary=f"two manifests have the {field} {quoted(words)}: {places}",
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
