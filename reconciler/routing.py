"""One service in front of several: each project's requests go to where the project lives."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Generic, NoReturn, TypeVar

from reconciler.errors import HopelessError, ReconcilerError
from reconciler.model import Observed, Submission
from reconciler.ports import ReadOnlyService, Receipt, Service

S = TypeVar("S", bound=ReadOnlyService)


class ReadOnlyRouter(Generic[S]):
    """`ports.ReadOnlyService` over one service for each project, and one for all others."""

    def __init__(self, otherwise: S, own: Mapping[str, S]) -> None:
        self._otherwise = otherwise
        self._own = own

    def find(self, *, project: str, id: str) -> Observed:
        """As the project's service does."""
        return self._to(project).find(project=project, id=id)

    def find_content(self, *, project: str, content: str) -> Observed:
        """As the project's service does."""
        return self._to(project).find_content(project=project, content=content)

    def _to(self, project: str) -> S:
        return self._own.get(project, self._otherwise)


class Router(ReadOnlyRouter[Service]):
    """`ports.Service` likewise."""

    def resubmit(self, *, project: str, ids: tuple[str, ...], submission: Submission) -> Receipt:
        """As the project's service does."""
        return self._to(project).resubmit(project=project, ids=ids, submission=submission)

    def create(self, *, project: str, submission: Submission) -> Receipt:
        """As the project's service does."""
        return self._to(project).create(project=project, submission=submission)

    def delete(self, *, project: str, ids: tuple[str, ...]) -> Receipt:
        """As the project's service does."""
        return self._to(project).delete(project=project, ids=ids)


class ReadOnlyClosed:
    """`ports.ReadOnlyService` for a project that nothing can be asked about, such as one without
    keys. Everything raises `HopelessError` with the reason's own words: it ends that project alone.
    """

    def __init__(self, reason: ReconcilerError) -> None:
        self._reason = reason

    def find(self, **_: object) -> Observed:
        """Raise."""
        self._refuse()

    def find_content(self, **_: object) -> Observed:
        """Raise."""
        self._refuse()

    def _refuse(self) -> NoReturn:
        raise HopelessError(self._reason.summary, self._reason.advice)


class Closed(ReadOnlyClosed):
    """`ports.Service` likewise."""

    def resubmit(self, **_: object) -> Receipt:
        """Raise."""
        self._refuse()

    def create(self, **_: object) -> Receipt:
        """Raise."""
        self._refuse()

    def delete(self, **_: object) -> Receipt:
        """Raise."""
        self._refuse()
