"""What is measured: repositories of any size, made alike by every machine."""

from __future__ import annotations

import random
import struct
import zlib
from pathlib import Path

from reconciler.load import load
from reconciler.model import Observation, Origin, Recorded, ReviewStatus
from reconciler.state import records

PROJECT = "org-benchmark"
DOCUMENTS = 70
"""How many documents a repository has, whatever its size: companies share their licence."""
_A_FOLDER = 100
_NUMERALS = "零一二三四五六七八九"
_SIDE = 2046
_AT = "2026-11-02T08:00:00+00:00"
_MANIFEST = """\
# yaml-language-server: $schema=../../schemas/signature.schema.json
id: {id}
content: {content}
type: trademark
purpose: self-use
certificate:
  file: ../../documents/{document:02}.png
  holder: {holder}
  expires: "2032-12-31"
scene: Login codes and order news for the customers of shop {number}
"""
_UPLOAD = """\
id: {id}
content: {content}
type: trademark
purpose: others-use
certificate: {{file: ../documents/{certificate}.png}}
authorization: {{file: ../documents/{authorization}.png}}
"""
_SETTINGS = """\
project = "org-benchmark"
parallelism = {parallelism}
max_submissions = 100000

[rules]
USMS302 = "off" # the documents are as large as they may be, on purpose
"""


def write_settings(root: Path, *, parallelism: int = 8) -> None:
    """What a repository of the benchmark needs besides."""
    (root / "reconciler.toml").write_text(_SETTINGS.format(parallelism=parallelism), "utf-8")


def write_repository(root: Path, manifests: int, *, large: bool = False) -> None:
    """Write valid manifests and their documents; `large` ones have all but 4 MiB each."""
    documents = root / "documents"
    documents.mkdir(parents=True)
    for number in range(DOCUMENTS):
        side = _SIDE if large else 512
        (documents / f"{number:02}.png").write_bytes(png(side, seed=number))
    for number in range(manifests):
        path = root / manifest_path(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(manifest(number), encoding="utf-8")


def write_state(root: Path, endpoint: str) -> None:
    """Record every manifest as submitted and approved, so that a plan finds nothing to do."""
    folder = root / ".reconciler" / "state"
    folder.mkdir(parents=True)
    for desired in load(root, default_project=PROJECT).desired:
        assert desired.submission is not None
        record = Recorded(
            id=desired.ids[0],
            name=desired.name,
            project=desired.project,
            endpoint=endpoint,
            submission=desired.submission,
            origin=Origin.SUBMITTED,
            at=_AT,
            request_uuid="00000000-0000-0000-0000-000000000000",
            head=None,
            tool_version="0.1.0",
            observation=Observation(status=ReviewStatus.APPROVED, rejection=None, at=_AT),
        )
        (folder / f"{record.id}.json").write_text(records.encode(record), encoding="utf-8")


def write_uploads(root: Path, manifests: int, sharing: int | None = None) -> None:
    """Manifests with two large documents each, none submitted yet.

    All have the same two; or so many neighbours at a time, and a document that comes back does so
    after all the others.
    """
    names = [f"{number:02}" for number in range(DOCUMENTS)] if sharing else ["licence", "letter"]
    documents = root / "documents"
    documents.mkdir(parents=True)
    for seed, name in enumerate(names):
        (documents / f"{name}.png").write_bytes(png(_SIDE, seed=seed))
    (root / "signatures").mkdir()
    half = len(names) // 2
    for number in range(manifests):
        pair = number // (sharing or manifests) % half
        text = _UPLOAD.format(
            id=sig_id(number),
            content=content(number),
            certificate=names[pair],
            authorization=names[half + pair],
        )
        (root / "signatures" / f"shop-{number:05}.yaml").write_text(text, "utf-8")


def manifest_path(number: int) -> str:
    """A hundred manifests a folder."""
    return f"signatures/group-{number // _A_FOLDER:03}/shop-{number:05}.yaml"


def manifest(number: int) -> str:
    """Ten lines, as a person would write them."""
    document = number % DOCUMENTS
    return _MANIFEST.format(
        id=sig_id(number),
        content=content(number),
        document=document,
        holder=f"示例{_numerals(document)}商贸有限公司",
        number=number,
    )


def sig_id(number: int) -> str:
    """The id that the service gave."""
    return f"SIG2026BENCH{number:06}"


def content(number: int) -> str:
    """A brand of its own for every number."""
    return f"示例{_numerals(number)}科技"


def _numerals(number: int) -> str:
    return "".join(_NUMERALS[int(digit)] for digit in f"{number:05}")


def png(side: int, *, seed: int) -> bytes:
    """A grey picture of noise, one byte a pixel, not compressed: as large as it looks."""
    noise = random.Random(seed).randbytes(side * side)  # noqa: S311 - nothing is secret here
    rows = b"".join(b"\0" + noise[at : at + side] for at in range(0, len(noise), side))
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 0)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in chunks)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
