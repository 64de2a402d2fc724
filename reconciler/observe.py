"""Ask the service about many signatures at once."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future
from dataclasses import dataclass

from reconciler.errors import HopelessError, InterruptError, ServiceError
from reconciler.model import Observed
from reconciler.ports import ReadOnlyService

_LOOK = 0.1
"""Seconds between two looks at `stop` while no answer comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """About one id or, without one, about one content."""

    project: str
    id: str | None = None
    content: str | None = None


Answered = Observed | ServiceError
_Done = tuple[Question, Future[Observed]]


def observe(
    questions: Iterable[Question],
    service: ReadOnlyService,
    *,
    parallelism: int,
    stop: threading.Event,
) -> Mapping[Question, Answered]:
    """The answer to each question, or the error that belongs to it alone; in the order asked.

    Equal questions are asked once. A `HopelessError` answers every further question about its
    project, and is raised as soon as every project has one. Raises `InterruptError` as soon as
    `stop` is set or Ctrl-C is pressed; a question under way is then left to itself, since asking
    changes nothing.
    """
    unique = tuple(dict.fromkeys(questions))
    inbox: queue.SimpleQueue[_Done] = queue.SimpleQueue()
    over = threading.Event()
    waiting = _Shared(unique)
    verdicts = _Verdicts({question.project for question in unique})
    # Daemons: a service that hangs must not hold up the end of the program.
    for _ in range(min(parallelism, len(unique))):
        threading.Thread(
            target=_work,
            args=(waiting, service, inbox, over, verdicts),
            name="observe",
            daemon=True,
        ).start()
    try:
        answers = {}
        for _ in unique:
            question, future = _next(inbox, stop)
            answers[question] = _settled(future, verdicts)
    except KeyboardInterrupt:
        stop.set()
        raise _interrupted() from None
    finally:
        over.set()
    return {question: answers[question] for question in unique}


class _Shared:
    """The questions not asked yet, for several threads."""

    def __init__(self, questions: Iterable[Question]) -> None:
        self._questions = iter(questions)
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Question]:
        return self

    def __next__(self) -> Question:
        with self._lock:
            return next(self._questions)


class _Verdicts:
    """What is hopeless, project by project."""

    def __init__(self, projects: set[str]) -> None:
        self._projects = projects
        self._errors: dict[str, HopelessError] = {}

    @property
    def are_final(self) -> bool:
        """Nothing is left that would be worth asking."""
        return self._projects == self._errors.keys()

    def check(self, project: str) -> None:
        """Raise what is known of this project already."""
        if project in self._errors:
            raise self._errors[project]

    def condemn(self, project: str, error: HopelessError) -> None:
        """The first error of a project counts."""
        self._errors.setdefault(project, error)


def _work(
    waiting: _Shared,
    service: ReadOnlyService,
    inbox: queue.SimpleQueue[_Done],
    over: threading.Event,
    verdicts: _Verdicts,
) -> None:
    for question in waiting:
        if over.is_set() or verdicts.are_final:
            return
        future: Future[Observed] = Future()
        try:
            verdicts.check(question.project)
            future.set_result(_ask(question, service))
        except BaseException as error:  # noqa: BLE001 - handed to the asker's thread, which raises it
            # Noted here already: the asker may take a while to see it.
            if isinstance(error, HopelessError):
                verdicts.condemn(question.project, error)
            elif not isinstance(error, ServiceError):
                over.set()
            future.set_exception(error)
        inbox.put((question, future))


def _ask(question: Question, service: ReadOnlyService) -> Observed:
    if question.id is not None:
        return service.find(project=question.project, id=question.id)
    if question.content is None:
        raise ValueError("a question needs an id or a content")
    return service.find_content(project=question.project, content=question.content)


def _next(inbox: queue.SimpleQueue[_Done], stop: threading.Event) -> _Done:
    while not stop.is_set():
        try:
            return inbox.get(timeout=_LOOK)
        except queue.Empty:
            continue
    raise _interrupted()


def _settled(future: Future[Observed], verdicts: _Verdicts) -> Answered:
    try:
        return future.result()
    except ServiceError as error:
        if isinstance(error, HopelessError) and verdicts.are_final:
            raise
        # Its frames would keep each failed request alive until the last question is answered.
        return error.with_traceback(None)


def _interrupted() -> InterruptError:
    return InterruptError("Interrupted while asking the service; nothing was changed.")
