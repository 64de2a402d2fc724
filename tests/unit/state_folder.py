"""Records in a directory, the files that lie there, and calls of the system that fail."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from reconciler.errors import StateError
from reconciler.ports import StateStore
from tests.unit.builders import recorded

OLD, NEW = recorded("SIG1", content="甲乙丙丁"), recorded("SIG1", content="子丑寅卯")


def names(folder: Path) -> list[str]:
    """The files that lie there."""
    return sorted(path.name for path in folder.iterdir())


def damaged(store: StateStore) -> StateError:
    """What is said of records that cannot be loaded."""
    with pytest.raises(StateError) as caught:
        store.load()
    return caught.value


def raising(code: int) -> Callable[..., object]:
    """A call of the system that fails with this error."""

    def fail(*_: object, **__: object) -> object:
        raise OSError(code, os.strerror(code))

    return fail
