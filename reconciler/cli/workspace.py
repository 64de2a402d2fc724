"""One repository with its settings, opened for a command."""

from __future__ import annotations

import os
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, BinaryIO

from reconciler import documents
from reconciler.cli.console import note, painter, warn
from reconciler.cli.finish import finish
from reconciler.errors import EXIT_INVALID, CredentialsError, ReconcilerError, UsageError
from reconciler.load import Repository, load
from reconciler.problems import Problem, Severity
from reconciler.settings.resolve import resolve
from reconciler.settings.values import Flags, Settings

if TYPE_CHECKING:
    from reconciler.gateway.gateway import Gateway
    from reconciler.model import Proof
    from reconciler.usms import ReadOnlyUsms, Usms


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Where we are and what was asked for."""

    root: Path
    flags: Flags
    settings: Settings


def open_workspace(root: Path, flags: Flags | None = None) -> Workspace:
    """Read the settings. Raises `UsageError` where there is no such directory."""
    if not root.is_dir():
        raise UsageError(f"{root}: there is no such directory", "Name the repository with --root.")
    given = flags or Flags()
    settings = resolve(root, given, os.environ, Path.home())
    return Workspace(root=root.resolve(), flags=given, settings=settings)


def load_repository(workspace: Workspace) -> Repository:
    """All manifests, with everything that is wrong with them."""
    return load(workspace.root, default_project=workspace.settings.project or "")


def read_repository(workspace: Workspace) -> Repository:
    """All manifests, or the end of the command (exit 3) with every problem told on stderr."""
    repository = load_repository(workspace)
    if any(problem.severity is Severity.ERROR for problem in repository.problems):
        from reconciler.render.problems.text import problems_text

        note(
            problems_text(
                repository.problems,
                manifests=repository.count,
                sources=source_of(workspace.root),
                painter=painter(sys.stderr),
            )
        )
        finish(EXIT_INVALID)
    return repository


def source_of(root: Path) -> SourceReader:
    """Reads a file's text for the lines that a message shows."""
    return SourceReader(root)


class SourceReader:
    """A manifest's text by its path, or None where it is not text that can be shown."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def __call__(self, path: str) -> str | None:
        """Undecodable bytes are replaced: the line is shown to a person, nothing is decided."""
        try:
            return (self._root / path).read_text(encoding="utf-8", errors="replace")
        except OSError:
            return None


def warnings_by_name(problems: tuple[Problem, ...]) -> Mapping[str, tuple[Problem, ...]]:
    """The warnings that stand beside each signature in a plan."""
    found: dict[str, tuple[Problem, ...]] = {}
    for problem in problems:
        if problem.name is not None:
            found[problem.name] = (*found.get(problem.name, ()), problem)
    return found


@contextmanager
def read_only_service(workspace: Workspace, stop: Event) -> Iterator[ReadOnlyUsms]:
    """A client that has nothing to write with."""
    from reconciler.usms import ReadOnlyUsms

    with _gateway(workspace, stop) as gateway:
        yield ReadOnlyUsms(gateway)


@contextmanager
def service(workspace: Workspace, stop: Event) -> Iterator[Usms]:
    """The client that apply writes with."""
    from reconciler.usms import Usms

    with _gateway(workspace, stop) as gateway:
        yield Usms(gateway, open_document=lambda proof: _open(workspace.root, proof))


def _open(root: Path, proof: Proof) -> BinaryIO:
    return documents.open_document(root, proof.path or "")


@contextmanager
def _gateway(workspace: Workspace, stop: Event) -> Iterator[Gateway]:
    from reconciler.gateway.encodings import Encoding
    from reconciler.gateway.gateway import Gateway
    from reconciler.settings.credentials import credentials

    settings = workspace.settings
    found = credentials(workspace.flags, os.environ, Path.home())
    for text in found.warnings:
        warn(text)
    with Gateway(
        settings.endpoint,
        found.credentials,
        encoding=Encoding(settings.encoding),
        timeout=settings.timeout,
        parallelism=settings.parallelism,
        requests_per_second=settings.requests_per_second,
        stop=stop,
    ) as gateway:
        yield gateway


def require_project(projects: set[str]) -> None:
    """Every request names its project; there must be one for every manifest."""
    if "" in projects:
        raise CredentialsError(
            "no project is configured",
            "Set UCLOUD_PROJECT_ID, or `project` under [tool.reconciler] in pyproject.toml, or "
            "`project` in the manifest; `org-...` is what the console shows.",
        )


def apply_command(
    root: Path, flags: Flags, only: Sequence[str], *, since: str | None = None
) -> str:
    """The apply that belongs to a plan made with these, as a person would type it."""
    words = ["reconciler", "apply"]
    if root != Path():
        words += ["--root", str(root)]
    for name in ("project", "endpoint", "profile"):
        value = getattr(flags, name)
        words += [] if value is None else [f"--{name}", value]
    for pattern in only:
        words += ["--only", pattern]
    if since is not None:
        words += ["--since", since]
    return shlex.join(words)


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def save(path: Path, text: str) -> None:
    """Write a file that the user named. Raises `ReconcilerError` where that cannot be done."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise ReconcilerError(
            f"{path}: cannot be written: {error.strerror or error}", "Name another file."
        ) from None
