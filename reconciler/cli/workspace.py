"""One repository with its settings, opened for a command."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, BinaryIO

from reconciler import documents
from reconciler.cache.later import Changed
from reconciler.cache.store import NO_CACHE, Cache
from reconciler.cli.console import note, painter
from reconciler.cli.finish import finish
from reconciler.errors import EXIT_INVALID, CredentialsError, ReconcilerError, UsageError
from reconciler.problems import Problem, Severity, sort_key
from reconciler.recall import recall
from reconciler.regular import is_folder, read_regular
from reconciler.reviewhours import reviewers_day
from reconciler.settings.resolve import resolve
from reconciler.settings.values import Flags, Settings

if TYPE_CHECKING:
    from reconciler.discover import Sources
    from reconciler.documents import Documents
    from reconciler.gateway.gateway import Gateway
    from reconciler.model import Desired, Proof
    from reconciler.ports import ReadOnlyService, Service
    from reconciler.repository import Repository
    from reconciler.rules.beside import Beside, Note
    from reconciler.two_processes import Besides


_MANIFEST = (".yaml", ".yml")
"""Documents are never shown; not even a line of one that a rule has found fault with."""
_SHOWN_BYTES = 1024 * 1024
"""More than a manifest may have is never shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workspace:
    """Where we are and what was asked for."""

    root: Path
    flags: Flags
    settings: Settings


def open_workspace(root: Path, flags: Flags | None = None) -> Workspace:
    """Read the settings. Raises `UsageError` where there is no such directory."""
    if not is_folder(root):
        raise UsageError(f"{root}: there is no such directory", "Name the repository with --root.")
    given = flags or Flags()
    settings = resolve(root, given, os.environ, Path.home())
    return Workspace(root=root.resolve(), flags=given, settings=settings)


def load_repository(
    workspace: Workspace, cache: Cache = NO_CACHE, *, besides: Besides | None = None
) -> Repository:
    """All manifests, with everything that is wrong with them.

    What was found out before, and is in the `cache`, stands for what is the same still. `besides`
    is work that may be done meanwhile, or not at all.
    """
    found = judged(workspace, cache, besides=besides)
    return replace(found, desired=Changed(found.desired, partial(_in_project, workspace)))


def judged(workspace: Workspace, cache: Cache, *, besides: Besides | None = None) -> Repository:
    """The same, with the projects as they are written."""
    from reconciler.inspection.available import available

    project, today = workspace.settings.project or "", reviewers_day(now())
    return recall(
        workspace.root,
        partial(_loaded, workspace),
        partial(_judge, workspace, today),
        circumstances=[project, workspace.settings.rules, str(today), available()],
        cache=cache,
        besides=besides,
    )


def _loaded(
    workspace: Workspace,
    sources: Sources,
    documents: Documents,
    *,
    trusting: bool,
    note: Note | None = None,
) -> Repository:
    from reconciler.load import load
    from reconciler.rules.beside import nobody_notes

    return load(
        workspace.root,
        default_project=workspace.settings.project or "",
        sources=sources,
        documents=documents,
        trusting=trusting,
        note=note or nobody_notes,
    )


def _judge(
    workspace: Workspace,
    today: date,
    loaded: Repository,
    files: Sequence[str],
    *,
    beside: Beside | None = None,
    note: Note | None = None,
) -> Repository:
    """The same, judged by the reviewers' published standards too."""
    from reconciler.review import review
    from reconciler.rules import config
    from reconciler.rules.beside import ALONE, nobody_notes

    result = review(
        workspace.root,
        tuple(loaded.manifests),
        loaded.proofs,
        files,
        earlier=tuple(loaded.problems),
        today=today,
        config=config.read(workspace.settings.rules),
        beside=beside or ALONE,
        note=note or nobody_notes,
    )
    problems = tuple(sorted((*loaded.problems, *result.problems), key=sort_key))
    return loaded.judged(problems, notes=result.notes, is_passing=result.is_passing)


