"""Desired signatures and problems as JSON and back, as compact as they are fast to read."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from reconciler.model import Desired, Proof, Purpose, SignatureType, Submission
from reconciler.problems import Position, Problem, Severity

_TYPES = {each.value: each for each in SignatureType}
_PURPOSES = {each.value: each for each in Purpose}
BATCH = 64
"""Rows that are encoded at once."""
# Without spaces, and with Chinese as it is: the text is a third shorter.
_ENCODER = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def problem_rows(problems: Iterable[Problem]) -> list[list[object]]:
    """JSON data that `problems` reads back."""
    return [_problem_row(each) for each in problems]


def problems(rows: Iterable[Sequence[Any]]) -> tuple[Problem, ...]:
    """The problems that `problem_rows` has written down."""
    return tuple(_problem(row) for row in rows)


def desired_text(desired: Iterable[Desired]) -> bytes:
    """Bytes that `packed.Packed` reads back.

    Behind the rows stands one more, which tells how many they are and, by the number of each
    document, the numbers of those that send it: one can be had without the others.
    """
    return pack(lambda proofs: _desired_rows(desired, proofs))


def _desired_rows(desired: Iterable[Desired], proofs: dict[Proof, int]) -> Iterator[object]:
    count, users = 0, dict[int, list[int]]()
    for count, each in enumerate(desired, start=1):
        row = _desired_row(each, proofs)
        for proof in _sent(row[-1]):
            users.setdefault(proof, []).append(count - 1)
        yield row
    yield [count, [users.get(number, []) for number in range(len(proofs))]]


def _sent(row: Any) -> set[int]:
    """The numbers of the documents of a submission's row."""
    return set() if row is None else {each for each in row[3:5] if each is not None}


def pack(rows: Callable[[dict[Proof, int]], Iterable[object]]) -> bytes:
    """Rows (JSON data) as bytes that `unpack` reads back.

    A document that several share stands in them once: a row has its number, which `rows` looks up
    in, or adds to, the mapping that it is given.
    """
    proofs: dict[Proof, int] = {}
    # Packed bit by bit: the whole text, and its copies on the way to the disk, were the largest
    # things that a cold run held in memory (15 MiB for 10,000; it takes no longer).
    packer = zlib.compressobj(level=1)
    packed = bytearray()
    # A batch to a line, which takes two thirds of the time that a row to a line would take.
    numbered = iter(rows(proofs))
    while some := list(islice(numbered, BATCH)):
        packed += packer.compress(_line(some))
    table = [[p.sha256, p.url, p.path, p.size, p.media_type] for p in proofs]
    return bytes(packed + packer.compress(_line([table])) + packer.flush())


def unpack(text: bytes) -> tuple[list[Any], list[Proof]]:
    """The rows that `pack` was given, and the documents by their numbers."""
    lines = zlib.decompress(text).decode().replace("\n", ",").rstrip(",")
    *rows, table = json.loads(f"[{lines}]")
    return rows, proofs_of(table)


def batches(text: bytes) -> tuple[list[bytes], list[Proof]]:
    """The same, `BATCH` rows at a time and not read yet: `batch` reads them."""
    *lines, table, _ = zlib.decompress(text).split(b"\n")
    return lines, proofs_of(json.loads(table))


def batch(line: bytes) -> list[Any]:
    """The rows of one batch."""
    rows: list[Any] = json.loads(b"[%b]" % line)
    return rows


def proofs_of(table: Iterable[Sequence[Any]]) -> list[Proof]:
    """The documents by their numbers."""
    return [
        Proof(sha256=sha256, url=url, path=path, size=size, media_type=media_type)
        for sha256, url, path, size, media_type in table
    ]


def _line(rows: Sequence[object]) -> bytes:
    """The rows without their brackets, and a line break, which JSON text holds nowhere else."""
    return _ENCODER.encode(rows)[1:-1].encode() + b"\n"


def _problem_row(problem: Problem) -> list[object]:
    where = problem.position
    return [
        problem.severity.value,
        problem.rule,
        problem.summary,
        problem.detail,
        problem.name,
        problem.path,
        [where.line, where.column, where.end_line, where.end_column],
    ]


def _problem(row: Sequence[Any]) -> Problem:
    severity, rule, summary, detail, name, path, place = row
    line, column, end_line, end_column = place
    return Problem(
        severity=Severity(severity),
        rule=rule,
        summary=summary,
        detail=detail,
        name=name,
        path=path,
        position=Position(line=line, column=column, end_line=end_line, end_column=end_column),
    )


def _desired_row(desired: Desired, proofs: dict[Proof, int]) -> list[Any]:
    sent = desired.submission
    return [
        desired.name,
        desired.path,
        desired.line,
        desired.ids,
        desired.content,
        desired.project,
        desired.suspend,
        desired.absent,
        None if sent is None else submission_row(sent, proofs),
    ]


def submission_row(sent: Submission, proofs: dict[Proof, int]) -> list[object]:
    """JSON data that `submission` reads back; the proofs it needs are numbered in `proofs`."""
    letter = sent.authorization
    return [
        sent.content,
        sent.type.value,
        sent.purpose.value,
        proofs.setdefault(sent.certificate, len(proofs)),
        None if letter is None else proofs.setdefault(letter, len(proofs)),
        sent.scene,
        sent.description,
        sent.international,
        sent.qualification,
    ]


def desired(row: Sequence[Any], proofs: Sequence[Proof]) -> Desired:
    """The signature that a row of `desired_text` has written down."""
    name, path, line, ids, content, project, suspend, absent, sent = row
    return Desired(
        name=name,
        path=path,
        line=line,
        ids=tuple(ids),
        content=content,
        project=project,
        submission=None if sent is None else submission(sent, proofs),
        suspend=suspend,
        absent=absent,
    )


def submission(row: Sequence[Any], proofs: Sequence[Proof]) -> Submission:
    """The submission that `submission_row` has written down."""
    content, kind, purpose, certificate, letter, scene, description, international, qual = row
    return Submission(
        content=content,
        type=_TYPES[kind],
        purpose=_PURPOSES[purpose],
        certificate=proofs[certificate],
        authorization=None if letter is None else proofs[letter],
        scene=scene,
        description=description,
        international=international,
        qualification=qual,
    )
