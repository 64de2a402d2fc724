"""Whether documents can be looked into here."""

from __future__ import annotations

from importlib.util import find_spec


def available() -> bool:
    """Whether the extra `documents` is installed; nothing is loaded to find out."""
    return all(find_spec(name) is not None for name in ("PIL", "pypdf"))