def in_projects(workspace: Workspace, desired: Iterable[Desired]) -> tuple[Desired, ...]:
    """The same with each project by its id, where a manifest calls it by the settings' name."""
    return tuple(_in_project(workspace, each) for each in desired)


def _in_project(workspace: Workspace, desired: Desired) -> Desired:
    name = workspace.settings.project_id(desired.project)
    return desired if name == desired.project else replace(desired, project=name)


def read_repository(
    workspace: Workspace, cache: Cache = NO_CACHE, *, besides: Besides | None = None
) -> Repository:
    """All manifests, or the end of the command (exit 3) with every problem told on stderr.

    `besides` is work that may be done meanwhile, or not at all.
    """
    repository = load_repository(workspace, cache, besides=besides)
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


def tell_notes(repository: Repository) -> None:
    """Say on stderr what could not be judged here."""
    for each in repository.notes:
        note(f"Note: {each}")


def source_of(root: Path) -> SourceReader:
    """Reads a file's text for the lines that a message shows."""
    return SourceReader(root)


class SourceReader:
    """A manifest's text by its path, or None where it is not text that may be shown.

    A manifest may be a link that somebody else's pull request put there: nothing that lies outside
    the repository is ever read for a message, since messages are public.
    """

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def __call__(self, path: str) -> str | None:
        """Undecodable bytes are replaced: the line is shown to a person, nothing is decided."""
        try:
            # Unlike `Path.resolve`, it takes a link to itself for what it is: no file.
            real = Path(os.path.realpath(self._root / path))
            if not real.is_relative_to(self._root) or not path.endswith(_MANIFEST):
                return None
            return read_regular(real, limit=_SHOWN_BYTES).decode("utf-8", errors="replace")
        except OSError:
            return None


def warnings_by_name(problems: Iterable[Problem]) -> Mapping[str, tuple[Problem, ...]]:
    """The warnings that stand beside each signature in a plan."""
    found: dict[str, tuple[Problem, ...]] = {}
    for problem in problems:
        if problem.name is not None:
            found[problem.name] = (*found.get(problem.name, ()), problem)
    return found


@contextmanager
def read_only_service(workspace: Workspace, stop: Event) -> Iterator[ReadOnlyService]:
    """A client that has nothing to write with."""
    from reconciler.cli.services import clients, routes
    from reconciler.routing import ReadOnlyClosed, ReadOnlyRouter
    from reconciler.usms import ReadOnlyUsms

    def reading(gateway: Gateway) -> ReadOnlyService:
        return ReadOnlyUsms(gateway)

    with clients(workspace, stop) as opened:
        yield ReadOnlyRouter(*routes(workspace, opened, use=reading, closed=ReadOnlyClosed))


@contextmanager
def service(workspace: Workspace, stop: Event) -> Iterator[Service]:
    """The client that apply writes with."""
    from reconciler.cli.services import clients, routes
    from reconciler.routing import Closed, Router
    from reconciler.usms import Usms

    def writing(gateway: Gateway) -> Service:
        return Usms(gateway, open_document=lambda proof: _open(workspace.root, proof))

    with clients(workspace, stop) as opened:
        yield Router(*routes(workspace, opened, use=writing, closed=Closed))


def _open(root: Path, proof: Proof) -> BinaryIO:
    return documents.open_document(root, proof.path or "")


def require_project(projects: set[str]) -> None:
    """Every request names its project; there must be one for every manifest."""
    if "" in projects:
        raise CredentialsError(
            "no project is configured",
            "Set UCLOUD_PROJECT_ID, or `project` under [tool.reconciler] in pyproject.toml, or "
            "`project` in the manifest; `org-...` is what the console shows.",
        )


def apply_command(
    root: Path,
    flags: Flags,
    only: Sequence[str],
    *,
    since: str | None = None,
    partly: bool = False,
) -> str:
    """The apply that belongs to a plan made with these, as a person would type it."""
    import shlex

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
    if partly:
        words += ["--refresh", "needed"]
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
