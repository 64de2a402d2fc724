"""What the tests of this folder share: a zygote, and arenas for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path

import pytest

from tests.crash.arena import Arena, Zygote, arena, template

MakeArena = Callable[[str], Arena]


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    made = Zygote()
    yield made
    made.close()


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template(tmp_path_factory.mktemp("crash"))


@pytest.fixture
def enter(made: Path, zygote: Zygote, tmp_path: Path) -> Iterator[MakeArena]:
    """`enter(STATE)`: a fresh arena; the one before it is gone then."""
    numbers = count()
    with ExitStack() as stack:

        def make(state: str) -> Arena:
            stack.close()
            folder = tmp_path / f"arena{next(numbers)}"
            return stack.enter_context(arena(made, folder, zygote, state))

        yield make
