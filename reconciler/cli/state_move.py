"""`reconciler state rm|mv|pull|push`: the commands that change a state."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.finish import finish
from reconciler.cli.options import Root
from reconciler.errors import EXIT_DONE, InterruptError, RefusedError, StateError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from threading import Event

    from reconciler.cli.state_store import Store
    from reconciler.model import Recorded

LockTimeout = Annotated[
    str | None,
    typer.Option(
        "--lock-timeout",
        metavar="DURATION",
        help="Wait so long for somebody else's lock, such as 10m; default: not at all.",
    ),
]
Url = Annotated[
    str, typer.Argument(metavar="URL", help="The other state, such as git: or file:old/state.")
]
_RENAMED, _PULLED, _PUSHED = "renamed", "pulled", "pushed"


def rm(
    names: Annotated[list[str], typer.Argument(metavar="NAME…", help="Names or ids.")],
    *,
    root: Root = Path(),
    lock_timeout: LockTimeout = None,
) -> None:
    """Forget records. The service is not touched: the next plan sees them as never submitted."""
    from reconciler.cli.console import note
    from reconciler.cli.interrupt import stop_on_signals

    with stop_on_signals() as stop:
        store = _store(root, lock_timeout, stop)
        with store.lock():
            for id, name in _resolve(store, names).items():  # noqa: A001 - the model's own word
                _go_on(stop)
                store.remove(id)
                note(f"forgotten {name} ({id})")
    finish(EXIT_DONE)


def mv(
    old: Annotated[str, typer.Argument(metavar="OLD", help="The name, or one of the ids.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="The name from now on.")],
    *,
    root: Root = Path(),
    lock_timeout: LockTimeout = None,
) -> None:
    """Give records another name. A manifest with an id needs no such help when it is moved."""
    from reconciler.cli.console import note
    from reconciler.cli.interrupt import stop_on_signals

    with stop_on_signals() as stop:
        store = _store(root, lock_timeout, stop)
        with store.lock():
            records = store.load().values()
            moving = chosen(records, old)
            if any(record.name == new for record in records):
                raise RefusedError(f"{new} has a record already", "Choose another name.")
            for record in moving:
                _go_on(stop)
                store.put(replace(record, name=new), why=_RENAMED)
                note(f"renamed {record.name} ({record.id}) to {new}")
    finish(EXIT_DONE)


def pull(url: Url, *, root: Root = Path(), lock_timeout: LockTimeout = None) -> None:
    """Bring every record of another state into this one. Newer records are never overwritten."""
    from reconciler.cli.interrupt import stop_on_signals

    with stop_on_signals() as stop:
        target, source = _stores(root, url, lock_timeout, stop)
        _copy(source, target, why=_PULLED, stop=stop)
    finish(EXIT_DONE)


def push(url: Url, *, root: Root = Path(), lock_timeout: LockTimeout = None) -> None:
    """Bring every record of this state into another one. Newer records are never overwritten."""
    from reconciler.cli.interrupt import stop_on_signals

    with stop_on_signals() as stop:
        source, target = _stores(root, url, lock_timeout, stop)
        _copy(source, target, why=_PUSHED, stop=stop)
    finish(EXIT_DONE)


def chosen(records: Iterable[Recorded], name: str) -> list[Recorded]:
    """The records of this name, or of this id. Raises `UsageError` when there are none."""
    found = [record for record in records if name in (record.name, record.id)]
    if not found:
        raise unknown(name)
    return sorted(found, key=lambda record: record.id)


def unknown(name: str) -> UsageError:
    """There is no such record."""
    return UsageError(
        f"there is no record of {name}", "`reconciler state list` shows the names and ids."
    )


def _resolve(store: Store, names: Sequence[str]) -> dict[str, str]:
    """Ids with their names. An id counts though its record is damaged: this is how it goes."""
    ids = set(store.ids())
    try:
        records = list(store.load().values())
    except StateError:
        if not ids.issuperset(names):
            raise
        records = []
    known = {record.id: record.name for record in records}
    found: dict[str, str] = {}
    for name in names:
        if name in ids:
            found[name] = known.get(name, "a damaged record")
        else:
            found |= {record.id: record.name for record in chosen(records, name)}
    return found


def _copy(source: Store, target: Store, *, why: str, stop: Event) -> None:
    """Both are held, so that neither changes between the comparison and the last record."""
    from reconciler.cli.console import note, warn
    from reconciler.state.transfer import transfer

    if not source.ids():  # a mistyped URL must not become a state
        warn(f"{source.shown} has no records; is that the right place?")
        note(f"0 {why} to {target.shown}, 0 there already.")
        return
    with source.lock(), target.lock():
        found = transfer(source.load(), target.load(), shown=target.shown)
        for record in found.records:
            _go_on(stop)
            target.put(record, why=why)
    note(f"{len(found.records)} {why} to {target.shown}, {found.same} there already.")


def _go_on(stop: Event) -> None:
    if stop.is_set():
        raise InterruptError("interrupted; what was done is recorded")


def _store(root: Path, lock_timeout: str | None, stop: Event, url: str | None = None) -> Store:
    from reconciler.cli.state_store import lock_seconds, open_store
    from reconciler.cli.workspace import open_workspace

    return open_store(open_workspace(root), url=url, seconds=lock_seconds(lock_timeout), stop=stop)


def _stores(root: Path, url: str, lock_timeout: str | None, stop: Event) -> tuple[Store, Store]:
    """This state and the other one."""
    own, other = (_store(root, lock_timeout, stop, each) for each in (None, url))
    if own.shown == other.shown:
        raise UsageError(f"{url} is this very state", "Name another one.")
    return own, other
