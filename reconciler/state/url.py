"""Where the state is kept, as a URL: its scheme names the backend.

`file:DIRECTORY`        a directory; a relative one is below the repository's root
`git:`                  the repository's own remote, `origin`, on the ref refs/reconciler/state
`git:REMOTE`            another remote of the repository, or any URL or path that git pushes to
`git:REMOTE#REF`        another ref, so that two environments can share one remote
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from reconciler.errors import UsageError

DEFAULT_REF = "refs/reconciler/state"
_ADVICE = "Use file: and a directory, such as file:.reconciler/state, or git: for the remote."
_REF = re.compile(r"refs(/[A-Za-z0-9_][A-Za-z0-9._-]*)+")
_NOT_REF = re.compile(r"\.\.|\.lock(/|$)|\.(/|$)")
_TAKEN = ("refs/heads/", "refs/tags/", "refs/remotes/")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileUrl:
    """A directory, as it is written in the URL."""

    directory: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GitUrl:
    """A ref of a remote; an empty `remote` means `origin`."""

    remote: str = ""
    ref: str = DEFAULT_REF

    @property
    def lock_ref(self) -> str:
        """The ref that exists while somebody writes."""
        folder, _, last = self.ref.rpartition("/")
        return f"{folder}/{'lock' if last == 'state' else f'{last}-lock'}"


def parse(url: str) -> FileUrl | GitUrl:
    """What the URL names.

    Raises `UsageError`; its summary goes on where the setting's name ends.
    """
    scheme, colon, rest = url.partition(":")
    if not colon:
        raise UsageError("must be a URL such as file:.reconciler/state", _ADVICE)
    if scheme == "file":
        return FileUrl(directory=_directory(rest))
    if scheme == "git":
        return _git(rest)
    raise UsageError(f"names an unknown backend, {scheme}:", _ADVICE)


def _directory(rest: str) -> str:
    if rest.startswith("//"):
        host, slash, below = rest.removeprefix("//").partition("/")
        if host not in {"", "localhost"} or not slash:
            raise UsageError("names a host, but file: can only mean this one", _ADVICE)
        rest = f"/{below}"
    found = unquote(rest)
    if not found.strip() or not found.isprintable():
        raise UsageError("names no directory", _ADVICE)
    return found


def _git(rest: str) -> GitUrl:
    remote, _, given = rest.partition("#")
    ref = given if "#" in rest else DEFAULT_REF
    if not remote.isprintable() or remote.startswith("-"):
        raise UsageError("names no remote", "Use git:, git:REMOTE or git:https://HOST/PATH.git")
    if not _REF.fullmatch(ref) or _NOT_REF.search(ref):
        raise UsageError(f"names no ref: {ref!r}", f"Write it whole: git:{remote}#{DEFAULT_REF}")
    if ref.startswith(_TAKEN):
        raise UsageError(
            f"names {ref}, but branches and tags are for people",
            f"Use a ref outside of them: git:{remote}#{DEFAULT_REF}",
        )
    return GitUrl(remote=remote, ref=ref)
