"""Field by field: what stood there and what will, in words for a person, whatever the format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from reconciler.model import Proof, Submission
from reconciler.plan.changes import Change, FieldDiff
from reconciler.render.escape import terminal
from reconciler.render.proofs import describe
from reconciler.render.shorten import shorten_pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field that differs; each side is one line, None where there is nothing."""

    field: str
    before: str | None
    after: str | None
    is_document: bool
    is_known: bool
    """What stood there before is known; without a record nobody knows, which is not nothing."""


def differences(change: Change, *, cells: int) -> Iterator[Difference]:
    """The fields of a row's diff; a value wider than `cells` is shortened.

    The manifest and the JSON have every value whole.
    """
    had = None if change.recorded is None else change.recorded.submission
    want = None if change.desired is None else change.desired.submission
    for diff in change.diff:
        proofs = _proof(had, diff.field), _proof(want, diff.field)
        before, after = _sides(diff, *proofs, cells=cells)
        yield Difference(
            field=diff.field,
            before=before,
            after=after,
            is_document=any(proof is not None for proof in proofs),
            is_known=had is not None or diff.before is not None,
        )


def _sides(
    diff: FieldDiff, had: Proof | None, want: Proof | None, *, cells: int
) -> tuple[str | None, str | None]:
    texts = shorten_pair(terminal(diff.before or ""), terminal(diff.after or ""), cells)
    return _side(diff.before, texts[0], had), _side(diff.after, texts[1], want)


def _side(value: str | None, text: str, proof: Proof | None) -> str | None:
    if value is None:
        return None
    return f'"{text}"' if proof is None else describe(proof)


def _proof(submission: Submission | None, field: str) -> Proof | None:
    if submission is None:
        return None
    proofs = {"certificate": submission.certificate, "authorization": submission.authorization}
    return proofs.get(field)
