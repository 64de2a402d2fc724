"""What the tests of the git state have in common: a remote, and batches that nobody waits for."""

from __future__ import annotations

from pathlib import Path

import pytest

from reconciler.state import batches
from tests.unit.git_world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


@pytest.fixture(autouse=True)
def only_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches by count or at the end: no test waits for a second to pass."""
    monkeypatch.setattr(batches, "SECONDS", 3600.0)
