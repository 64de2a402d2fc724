"""Why, in words for a person; the code words are contract 4's."""

from __future__ import annotations

from collections.abc import Mapping

from reconciler.plan.changes import Action, Reason, Verdict

_WORDS: Mapping[Reason, str] = {
    Reason.SUSPENDED: "suspended in its manifest: left alone",
    Reason.UNTRACKED: "the service has this content already: recorded, nothing is sent",
    Reason.CONTENT_DIFFERS: "the service has other content under this id",
    Reason.FIRST_SUBMISSION: "not submitted from here before",
    Reason.APPROVED_IMMUTABLE: "approved: content can no longer be edited; apply for a new one",
    Reason.DISABLED: "disabled by the service: ask its support, or apply for a new one",
    Reason.CAUGHT_UP: "the service shows the new content already: recorded, nothing is sent",
    Reason.CHANGED: "the manifest differs from what was last submitted",
    Reason.DRIFTED: "the service shows other content than was submitted",
    Reason.IN_SYNC: "nothing changed",
    Reason.UNDER_REVIEW: "waiting for the reviewer",
    Reason.REJECTED_UNCHANGED: "rejected, and unchanged since: edit the manifest to submit again",
    Reason.NOT_FOUND: "the service knows no such id: check the id and the project",
    Reason.UNMANAGED: "no manifest is left: its record goes, the service is not touched",
    Reason.NEW: "not applied for yet",
    Reason.ABSENT: "marked absent in its manifest",
}

_SPECIAL: Mapping[tuple[Action, Reason], str] = {
    (Action.BLOCKED, Reason.DISABLED): (
        "disabled by the service: it can no longer be edited; apply for a new one"
    ),
    (Action.BLOCKED, Reason.UNDER_REVIEW): (
        "under review: it can only be deleted once the reviewer has decided"
    ),
    (Action.NO_OP, Reason.DRIFTED): (
        "the service shows other content than was submitted, and it can no longer be edited"
    ),
    (Action.NO_OP, Reason.NOT_FOUND): (
        "submitted before, but the service no longer knows it: was it deleted in the console?"
    ),
    (Action.DELETE, Reason.ABSENT): "marked absent in its manifest; cannot be undone",
    (Action.FORGET, Reason.ABSENT): "marked absent, and gone at the service: its record goes",
    (Action.NO_OP, Reason.ABSENT): "marked absent, and gone at the service: nothing is left to do",
}


_BY_WORD: Mapping[str, str] = {reason.value: words for reason, words in _WORDS.items()}


def explain(verdict: Verdict) -> str:
    """The verdict's reason, in one sentence that also says what to do where that is not plain."""
    return _SPECIAL.get((verdict.action, verdict.reason), _WORDS[verdict.reason])


def explain_word(word: str) -> str:
    """A reason that arrives as its code word; a word that is none of ours stays as it is."""
    return _BY_WORD.get(word, word)
