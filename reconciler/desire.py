"""A manifest that has passed every check, as the desired signature it describes. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.manifests import Manifest
from reconciler.model import Desired, Proof, Purpose, SignatureType, Submission

_TYPES = {each.value: each for each in SignatureType}
_PURPOSES = {each.value: each for each in Purpose}
ROLES = ("certificate", "authorization")
"""The keys below which a manifest names a document."""


def desire(manifest: Manifest, proofs: Mapping[str, Proof], default_project: str) -> Desired:
    """What the manifest asks for; `proofs` has the documents by role, none for a tombstone."""
    data = manifest.data
    absent = data.get("absent") is True
    return Desired(
        name=manifest.name,
        path=manifest.path,
        line=manifest.line("content" if "content" in data else "id"),
        ids=_ids(data.get("id")),
        content=_text(data, "content"),
        project=_text(data, "project") or default_project,
        submission=None if absent else _submission(data, proofs),
        suspend=data.get("suspend") is True,
        absent=absent,
    )


def _submission(data: Mapping[str, object], proofs: Mapping[str, Proof]) -> Submission:
    return Submission(
        content=str(data["content"]),
        type=_TYPES[str(data["type"])],
        purpose=_PURPOSES[str(data["purpose"])],
        certificate=proofs["certificate"],
        authorization=proofs.get("authorization"),
        scene=_text(data, "scene"),
        description=_text(data, "description"),
        international=data.get("international") is True,
        qualification=_text(data, "qualification"),
    )


def _ids(value: object) -> tuple[str, ...]:
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list) else (str(value),)


def _text(data: Mapping[str, object], key: str) -> str | None:
    value = data.get(key)
    return value if isinstance(value, str) else None
