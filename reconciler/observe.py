"""Ask the service about many signatures at once."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping
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
    if not unique:
        return {}
    waiting = _Shared(unique)
    answers = _Answers(unique)
    try:
        # Daemons: a service that hangs must not hold up the end of the program.
        for _ in range(min(parallelism, len(unique))):
            threading.Thread(
                target=_work, args=(waiting, service, answers), name="observe", daemon=True
            ).start()
        over = False
        while not over:
            # Woken by the last answer, not by each: that would cost a third more changes of thread.
            over = answers.over.wait(_LOOK)
            if stop.is_set():
                raise _interrupted()
        return answers.in_order()
    except KeyboardInterrupt:
        stop.set()
        raise _interrupted() from None
    finally:
        answers.over.set()


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


class _Answers:
    """What came back, project by project what is hopeless, and what ended everything."""

    def __init__(self, unique: tuple[Question, ...]) -> None:
        self._unique = unique
        self._found: dict[Question, Answered] = {}
        self._projects = {question.project for question in unique}
        self._hopeless: dict[str, HopelessError] = {}
        self._end: BaseException | None = None
        self.over = threading.Event()
        """Nothing is to be asked any more."""

    def check(self, project: str) -> None:
        """Raise what is known of this project already."""
        if project in self._hopeless:
            raise self._hopeless[project]

    def add(self, question: Question, answered: Answered) -> None:
        """The answer to one question."""
        self._found[question] = answered
        if len(self._found) == len(self._unique):
            self.over.set()

    def condemn(self, question: Question, error: HopelessError) -> None:
        """The first error of a project counts; where every project has one, it is the end."""
        self._hopeless.setdefault(question.project, error)
        if len(self._hopeless) == len(self._projects):
            self.end(error)
        else:
            self.add(question, _light(error))

    def end(self, error: BaseException) -> None:
        """Whoever waits for the answers gets this instead."""
        self._end = self._end or error
        self.over.set()

    def in_order(self) -> Mapping[Question, Answered]:
        """Every answer. Raises what ended everything."""
        if self._end is not None:
            raise self._end
        return {question: self._found[question] for question in self._unique}


def _work(waiting: _Shared, service: ReadOnlyService, answers: _Answers) -> None:
    for question in waiting:
        if answers.over.is_set():
            return
        try:
            answers.check(question.project)
            answers.add(question, _ask(question, service))
        except HopelessError as error:
            answers.condemn(question, error)
        except ServiceError as error:
            answers.add(question, _light(error))
        except BaseException as error:  # noqa: BLE001 - handed to the asker's thread, which raises it
            answers.end(error)


def _ask(question: Question, service: ReadOnlyService) -> Observed:
    if question.id is not None:
        return service.find(project=question.project, id=question.id)
    if question.content is None:
        raise ValueError("a question needs an id or a content")
    return service.find_content(project=question.project, content=question.content)


def _light(error: ServiceError) -> ServiceError:
    """Its frames would keep each failed request alive until the last question is answered."""
    return error.with_traceback(None)


def _interrupted() -> InterruptError:
    return InterruptError("Interrupted while asking the service; nothing was changed.")
