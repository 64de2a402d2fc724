"""The audit trail of the `git:` backend: the ref's own history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from reconciler.errors import StateError
from reconciler.git.history import Step
from reconciler.git.mirror import Mirror
from reconciler.state import message, records
from reconciler.state.entries import FORGOTTEN
from reconciler.state.layout import id_of
from reconciler.state.trail import DAMAGED, Version


def versions(mirror: Mirror, ref: str) -> Iterator[Version]:
    """Every version of every record that `mirror` holds, oldest first. Raises `GitError`."""
    if mirror.known(ref) is None:
        return
    steps = list(mirror.history(ref))
    names = list(dict.fromkeys(n for step in steps for n in step.files.values() if n is not None))
    texts = dict(zip(names, mirror.read(names), strict=True))
    for step in steps:
        for path, name in step.files.items():
            found = id_of(path)
            if found is not None:
                yield _version(found, step, None if name is None else texts[name])


def _version(id: str, step: Step, data: bytes | None) -> Version:
    at = datetime.fromtimestamp(step.at, UTC).isoformat(timespec="seconds")
    if data is None:
        why = _why(id, step.message)
        return Version(id=id, at=at, record=None, why=why, run=message.run_in(step.message))
    try:
        written = records.read(data, where=step.commit)
    except StateError:
        return Version(id=id, at=at, record=None, why=DAMAGED, run=None)
    return Version(id=id, at=at, record=written.record, why="", run=written.run)


def _why(id: str, lines: Sequence[str]) -> str:
    """What the commit says happened to a record that went; some hand may have removed it."""
    return message.why_in(lines, id) or FORGOTTEN
