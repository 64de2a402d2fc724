"""The guards by name; without imports, since the command line needs the words at every start."""

from __future__ import annotations

from enum import StrEnum


class Guard(StrEnum):
    """What can be let through for one run, by the word after `--allow`."""

    EMPTY = "empty"
    """Forgetting every record, with no manifest left."""
    SAME_CONTENT = "same-content"
    """Two signatures with one content in one project."""
    OTHER_PLACE = "other-place"
    """Records of another project or service."""
