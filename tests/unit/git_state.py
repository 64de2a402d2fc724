"""Records in a remote, who sees them, and what a run leaves on its machine when that goes away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from reconciler.errors import KeptError
from reconciler.model import Recorded
from tests.unit.builders import recorded
from tests.unit.git_world import LOCK_REF, World, git

ONE, TWO = recorded("SIG1", name="retail/one"), recorded("SIG2", name="two")
LATER = replace(
    ONE, submission=replace(ONE.submission, content="子丑寅卯"), at="2026-11-21T00:00:00Z"
)
REF = "refs/reconciler/state"


def remembered(world: World) -> dict[str, Recorded]:
    """The records as somebody else sees them."""
    return dict(world.reader().load())


def journal(world: World, root: Path | None = None) -> list[Path]:
    """The journals that hold anything."""
    found = sorted(((root or world.work) / ".reconciler" / "journal").glob("*.jsonl"))
    return [path for path in found if path.read_bytes()]


@contextmanager
def kept_here(world: World, *records: Recorded) -> Iterator[KeptError]:
    """What a run records while its remote goes away; it is back afterwards."""
    state = world.state()

    def run() -> None:
        with state.lock():
            world.away()
            for record in records:
                state.put(record)

    with pytest.raises(KeptError) as caught:
        run()
    try:
        yield caught.value
    finally:
        world.back()


def held(world: World) -> dict[str, str]:
    """Who has the lock, as it stands at the server."""
    text = git("show", f"{LOCK_REF}:holder.json", cwd=world.remote)
    found: dict[str, str] = json.loads(text)
    return found


def dead_lock(world: World) -> None:
    """The lock that could not be released: its process is this one, which lives."""
    git("update-ref", "-d", LOCK_REF, cwd=world.remote)
