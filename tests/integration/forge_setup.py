"""Both forges for a fake of theirs, with time that passes only where somebody sleeps."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from reconciler.forge import github, gitlab
from reconciler.forge.api import Api
from reconciler.forge.marker import Noted, compose
from reconciler.forge.port import Forge
from reconciler.forge.values import Access
from tests.integration.fake_forge import TOKEN, FakeForge
from tests.integration.fake_github import REPOSITORY
from tests.integration.fake_gitlab import PROJECT

MARKED = compose("plan", "the plan", noted=None, longest=1_000)
NOTED = Noted(fingerprint="f" * 64, head="a" * 40)
COMMENTS = r"/issues/\d+/comments$"


@dataclass(slots=True)
class Clock:
    """Time passes by sleeping alone."""

    now: float = 1_000_000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def __call__(self) -> float:
        return self.now


@contextmanager
def hub(fake: FakeForge, clock: Clock, *, token: str = TOKEN) -> Iterator[Forge]:
    """GitHub, as a run opens it."""
    access = Access(url=fake.url, project=REPOSITORY, token=token)
    with Api(access, github.headers(access), sleep=clock.sleep, clock=clock) as api:
        yield github.GitHub(api, access)


@contextmanager
def lab(fake: FakeForge, clock: Clock) -> Iterator[Forge]:
    """GitLab, as a run opens it."""
    access = Access(url=fake.url, project=PROJECT, token=TOKEN)
    with Api(access, gitlab.headers(access), sleep=clock.sleep, clock=clock) as api:
        yield gitlab.GitLab(api, access)
