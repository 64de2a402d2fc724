"""What the tests of the forges' interfaces have in common: fakes of both, and a clock."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.integration.fake_github import FakeGitHub
from tests.integration.fake_gitlab import FakeGitLab
from tests.integration.forge_setup import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def fake() -> Iterator[FakeGitHub]:
    with FakeGitHub() as server:
        server.pull("a" * 40)
        yield server


@pytest.fixture
def lab_fake() -> Iterator[FakeGitLab]:
    with FakeGitLab() as server:
        yield server
