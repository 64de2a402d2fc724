"""Applications whose end is not known: noted before the request, looked for by content after it.

Creating is the one write that must not be repeated blindly. An intent is the record as it will
stand once the service has accepted the application, under a stand-in for the id that nobody
knows yet.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler.canonical import digest
from reconciler.errors import InterruptError, ServiceError
from reconciler.model import Observed, Recorded
from reconciler.ports import ReadOnlyService

_MARK = "intent-"
_DIGITS = 32


def _sleep(seconds: float) -> bool:
    time.sleep(seconds)
    return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often and how long a content is looked for before it counts as not there."""

    pauses: tuple[float, ...] = (1.0, 2.0, 4.0)
    """Seconds between two questions: a request may be under way still when its sender is dead."""
    pause: Callable[[float], bool] = _sleep
    """Waits for so many seconds; True when the user asked to stop meanwhile."""


def stand_in(*, endpoint: str, project: str, content: str) -> str:
    """The id of an intent: the same for every application for this content."""
    about = {"endpoint": endpoint, "project": project, "content": content}
    return f"{_MARK}{digest(about)[:_DIGITS]}"


def fulfilled(intent: Recorded, id: str) -> Recorded:
    """The record of the signature that the intent has led to."""
    return replace(intent, id=id)


def look_for(
    intents: Sequence[Recorded], service: ReadOnlyService, patience: Patience
) -> Mapping[str, Observed | ServiceError]:
    """Ask by content until all are there, or until every pause is used up; by stand-in.

    A `NOT_FOUND` has been asked for to the end; an error is that of the last question. Raises
    `InterruptError` when the user asked to stop.
    """
    answers: dict[str, Observed | ServiceError] = {}
    pauses = iter(patience.pauses)
    while True:
        for intent in intents:
            if not _is_found(answers.get(intent.id)):
                answers[intent.id] = ask(intent, service)
        pause = next(pauses, None)
        if pause is None or all(map(_is_found, answers.values())):
            return answers
        if patience.pause(pause):
            raise InterruptError("Interrupted while looking for what an application came to.")


def ask(intent: Recorded, service: ReadOnlyService) -> Observed | ServiceError:
    """One question by content."""
    try:
        return service.find_content(project=intent.project, content=intent.submission.content)
    except ServiceError as error:
        return error


def _is_found(answer: Observed | ServiceError | None) -> bool:
    return isinstance(answer, Observed) and answer.id is not None
