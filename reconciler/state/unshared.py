"""What this machine knows and the remote does not, held against what stands there now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reconciler.model import Recorded
from reconciler.state.branch import Branch
from reconciler.state.entries import Entry, still_ours
from reconciler.state.journal import Line, by_path


def unshared(
    lines: Iterable[Line], branch: Branch, theirs: Mapping[str, Recorded]
) -> Iterator[tuple[Entry, bool]]:
    """The last entry of each id that does not stand there already, and whether it goes in.

    `theirs` are the records that stand there now, at least those that others have touched.
    """
    for path, chain in by_path(lines).items():
        last = chain[-1].entry
        if branch.files.get(path) != branch.name(last.text):
            untouched = _is_untouched(chain, branch)
            yield last, still_ours(last, theirs.get(last.id), untouched=untouched)


def touched_by_others(lines: Iterable[Line], branch: Branch) -> list[str]:
    """The paths that somebody else has written since our first entry about them was made."""
    chains = by_path(lines).items()
    return [path for path, chain in chains if not _is_untouched(chain, branch)]


def _is_untouched(chain: Sequence[Line], branch: Branch) -> bool:
    ours = {branch.name(line.entry.text) for line in chain}
    return branch.files.get(chain[0].entry.path) in {chain[0].entry.base, *ours}


def view(branch: Branch, lines: Iterable[Line], *, intents: bool = False) -> dict[str, Recorded]:
    """All records by id, as they will stand once `lines` are shared; or all intents.

    Raises `StateError`.
    """
    records = branch.intents() if intents else branch.records()
    about = [line for line in lines if line.entry.is_intent is intents]
    for entry, ours in unshared(about, branch, records):
        if not ours:
            continue
        if entry.record is None:
            records.pop(entry.id, None)
        else:
            records[entry.id] = entry.record
    return records
