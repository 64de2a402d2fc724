"""Many questions at once: each asked once, each answered alone, and all stopped together."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.errors import HopelessError, InterruptError, NoAnswerError
from reconciler.model import Observed, ReviewStatus
from reconciler.observe import Question, observe

WAIT = 10.0
"""Seconds that would only pass if a test hung."""


class FakeService:
    """Answers by `find`; keeps count of what was asked and how many asked at once."""

    def __init__(self, find: Callable[[str], Observed] | None = None) -> None:
        self.asked: list[str] = []
        self.most = 0
        self._now = 0
        self._find = find or _approved
        self._lock = threading.Lock()

    def find(self, *, project: str, id: str) -> Observed:
        return self._answered(f"{project}/{id}")

    def find_content(self, *, project: str, content: str) -> Observed:
        return self._answered(f"{project}/【{content}】")

    def _answered(self, what: str) -> Observed:
        with self._lock:
            self.asked.append(what)
            self._now += 1
            self.most = max(self.most, self._now)
        try:
            return self._find(what)
        finally:
            with self._lock:
                self._now -= 1


def _approved(what: str) -> Observed:
    return Observed(status=ReviewStatus.APPROVED, id=what)


def ids(count: int) -> list[Question]:
    return [Question(project="org", id=f"SIG{number}") for number in range(count)]


def test_each_question_has_its_answer_in_the_order_asked() -> None:
    questions = [*ids(50), Question(project="org", content="甲乙"), Question(project="b", id="X")]
    answers = observe(questions, FakeService(), parallelism=8, stop=threading.Event())
    assert list(answers) == questions
    for question, answer in answers.items():
        asked = question.id or f"【{question.content}】"
        assert answer == _approved(f"{question.project}/{asked}")


def test_the_order_is_that_of_the_questions_not_of_the_answers() -> None:
    late = threading.Event()

    def find(what: str) -> Observed:
        if what == "org/SIG0":
            late.wait(WAIT)
        if what == "org/SIG9":
            late.set()
        return _approved(what)

    answers = observe(ids(10), FakeService(find), parallelism=2, stop=threading.Event())
    assert list(answers) == ids(10)


def test_an_id_is_asked_about_by_id_though_its_content_is_known() -> None:
    service = FakeService()
    question = Question(project="org", id="SIG1", content="甲乙")
    observe([question], service, parallelism=1, stop=threading.Event())
    assert service.asked == ["org/SIG1"]


@given(st.lists(st.integers(0, 5)), st.integers(1, 4))
def test_equal_questions_are_asked_once(numbers: list[int], parallelism: int) -> None:
    service = FakeService()
    questions = [Question(project="org", id=f"SIG{number}") for number in numbers]
    answers = observe(iter(questions), service, parallelism=parallelism, stop=threading.Event())
    assert sorted(service.asked) == sorted({f"org/{question.id}" for question in questions})
    assert list(answers) == list(dict.fromkeys(questions))


def test_as_many_as_allowed_are_under_way_at_once_and_no_more() -> None:
    together = threading.Barrier(4, timeout=WAIT)

    def find(what: str) -> Observed:
        together.wait()
        return _approved(what)

    service = FakeService(find)
    observe(ids(40), service, parallelism=4, stop=threading.Event())
    assert service.most == 4


def test_no_more_threads_than_questions() -> None:
    before = threading.active_count()
    seen: list[int] = []

    def find(what: str) -> Observed:
        seen.append(threading.active_count())
        return _approved(what)

    observe(ids(2), FakeService(find), parallelism=64, stop=threading.Event())
    assert max(seen) <= before + 2


def test_no_questions_no_threads_no_answers() -> None:
    assert observe([], FakeService(), parallelism=8, stop=threading.Event()) == {}


def test_a_question_that_fails_leaves_the_others_alone() -> None:
    failure = NoAnswerError("no answer")

    def find(what: str) -> Observed:
        if what == "org/SIG3":
            raise failure
        return _approved(what)

    answers = observe(ids(10), FakeService(find), parallelism=2, stop=threading.Event())
    assert answers[Question(project="org", id="SIG3")] is failure
    assert failure.__traceback__ is None  # it would keep the request
    assert sum(isinstance(answer, Observed) for answer in answers.values()) == 9


def test_a_hopeless_answer_ends_everything_though_others_are_still_under_way() -> None:
    """It does not wait for the question that hangs, and asks nothing more."""
    hanging, release = threading.Event(), threading.Event()

    def find(what: str) -> Observed:
        if what == "org/SIG0":
            hanging.set()
            release.wait(WAIT)
            return _approved(what)
        hanging.wait(WAIT)
        raise HopelessError("wrong keys")

    service = FakeService(find)
    try:
        with pytest.raises(HopelessError, match="wrong keys"):
            observe(ids(1000), service, parallelism=2, stop=threading.Event())
        assert not release.is_set()
    finally:
        release.set()
    _until_only_this_thread_is_left()
    assert service.asked == ["org/SIG0", "org/SIG1"]


class TestOfSeveralProjects:
    questions: ClassVar = [
        Question(project=project, id=f"SIG{number}") for number in range(3) for project in "ab"
    ]

    def test_a_hopeless_one_is_asked_once_and_leaves_the_others_alone(self) -> None:
        wrong = HopelessError("no such project")

        def find(what: str) -> Observed:
            if what.startswith("a/"):
                raise wrong
            return _approved(what)

        service = FakeService(find)
        answers = observe(self.questions, service, parallelism=1, stop=threading.Event())
        assert service.asked == ["a/SIG0", "b/SIG0", "b/SIG1", "b/SIG2"]
        assert {each.project for each, answer in answers.items() if answer is wrong} == {"a"}
        assert sum(isinstance(answer, Observed) for answer in answers.values()) == 3

    def test_the_first_error_of_a_project_is_that_of_all_its_questions(self) -> None:
        """Two questions were under way; the second one's error comes later and is its own."""
        second, first_is_known = threading.Event(), threading.Event()

        def find(what: str) -> Observed:
            if what.startswith("b/"):
                return _approved(what)
            if what == "a/SIG1":
                second.set()
                first_is_known.wait(WAIT)
            elif what == "a/SIG0":
                second.wait(WAIT)
            raise HopelessError(what)

        questions = [Question(project="a", id=f"SIG{number}") for number in range(2)]
        others = [Question(project="b", id="SIG0")]
        last = Question(project="a", id="SIG2")

        class Signalled(FakeService):
            def find(self, *, project: str, id: str) -> Observed:
                if project == "b":
                    first_is_known.set()
                return super().find(project=project, id=id)

        answers = observe(
            [*questions, *others, last], Signalled(find), parallelism=2, stop=threading.Event()
        )
        assert [str(answers[each]) for each in (*questions, last)] == ["a/SIG0", "a/SIG1", "a/SIG0"]

    def test_all_hopeless_is_one_error(self) -> None:
        def find(what: str) -> Observed:
            raise HopelessError(f"wrong keys for {what}")

        service = FakeService(find)
        with pytest.raises(HopelessError, match="wrong keys"):
            observe(self.questions, service, parallelism=1, stop=threading.Event())
        assert service.asked == ["a/SIG0", "b/SIG0"]


