"""Field by field: before and after, one line each."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.model import Proof, Submission
from reconciler.plan.changes import Change, FieldDiff
from reconciler.render.escape import terminal
from reconciler.render.proofs import describe
from reconciler.render.shorten import shorten_pair

_CELLS = 72
"""A value wider than this is shortened; the manifest and the JSON have it whole."""


def diff_lines(change: Change) -> Iterator[str]:
    """Such as `content: "Acme" -> "Acme Shop"`; one line a field that differs."""
    for diff in change.diff:
        yield f"{diff.field}: {_values(change, diff)}"


def _values(change: Change, diff: FieldDiff) -> str:
    had = None if change.recorded is None else change.recorded.submission
    want = None if change.desired is None else change.desired.submission
    before, after = _sides(diff, _proof(had, diff.field), _proof(want, diff.field))
    # Without a record nobody knows what stood there before, which is not the same as nothing.
    if diff.before is None and had is None:
        return after
    return f"{before} -> {after}"


def _sides(diff: FieldDiff, had: Proof | None, want: Proof | None) -> tuple[str, str]:
    texts = shorten_pair(terminal(diff.before or ""), terminal(diff.after or ""), _CELLS)
    return _side(diff.before, texts[0], had), _side(diff.after, texts[1], want)


def _side(value: str | None, text: str, proof: Proof | None) -> str:
    if value is None:
        return "(none)"
    return f'"{text}"' if proof is None else describe(proof)


def _proof(submission: Submission | None, field: str) -> Proof | None:
    if submission is None:
        return None
    proofs = {"certificate": submission.certificate, "authorization": submission.authorization}
    return proofs.get(field)
