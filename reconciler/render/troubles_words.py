"""What each kind of trouble is called, and what to do about it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from reconciler.render.counts import join
from reconciler.troubles import Kind, Trouble

TITLES: Mapping[Kind, str] = {
    Kind.INVALID: "invalid",
    Kind.REJECTED: "rejected",
    Kind.DISABLED: "disabled",
    Kind.MISSING: "missing",
    Kind.DRIFTED: "drifted",
    Kind.BLOCKED: "blocked",
    Kind.NOT_APPLIED: "not applied",
    Kind.EXPIRING: "expiring",
}
WHAT_TO_DO: Mapping[Kind, str] = {
    Kind.INVALID: "correct the manifest; nothing can be applied before",
    Kind.REJECTED: "do what the reviewer asks for in the manifest, and apply",
    Kind.DISABLED: "ask the service's support, or apply for a new one",
    Kind.MISSING: "check the id and the project; was it deleted in the console?",
    Kind.DRIFTED: "somebody edited it in the console: apply, or take it over into the manifest",
    Kind.BLOCKED: "the service does not take this change, `reconciler plan` says why",
    Kind.NOT_APPLIED: "apply what was merged",
    Kind.EXPIRING: "get the next document, and put it in the place of the old one",
}


def summary(found: Iterable[Trouble]) -> str:
    """Such as `2 rejected, 1 expiring`, or that all is well."""
    counts = Counter(each.kind for each in found)
    return join((counts[kind], TITLES[kind]) for kind in Kind) or "all is well"
