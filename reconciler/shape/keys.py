"""What to say about a key that is missing or that nobody knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.shape.suggest import fold, nearest
from reconciler.wording import listed, quoted

_MISSING: Mapping[str, tuple[str, str]] = {
    "content": ("", "Write the brand, 2 to 12 characters, such as `content: 优刻得科技`."),
    "type": ("", "Say what the content names, such as `type: company`."),
    "purpose": ("", "Say whose brand it is: `purpose: self-use` or `purpose: others-use`."),
    "certificate": ("", "Write `certificate:` and below it, set in, `file:` with its path."),
    "authorization": (
        ": `purpose: others-use` needs a letter of authorization",
        "Write `authorization:` and below it, set in, `file:` with its path.",
    ),
}
_OF_A_PROOF = frozenset({"file", "url", "holder", "expires"})
_OF_A_MANIFEST = frozenset(
    {*_MISSING, "id", "scene", "project", "suspend", "absent", "description"}
)


def missing_key(name: str) -> tuple[str, str]:
    """The summary and the advice for a required key that is not there."""
    why, advice = _MISSING[name]
    return f"{quoted(name)} is missing{why}", advice


def unknown_key(key: str, known: Sequence[str], *, at_top: bool) -> tuple[str, str]:
    """The summary and the advice for a key that is not among the `known` ones of its mapping."""
    what = f"unknown key {quoted(key)}"
    if at_top and key in _OF_A_PROOF:
        return (
            f"{what} here: it belongs below `certificate`",
            "Move it there, set in by two spaces.",
        )
    if not at_top and key in _OF_A_MANIFEST:
        return (
            f"{what} here: it belongs to the manifest itself",
            "Move it out: begin a line with it.",
        )
    if fold(key) == "certificatetype":
        return what, "Delete it: the certificate's type is always the one that goes with `type`."
    meant = nearest(key, known)
    if meant is not None:
        return f"{what}: did you mean {quoted(meant)}?", f"Write {quoted(meant)} in its place."
    return what, f"The keys here are {listed(known, 'and')}."
