"""A place to resolve settings in: a repository, a home directory and an environment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from reconciler.errors import UsageError
from reconciler.settings.resolve import resolve
from reconciler.settings.values import NO_FLAGS, Flags, Settings


class World:
    """A repository and a home directory, both empty, and an environment."""

    def __init__(self, folder: Path) -> None:
        self.root, self.home = folder / "repository", folder / "home"
        self.environ: dict[str, str] = {}
        self.root.mkdir()
        (self.home / ".ucloud").mkdir(parents=True)

    def toml(self, text: str, name: str = "reconciler.toml") -> None:
        """Write the repository's settings."""
        (self.root / name).write_bytes(text.encode("utf-8"))

    def profiles(self, *profiles: Any, name: str = "config.json") -> None:
        """Write a profile file."""
        (self.home / ".ucloud" / name).write_text(json.dumps(profiles), encoding="utf-8")

    def resolve(self, flags: Flags = NO_FLAGS) -> Settings:
        """The settings of this world."""
        return resolve(self.root, flags, self.environ, self.home)

    def error(self, flags: Flags = NO_FLAGS) -> UsageError:
        """What is said about them."""
        with pytest.raises(UsageError) as raised:
            self.resolve(flags)
        return raised.value
