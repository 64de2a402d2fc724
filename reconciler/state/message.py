"""What a commit of the state says to whoever reads the history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from reconciler import __version__
from reconciler.state.entries import Entry

_LISTED = 500
_RUN = "Run: "


def message(entries: Sequence[Entry], *, run: str) -> str:
    """What was done, to which signatures, from which commit of the manifests, by which run."""
    heads = dict.fromkeys(e.record.head for e in entries if e.record is not None and e.record.head)
    lines = [_title(entries), "", *_rows(entries), ""]
    lines += [f"Manifests: {head}" for head in heads]
    lines += [f"{_RUN}{_plain(run)}", f"Tool: reconciler {__version__}", ""]
    return "\n".join(lines)


def run_in(lines: Iterable[str]) -> str | None:
    """Which run such a message names."""
    return next((line.removeprefix(_RUN) for line in lines if line.startswith(_RUN)), None)


def why_in(lines: Iterable[str], id: str) -> str | None:
    """The first word that such a message says about an id."""
    rows = (line for line in lines if line.endswith(f" ({_plain(id)})"))
    return next((row.partition(" ")[0] for row in rows), None)


def _title(entries: Sequence[Entry]) -> str:
    """Such as `2 submitted, 1 adopted`; with the name where there is one alone."""
    if len(entries) == 1:
        return f"{entries[0].why} {_plain(entries[0].name)}"
    counts = Counter(entry.why for entry in entries)
    return ", ".join(f"{count} {why}" for why, count in sorted(counts.items()))


def _rows(entries: Sequence[Entry]) -> Iterable[str]:
    for entry in entries[:_LISTED]:
        yield f"{entry.why} {_plain(entry.name)} ({_plain(entry.id)})"
    if len(entries) > _LISTED:
        yield f"and {len(entries) - _LISTED} more"


def _plain(text: str) -> str:
    """A name is the user's and an id the service's: neither may begin a line of its own here."""
    return "".join(each if each.isprintable() else "?" for each in text)
