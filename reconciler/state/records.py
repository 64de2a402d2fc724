"""One record as JSON text and back. A damaged record is an error, never silently nothing."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import lru_cache
from sys import intern
from typing import Any, TypeVar

from reconciler.canonical import digest
from reconciler.errors import StateError
from reconciler.model import (
    Observation,
    Origin,
    Proof,
    Purpose,
    Recorded,
    ReviewStatus,
    SignatureType,
    Submission,
)
from reconciler.state.migrations import migrate

FORMAT_VERSION = "1.1"
T = TypeVar("T")
_TYPES = {each.value: each for each in SignatureType}
_PURPOSES = {each.value: each for each in Purpose}
_ORIGINS = {each.value: each for each in Origin}
_MAJOR = FORMAT_VERSION.partition(".")[0]
_SEAL = b',\n  "seal": "'
_END = b'"\n}\n'
_ADVICE = (
    "Restore the file from a backup or from git; or, knowing that its signature will be taken "
    "for one that was never submitted, forget it with `reconciler state rm`."
)


def encode(record: Recorded, *, run: str | None = None) -> str:
    """A record as JSON; `run` is who writes it.

    It is closed by a checksum over everything else, however that is formatted, and by a seal over
    the very text, which takes a twentieth of the time to check.
    """
    body: dict[str, Any] = {
        "format_version": FORMAT_VERSION,
        **asdict(record),
        "fingerprint": record.fingerprint,
        "run": run,
    }
    try:
        body["checksum"] = digest(body)
    except UnicodeEncodeError:
        # JSON can spell half a character, and the service may answer so; no file can hold it.
        body = json.loads(json.dumps(body, ensure_ascii=False).encode("utf-8", "replace"))
        body["checksum"] = digest(body)
    text = json.dumps(body, ensure_ascii=False, indent=2).removesuffix("\n}").encode()
    return (text + _SEAL + _hash(text) + _END).decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A record, and who wrote it."""

    record: Recorded
    run: str | None


def decode(data: bytes, *, where: str) -> Recorded:
    """Read a record; `where` names it in the error. Raises `StateError` as `read` does."""
    return read(data, where=where).record


def read(data: bytes, *, where: str) -> Written:
    """Read a record and who wrote it; older versions are understood.

    Raises `StateError` for a newer major version, and for bytes that are cut off, edited by hand or
    not a record at all.
    """
    head, _, seal = data.rpartition(_SEAL)
    intact = seal == _hash(head) + _END
    try:
        body = json.loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _damaged(where, str(error)) from None
    except (ValueError, RecursionError) as error:
        raise _damaged(where, f"it is not JSON ({error})") from None
    if not isinstance(body, dict):
        raise _damaged(where, "it is not a JSON object")
    _check_version(body, where)
    if intact and body["format_version"] == FORMAT_VERSION:
        return Written(record=_sealed(body), run=body["run"])
    _check_sum(body, where)
    try:
        migrated = migrate(body)
        return Written(record=_record(migrated), run=_text_or_none(migrated, "run"))
    except (KeyError, TypeError, ValueError) as error:
        raise _damaged(where, f"a field is missing or wrong ({error})") from None


def _damaged(where: str, why: str) -> StateError:
    return StateError(f"{where}: the record is damaged: {why}", _ADVICE)


def _check_version(body: Mapping[str, Any], where: str) -> None:
    version = body.get("format_version")
    major = version.partition(".")[0] if isinstance(version, str) else ""
    if not (major.isascii() and major.isdigit()):
        raise _damaged(where, "it has no format_version")
    if major != _MAJOR:
        writer = body.get("tool_version", "an unknown version")
        raise StateError(
            f"{where}: format {version} is not the one this tool reads ({FORMAT_VERSION})",
            f"It was written by reconciler {writer}: install that version or a newer one.",
        )