def test_a_stop_ends_everything_though_a_question_hangs() -> None:
    stop, release = threading.Event(), threading.Event()

    def find(what: str) -> Observed:
        stop.set()
        release.wait(WAIT)
        return _approved(what)

    service = FakeService(find)
    try:
        with pytest.raises(InterruptError, match="nothing was changed"):
            observe(ids(100), service, parallelism=2, stop=stop)
    finally:
        release.set()
    _until_only_this_thread_is_left()
    assert len(service.asked) <= 2


def test_a_stop_is_seen_while_no_answer_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    """It looks again and again; here somebody stops everything after it has looked twice."""
    monkeypatch.setattr("reconciler.observe._LOOK", 0.001)
    release = threading.Event()

    class StopAfterTwoLooks(threading.Event):
        looks = 0

        def is_set(self) -> bool:
            self.looks += 1
            return self.looks > 2

    def find(what: str) -> Observed:
        release.wait(WAIT)
        return _approved(what)

    try:
        with pytest.raises(InterruptError):
            observe(ids(1), FakeService(find), parallelism=1, stop=StopAfterTwoLooks())
    finally:
        release.set()


def test_ctrl_c_is_an_interruption_that_stops_the_waiting_of_others_too() -> None:
    def find(_: str) -> Observed:
        raise KeyboardInterrupt

    stop = threading.Event()
    with pytest.raises(InterruptError):
        observe(ids(10), FakeService(find), parallelism=1, stop=stop)
    assert stop.is_set()


def test_a_stop_counts_though_the_last_answer_comes_with_it() -> None:
    stop = threading.Event()

    def find(what: str) -> Observed:
        stop.set()
        return _approved(what)

    with pytest.raises(InterruptError):
        observe(ids(1), FakeService(find), parallelism=1, stop=stop)


def test_ctrl_c_while_the_threads_start_ends_those_that_run(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    start = threading.Thread.start
    started: list[threading.Thread] = []

    def starts(thread: threading.Thread) -> None:
        if started:
            raise KeyboardInterrupt
        started.append(thread)
        start(thread)

    release = threading.Event()

    def find(what: str) -> Observed:
        release.wait(WAIT)
        return _approved(what)

    service, stop = FakeService(find), threading.Event()
    with monkeypatch.context() as patched:
        patched.setattr(threading.Thread, "start", starts)
        with pytest.raises(InterruptError):
            observe(ids(10), service, parallelism=2, stop=stop)
    release.set()
    _until_only_this_thread_is_left()
    assert stop.is_set()
    assert len(service.asked) == 1


def test_an_interruption_inside_a_question_is_one() -> None:
    def find(_: str) -> Observed:
        raise InterruptError("stopped")

    with pytest.raises(InterruptError, match="stopped"):
        observe(ids(10), FakeService(find), parallelism=2, stop=threading.Event())


def test_a_bug_is_raised_where_it_is_seen() -> None:
    with pytest.raises(ValueError, match="needs an id or a content"):
        observe([Question(project="org")], FakeService(), parallelism=2, stop=threading.Event())


def _until_only_this_thread_is_left() -> None:
    for thread in threading.enumerate():
        if thread.name == "observe":
            thread.join(WAIT)
