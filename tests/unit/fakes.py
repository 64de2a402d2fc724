"""The service and the state in memory, behind the same Protocols, failing where a script says."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from reconciler.errors import RefusedError, RejectedRequestError
from reconciler.model import Observed, Recorded, ReviewStatus, Submission
from reconciler.ports import Receipt

T = TypeVar("T")


class Crash(BaseException):
    """The process dies here: no `except ReconcilerError` sees it, and nothing happens after it."""


class Point(StrEnum):
    """Where the engine touches the outside, and so where it can fail."""

    ASK = "ask"
    SEND = "send"
    """Before the service has done anything."""
    ANSWER = "answer"
    """After the service has done it, before anybody is told."""
    KEEP = "keep"
    """Before the state has anything of it."""
    KEPT = "kept"
    """After the state has it, before anybody is told."""


Script = Callable[[Point, str], BaseException | None]
"""Called with the point and what it is about; what it returns is raised there."""


def peace(_point: Point, _about: str) -> None:
    """Nothing fails."""


def failing(faults: Mapping[tuple[Point, str], BaseException]) -> Script:
    """What fails, each as often as it is touched."""
    return lambda point, about: faults.get((point, about))


class Numbered:
    """Fails at the touches with these numbers, counted from 0; after a crash, at all."""

    def __init__(self, faults: Mapping[int, Callable[[Point], BaseException | None]]) -> None:
        self._faults = faults
        self._lock = threading.Lock()
        self._touches = 0
        self.dead = False

    def __call__(self, point: Point, _about: str) -> BaseException | None:
        with self._lock:
            number, self._touches = self._touches, self._touches + 1
            make = self._faults.get(number)
            fault = None if make is None else make(point)
            self.dead = self.dead or isinstance(fault, Crash)
            return Crash() if self.dead else fault


@dataclass(slots=True, kw_only=True)
class Remote:
    """One signature as the service has it."""

    project: str
    content: str
    status: ReviewStatus
    rejection: str | None = None


class FakeService:
    """`ports.Service` as the reference describes it: only what is unapproved can be edited."""

    def __init__(
        self, remotes: Mapping[str, Remote] | None = None, *, script: Script = peace
    ) -> None:
        self.remotes = dict(remotes or {})
        self.script = script
        self.asked: list[str] = []
        self.writes: list[tuple[str, tuple[str, ...]]] = []
        """Every write that was accepted: its name, its ids."""
        self.submitted: list[tuple[str, str]] = []
        """Every accepted description: id, fingerprint."""
        self._lock = threading.Lock()

    def find(self, *, project: str, id: str) -> Observed:
        return self._ask(id, lambda key, remote: key == id and remote.project == project)

    def find_content(self, *, project: str, content: str) -> Observed:
        wanted = (project, content)
        return self._ask(content, lambda _, remote: (remote.project, remote.content) == wanted)

    def resubmit(self, *, project: str, ids: tuple[str, ...], submission: Submission) -> Receipt:
        def update() -> None:
            for remote in self._editable(project, ids):
                remote.content, remote.status = submission.content, ReviewStatus.PENDING
                remote.rejection = None
            self._accept("resubmit", ids, submission)

        self._send(",".join(ids), update)
        return self._receipt()

    def create(self, *, project: str, submission: Submission) -> Receipt:
        def make() -> str:
            new = f"NEW{sum(name == 'create' for name, _ in self.writes)}"
            self.remotes[new] = Remote(
                project=project, content=submission.content, status=ReviewStatus.PENDING
            )
            self._accept("create", (new,), submission)
            return new

        return self._receipt(self._send(submission.content, make))

    def delete(self, *, project: str, ids: tuple[str, ...]) -> Receipt:
        def forget() -> None:
            if any(self._get(project, i).status is ReviewStatus.REVIEWING for i in ids):
                raise RejectedRequestError("one of them is under review", code=18003)
            for each in ids:
                del self.remotes[each]
            self.writes.append(("delete", ids))

        self._send(",".join(ids), forget)
        return self._receipt()

    def _ask(self, about: str, fits: Callable[[str, Remote], bool]) -> Observed:
        _touch(self.script, Point.ASK, about)
        with self._lock:
            self.asked.append(about)
            for key, remote in self.remotes.items():
                if fits(key, remote):
                    return Observed(
                        status=remote.status,
                        id=key,
                        content=remote.content,
                        rejection=remote.rejection,
                    )
        return Observed(status=ReviewStatus.NOT_FOUND)

    def _send(self, about: str, do: Callable[[], T]) -> T:
        _touch(self.script, Point.SEND, about)
        with self._lock:
            done = do()
        _touch(self.script, Point.ANSWER, about)
        return done

    def _get(self, project: str, id: str) -> Remote:
        remote = self.remotes.get(id)
        if remote is None or remote.project != project:
            raise RejectedRequestError(f"there is no {id}", code=18016)
        return remote

    def _editable(self, project: str, ids: tuple[str, ...]) -> list[Remote]:
        found = [self._get(project, each) for each in ids]
        if any(r.status in {ReviewStatus.APPROVED, ReviewStatus.DISABLED} for r in found):
            raise RejectedRequestError("one of them can no longer be edited", code=18003)
        return found

    def _accept(self, name: str, ids: tuple[str, ...], submission: Submission) -> None:
        self.writes.append((name, ids))
        self.submitted += [(each, submission.fingerprint) for each in ids]

    def _receipt(self, id: str | None = None) -> Receipt:
        return Receipt(request_uuid=f"uuid-{len(self.writes)}", id=id)


class FakeStore:
    """`ports.StateStore` as a dictionary; what is in it has survived."""

    def __init__(
        self, records: Mapping[str, Recorded] | None = None, *, script: Script = peace
    ) -> None:
        self.records = dict(records or {})
        self.begun: dict[str, Recorded] = {}
        self.script = script
        self.events: list[str] = []
        self._held = False

    def load(self) -> Mapping[str, Recorded]:
        return dict(self.records)

    def put(self, record: Recorded) -> None:
        def keep() -> None:
            self.records[record.id] = record

        self._change(f"put {record.id}", record.id, keep)

    def remove(self, id: str, *, why: str = "forgotten") -> None:
        self._change(f"remove {id}", id, lambda: self.records.pop(id, None))

    def intents(self) -> Mapping[str, Recorded]:
        return dict(self.begun)

    def begin(self, intent: Recorded) -> None:
        def note() -> None:
            self.begun[intent.id] = intent

        self._change(f"begin {intent.submission.content}", "intent", note)

    def end(self, id: str) -> None:
        if id in self.begun:
            content = self.begun[id].submission.content
            self._change(f"end {content}", "intent", lambda: self.begun.pop(id))

    @contextmanager
    def lock(self) -> Iterator[None]:
        if self._held:
            raise RefusedError("the state is locked by somebody")
        self._held = True
        try:
            yield
        finally:
            self._held = False

    def _change(self, event: str, about: str, do: Callable[[], object]) -> None:
        _touch(self.script, Point.KEEP, about)
        do()
        self.events.append(event)
        _touch(self.script, Point.KEPT, about)


def _touch(script: Script, point: Point, about: str) -> None:
    fault = script(point, about)
    if fault is not None:
        raise fault
