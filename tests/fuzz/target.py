"""What happens to one input, a document by its first bytes or a manifest. It must end quietly."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date

from reconciler.inspection.facts import Facts
from reconciler.inspection.inspect import inspect
from reconciler.manifests import Manifest, parse
from reconciler.model import Proof
from reconciler.problems import Problem
from reconciler.render.problems.formats import write
from reconciler.render.problems.kinds import ProblemFormat
from reconciler.render.problems.report import gather
from reconciler.rules.config import RulesConfig
from reconciler.rules.engine import Evidence, check
from reconciler.rules.registry import RULES
from reconciler.rules.samples import manifest
from reconciler.schema import check as check_shape

SECONDS = 3.0
"""Of processor time: a second, on a machine that is much slower."""
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"%PDF-", "application/pdf"),
)
_PATH = "signatures/a.yaml"
_TODAY = date(2026, 11, 22)
_TEXT = manifest("优刻得科技", certificate="file: ../documents/a")


class TooSlowError(AssertionError):
    """An input that takes longer than any file may."""


def judge(data: bytes) -> tuple[Problem, ...]:
    """Everything that there is to say about one input. Raises `TooSlowError`."""
    started = time.thread_time()
    kind = next((kind for magic, kind in _KINDS if data.startswith(magic)), None)
    found = _manifest(data) if kind is None else _document(data, kind)
    _write(found, data if kind is None else _TEXT.encode())
    if time.thread_time() - started > SECONDS:
        raise TooSlowError
    return found


def _write(found: tuple[Problem, ...], shown: bytes) -> None:
    """In every format, with the lines that it is about."""
    text = shown.decode("utf-8", errors="replace")
    report = gather(
        found,
        manifests={_PATH: "a"},
        count=1,
        sources=lambda _: text,
        rules=RULES,
        tool_version="0",
    )
    for kind in ProblemFormat:
        write(report, kind).encode("utf-8")  # as the files and pipes that it goes to


def _document(data: bytes, media_type: str) -> tuple[Problem, ...]:
    proof = Proof(sha256="00", path="documents/a", size=len(data), media_type=media_type)
    return _rules(_TEXT.encode(), {"certificate": proof}, {"00": inspect(data, media_type)})


def _manifest(data: bytes) -> tuple[Problem, ...]:
    return _rules(data, {}, {})


def _rules(
    raw: bytes, proofs: Mapping[str, Proof], facts: Mapping[str, Facts]
) -> tuple[Problem, ...]:
    read = parse(raw, name="a", path=_PATH)
    if not isinstance(read, Manifest):
        return read
    shape = check_shape(read)
    evidence = Evidence(
        manifests=(read,),
        today=_TODAY,
        proofs={read.path: proofs},
        facts=facts,
        inspected=True,
        earlier=shape,
    )
    return (*shape, *check(evidence, RulesConfig()))