def _check_sum(body: Mapping[str, Any], where: str) -> None:
    rest = {key: value for key, value in body.items() if key not in {"checksum", "seal"}}
    try:
        matches = body.get("checksum") == digest(rest)
    except (UnicodeEncodeError, RecursionError):
        matches = False  # text that no record holds: half a character, or a very deep nest
    if not matches:
        raise _damaged(where, "its checksum does not match; it was cut off or edited by hand")


def _hash(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()


def _sealed(body: Mapping[str, Any]) -> Recorded:
    """What `encode` has written, as it wrote it: nothing has to be checked again.

    Ten thousand records are read in a third of the time that checking every field would take.
    """
    sent, seen = body["submission"], body["observation"]
    letter = sent["authorization"]
    return Recorded(
        id=body["id"],
        name=body["name"],
        project=intern(body["project"]),
        endpoint=intern(body["endpoint"]),
        submission=Submission(
            content=sent["content"],
            type=_TYPES[sent["type"]],
            purpose=_PURPOSES[sent["purpose"]],
            certificate=_shared(**sent["certificate"]),
            authorization=None if letter is None else _shared(**letter),
            scene=sent["scene"],
            description=sent["description"],
            international=sent["international"],
            qualification=sent["qualification"],
        ),
        origin=_ORIGINS[body["origin"]],
        at=body["at"],
        request_uuid=body["request_uuid"],
        head=body["head"],
        tool_version=intern(body["tool_version"]),
        observation=None if seen is None else _seen(**seen),
    )


# Companies share their licence, and many records are seen at once: made once, they take 5 MiB less
# of the memory of a plan of ten thousand.
_shared = lru_cache(maxsize=4096)(Proof)


@lru_cache(maxsize=4096)
def _seen(status: str, rejection: str | None, at: str) -> Observation:
    return Observation(status=ReviewStatus(status), rejection=rejection, at=at)


def _record(body: Mapping[str, Any]) -> Recorded:
    seen = body["observation"]
    record = Recorded(
        id=_text(body, "id"),
        name=_text(body, "name"),
        project=_text(body, "project"),
        endpoint=_text(body, "endpoint"),
        submission=_submission(body["submission"]),
        origin=Origin(body["origin"]),
        at=_text(body, "at"),
        request_uuid=_text_or_none(body, "request_uuid"),
        head=_text_or_none(body, "head"),
        tool_version=_text(body, "tool_version"),
        observation=None if seen is None else _observation(seen),
    )
    if record.fingerprint != body["fingerprint"]:
        raise ValueError("the fingerprint is not that of the recorded submission")
    return record


def _submission(body: Mapping[str, Any]) -> Submission:
    letter = body["authorization"]
    return Submission(
        content=_text(body, "content"),
        type=SignatureType(body["type"]),
        purpose=Purpose(body["purpose"]),
        certificate=_proof(body["certificate"]),
        authorization=None if letter is None else _proof(letter),
        scene=_text_or_none(body, "scene"),
        description=_text_or_none(body, "description"),
        international=_typed(body, "international", bool),
        qualification=_text_or_none(body, "qualification"),
    )


def _proof(body: Mapping[str, Any]) -> Proof:
    return Proof(
        sha256=_text_or_none(body, "sha256"),
        url=_text_or_none(body, "url"),
        path=_text_or_none(body, "path"),
        size=None if body["size"] is None else _typed(body, "size", int),
        media_type=_text_or_none(body, "media_type"),
    )


def _observation(body: Mapping[str, Any]) -> Observation:
    return Observation(
        status=ReviewStatus(body["status"]),
        rejection=_text_or_none(body, "rejection"),
        at=_text(body, "at"),
    )


def _text(body: Mapping[str, Any], field: str) -> str:
    return _typed(body, field, str)


def _text_or_none(body: Mapping[str, Any], field: str) -> str | None:
    return None if body[field] is None else _typed(body, field, str)


def _typed(body: Mapping[str, Any], field: str, kind: type[T]) -> T:
    """`type` and not `isinstance`: to Python, `true` would be a size too."""
    value = body[field]
    if type(value) is not kind:
        raise TypeError(f"{field} should be {kind.__name__}")
    return value
