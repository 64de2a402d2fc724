"""Where another repository is, and how the user's git reaches it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.git.environment import confined, scrubbed
from reconciler.git.process import GitError, Ran, run

DEFAULT = "origin"
_NAME = "state"
"""What the remote is called in a repository of our own."""
_SECTIONS = ("credential.", "http.", "https.", "protocol.", "safe.", "ssh.", "url.")
_KEYS = frozenset({"core.askpass", "core.gitproxy", "core.sshcommand"})
_REMOTE_KEYS = ("proxy", "proxyauthmethod", "receivepack", "uploadpack")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.IGNORECASE)
_USER_INFO = re.compile(r"(?<=://)[^/@\s]+@")

Settings = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    """A repository to read from and to push to."""

    shown: str
    """How messages call it: its name, or its URL without user name and password."""
    url: str = field(repr=False)
    """It may hold a password."""
    cwd: Path
    """Where git is started: what a relative path in the URL counts from."""
    environment: Mapping[str, str] = field(repr=False)
    """It may hold tokens, as CI systems put them into the repository's settings."""
    object_format: str = "sha1"

    @property
    def name(self) -> str:
        """What git commands call it."""
        return _NAME


def resolve(root: Path, word: str, environ: Mapping[str, str]) -> Remote:
    """The remote that `word` names: one of the repository at `root`, or a URL or path of its own.

    Empty means `origin`. The user's own settings for it (proxies, credentials, ssh) come along;
    nothing else does. Raises `GitError` when there is no such remote.
    """
    settings = _settings(root, environ)
    named = _remotes(settings)
    if (word or DEFAULT) in named:
        return _remote(root, settings, environ, word or DEFAULT, named[word or DEFAULT])
    if not _is_place(word):
        _asked(root, environ, "rev-parse", "--git-dir").output()
        raise _unknown(word, named)
    return _remote(root, settings, environ, None, word)


def _remote(
    root: Path, settings: Settings, environ: Mapping[str, str], name: str | None, url: str
) -> Remote:
    own = [(f"remote.{_NAME}.url", url), *_of_remote(settings, name)]
    # A repository on this machine is served with the user's own settings, so those must stay.
    alone = not _is_local(url)
    if alone:
        own = [*_of_network(settings), *own]
    object_format, top = _about(root, environ)
    return Remote(
        shown=_USER_INFO.sub("", url) if name is None else name,
        url=url,
        cwd=root if name is None else top,
        environment=confined(environ, own, alone=alone),
        object_format=object_format,
    )


def _settings(root: Path, environ: Mapping[str, str]) -> Settings:
    """Every setting that git uses in `root`, in git's order; the last of a kind counts."""
    listed = _asked(root, environ, "config", "--list", "-z").output()
    pairs = (entry.partition("\n") for entry in listed.decode(errors="replace").split("\0"))
    return tuple((key, value if newline else "true") for key, newline, value in pairs if key)


def _remotes(settings: Settings) -> dict[str, str]:
    """Where each remote is pushed to: reading elsewhere could show what is out of date."""
    places: dict[str, str] = {}
    for wanted in (".url", ".pushurl"):
        own: dict[str, str] = {}
        for key, value in settings:
            if key.startswith("remote.") and key.endswith(wanted):
                own.setdefault(key.removeprefix("remote.").removesuffix(wanted), value)
        places |= own
    return places


def _of_remote(settings: Settings, name: str | None) -> Iterator[tuple[str, str]]:
    for each in _REMOTE_KEYS:
        for key, value in settings:
            if key == f"remote.{name}.{each}":
                yield f"remote.{_NAME}.{each}", value


def _of_network(settings: Settings) -> Iterator[tuple[str, str]]:
    for key, value in settings:
        if key in _KEYS or key.startswith(_SECTIONS):
            yield key, value


def _is_place(word: str) -> bool:
    return ":" in word or "/" in word


def _is_local(url: str) -> bool:
    if _SCHEME.match(url):
        return url.lower().startswith("file://")
    host, colon, _ = url.partition(":")
    return not colon or "/" in host


def _about(root: Path, environ: Mapping[str, str]) -> tuple[str, Path]:
    """How the repository names its objects, and where git itself counts relative paths from.

    Either may be missing, where there is no repository or no work tree; git fails then, at the end.
    """
    ran = _asked(root, environ, "rev-parse", "--show-object-format", "--show-toplevel")
    object_format, _, top = ran.out.decode(errors="surrogateescape").partition("\n")
    return object_format or "sha1", Path(top.removesuffix("\n")) if top else root


def _asked(root: Path, environ: Mapping[str, str], *command: str) -> Ran:
    return run(command, cwd=root, environment=scrubbed(environ))


def _unknown(word: str, named: Iterable[str]) -> GitError:
    if not word:
        return GitError(
            "the repository has no remote `origin`",
            "Name another one, or a URL: git:REMOTE or git:https://…",
        )
    known = ", ".join(named) or "none"
    return GitError(f"there is no remote {word!r}", f"The repository's remotes are: {known}.")
