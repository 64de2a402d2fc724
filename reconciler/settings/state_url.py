"""Where the state is kept, as a URL: its scheme names the backend."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

from reconciler.errors import UsageError

_ADVICE = "Use file: and a directory, such as file:.reconciler/state"


def path(url: str) -> str:
    """The directory that a `file:` URL names, as it is written there.

    Raises `UsageError` for any other URL. A further backend gets its scheme here.
    """
    scheme, colon, rest = url.partition(":")
    if not colon:
        raise UsageError("must be a URL such as file:.reconciler/state", _ADVICE)
    if scheme == "git":
        raise UsageError("names the git: backend, which is not supported yet", _ADVICE)
    if scheme != "file":
        raise UsageError(f"names an unknown backend, {scheme}:", _ADVICE)
    return _local(rest)


def directory(url: str, root: Path) -> Path:
    """The directory of a `file:` URL; a relative one is below `root`."""
    return root / path(url)


def _local(rest: str) -> str:
    if rest.startswith("//"):
        host, slash, below = rest.removeprefix("//").partition("/")
        if host not in {"", "localhost"} or not slash:
            raise UsageError("names a host, but file: can only mean this one", _ADVICE)
        rest = f"/{below}"
    found = unquote(rest)
    if not found.strip() or not found.isprintable():
        raise UsageError("names no directory", _ADVICE)
    return found
