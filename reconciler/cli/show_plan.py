"""What `reconciler plan` does; apart from its options, which take Typer to be read."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from reconciler.cli.finish import finish
from reconciler.cli.format import Format
from reconciler.errors import EXIT_CHANGES, EXIT_DONE, UsageError, worst
from reconciler.plan.refresh import Refresh
from reconciler.settings.values import Flags

if TYPE_CHECKING:
    from reconciler.cache.store import Cache
    from reconciler.cli.planning import Planned
    from reconciler.cli.said import Said
    from reconciler.cli.state_store import Store
    from reconciler.cli.workspace import Workspace
    from reconciler.repository import Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the command line said."""

    root: Path = Path()
    output: Format = Format.TEXT
    out: Path | None = None
    detailed_exitcode: bool = False
    offline: bool = False
    verbose: bool = False
    only: tuple[str, ...] = ()
    since: str | None = None
    refresh: Refresh | None = None
    cached: bool = True
    flags: Flags = field(default_factory=Flags)

    @property
    def how(self) -> Refresh:
        """How much the service is asked about, where it is asked at all."""
        return self.refresh if self.refresh is not None and not self.offline else Refresh.ALL

    @property
    def asks(self) -> bool:
        """Whether the service is asked anything."""
        return not self.offline and self.how is not Refresh.NONE

    @property
    def is_plain(self) -> bool:
        """Whether what it says follows from the files alone, and is text about all of them."""
        narrowed = self.since or self.only or self.verbose or self.out
        return not self.asks and not narrowed and self.output is Format.TEXT


def show_plan(asked: Asked) -> NoReturn:
    """Show what apply would do, and end the command."""
    from reconciler.cli.caching import open_cache
    from reconciler.cli.console import say
    from reconciler.cli.workspace import open_workspace

    if asked.offline and asked.refresh not in (None, Refresh.NONE):
        raise UsageError(
            f"--offline asks nobody, and --refresh {asked.refresh} asks the service",
            "Give one of them.",
        )
    workspace = open_workspace(asked.root, asked.flags)
    with open_cache(workspace.root, wanted=asked.cached) as cache:
        said = _found(asked, workspace, cache)
    say(said.text)
    changes = EXIT_CHANGES if asked.detailed_exitcode and said.pending else EXIT_DONE
    finish(worst([said.code, changes]))


def _found(asked: Asked, workspace: Workspace, cache: Cache) -> Said:
    """What there is to say; the notes about it are told."""
    from reconciler.cli.said import said_before
    from reconciler.cli.state_store import open_store, reading_ahead
    from reconciler.cli.workspace import apply_command, read_repository, tell_notes

    store = open_store(workspace, cache=cache)
    # Whoever asks has to read the intents before the records; with `--since` and without the
    # service, the manifests of that commit stand in for them.
    ahead = None if asked.asks or (asked.since and asked.offline) else reading_ahead(store)
    repository = read_repository(workspace, cache, besides=ahead)
    tell_notes(repository)

    def made() -> Said:
        return _said(asked, repository, _planned(asked, workspace, repository, store))

    if not asked.is_plain:
        return made()
    command = apply_command(asked.root, asked.flags, [])
    return said_before(
        made,
        lambda: _circumstances(workspace, command),
        cache=cache,
        repository=repository,
        store=store,
    )


def _planned(asked: Asked, workspace: Workspace, repository: Repository, store: Store) -> Planned:
    from functools import partial

    from reconciler.cli.interrupt import stop_on_signals
    from reconciler.cli.planning import make_plan
    from reconciler.cli.workspace import read_only_service

    with stop_on_signals() as stop:
        plan = partial(
            make_plan,
            workspace,
            repository,
            store=store,
            only=asked.only,
            since=asked.since,
            refresh=asked.how,
            stop=stop,
        )
        if not asked.asks:
            return plan(None)
        with read_only_service(workspace, stop) as service:
            return plan(service)


def _said(asked: Asked, repository: Repository, planned: Planned) -> Said:
    from reconciler.cli.plan_output import shown
    from reconciler.cli.planning import exit_code
    from reconciler.cli.said import Said
    from reconciler.cli.workspace import apply_command
    from reconciler.plan.changes import QUIET

    header = planned.header
    command = apply_command(
        asked.root, asked.flags, asked.only, since=header.since, partly=header.partly
    )
    text = shown(
        repository,
        planned,
        asked.output,
        verbose=asked.verbose,
        out=asked.out,
        command=command,
    )
    pending = any(change.action not in QUIET for change in planned.plan.changes)
    return Said(text=text, code=exit_code(planned.plan), pending=pending)


def _circumstances(workspace: Workspace, command: str) -> list[object]:
    """What the text of a plan that asks nobody says, or depends on, besides all files."""
    import sys

    from reconciler.cli.console import painter
    from reconciler.git.head import head

    colour = painter(sys.stdout).colour
    return [command, colour, head(workspace.root), repr(workspace.settings)]
