"""Records and their audit trail for a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from reconciler.model import Recorded, Submission
from reconciler.render.counts import plural
from reconciler.render.escape import terminal
from reconciler.render.proofs import describe
from reconciler.render.style import PLAIN, Painter, Style
from reconciler.render.width import align
from reconciler.state.trail import Event

_LIST_TITLES = ("NAME", "ID", "HOW", "WHEN", "LAST SEEN", "CONTENT")
_TRAIL_TITLES = ("WHEN", "ID", "WHAT", "COMMIT", "RUN")
_COMMIT = 12
"""Digits of a commit's name that are enough for a person."""


def records_text(records: Iterable[Recorded], *, painter: Painter = PLAIN) -> str:
    """One line a record, by name, then id; a count last."""
    listed = sorted(records, key=lambda record: (record.name, record.id))
    count = len(listed)
    summary = painter(f"{count} {plural(count, 'record')}", Style.BOLD)
    table = [*_table(_LIST_TITLES, map(_cells, listed), painter), ""] if listed else []
    return "\n".join([*table, summary]) + "\n"


def record_text(record: Recorded, *, painter: Painter = PLAIN) -> str:
    """Everything that is recorded about one id."""
    rows = [(f"{word}:", terminal(value)) for word, value in _facts(record) if value]
    lines = ["  ".join(cells) for cells in align(rows)]
    return "\n".join([painter(terminal(record.name), Style.BOLD), *lines]) + "\n"


def trail_text(events: Iterable[Event], *, painter: Painter = PLAIN) -> str:
    """What happened, oldest first; the reviewer's words below his answer."""
    listed = list(events)
    title, *lines = _table(_TRAIL_TITLES, map(_trail_cells, listed), painter)
    told = [title]
    for event, line in zip(listed, lines, strict=True):
        told.append(line)
        if event.rejection:
            told.append(painter(f"  the reviewer said: {terminal(event.rejection)}", Style.RED))
    return "\n".join(told) + "\n"


def _table(titles: Sequence[str], rows: Iterable[Sequence[str]], painter: Painter) -> Iterator[str]:
    head, *lines = align([titles, *rows])
    yield painter("  ".join(head), Style.BOLD)
    yield from ("  ".join(line) for line in lines)


def _cells(record: Recorded) -> tuple[str, ...]:
    seen = record.observation
    return (
        terminal(record.name),
        terminal(record.id),
        record.origin.value,
        terminal(record.at),
        "-" if seen is None else seen.status.value,
        terminal(record.submission.content),
    )


def _trail_cells(event: Event) -> tuple[str, ...]:
    return (
        terminal(event.at or "-"),
        terminal(event.id),
        terminal(event.what),
        "-" if event.head is None else terminal(event.head[:_COMMIT]),
        terminal(event.run or "-"),
    )


def _facts(record: Recorded) -> Iterator[tuple[str, str | None]]:
    yield "id", record.id
    yield "project", record.project
    yield "endpoint", record.endpoint
    yield record.origin.value, record.at
    yield "request", record.request_uuid
    yield "commit", record.head
    yield "tool version", record.tool_version
    yield from _sent(record.submission)
    yield "fingerprint", record.fingerprint
    if record.observation is not None:
        yield "last seen", f"{record.observation.status.value}, {record.observation.at}"
        yield "the reviewer said", record.observation.rejection


def _sent(submission: Submission) -> Iterator[tuple[str, str | None]]:
    letter = submission.authorization
    yield "content", submission.content
    yield "type", submission.type.value
    yield "purpose", submission.purpose.value
    yield "certificate", describe(submission.certificate)
    yield "authorization", None if letter is None else describe(letter)
    yield "scene", submission.scene
