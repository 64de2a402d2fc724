"""Worlds for the tests that run the command line against a sandbox over real sockets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from reconciler.model import ReviewStatus
from reconciler.sandbox.seed import Seed, SeedSignature
from reconciler.sandbox.server import running
from tests.integration.world import World

MakeWorld = Callable[..., World]


@pytest.fixture
def make_world(tmp_path: Path) -> Iterator[MakeWorld]:
    """`make_world(SIG1=("approved", "甲乙丙丁"), …)`: a world whose service has these."""
    with ExitStack() as stack:

        def make(*, faults: tuple[str, ...] = (), **signatures: tuple[str, str]) -> World:
            seed = Seed(
                signatures=tuple(
                    SeedSignature(id=known, content=content, status=ReviewStatus(status))
                    for known, (status, content) in signatures.items()
                )
            )
            sandbox = stack.enter_context(running(seed=seed, faults=faults))
            return World(root=tmp_path / "repository", sandbox=sandbox)

        yield make
