"""`apply --write-ids`: the ids that the state knows, written into the manifests."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from reconciler.cli.console import complain, note
from reconciler.discover import read
from reconciler.errors import EXIT_DONE, ReconcilerError, worst
from reconciler.manifests import Manifest
from reconciler.plan.pairing import Target, pair
from reconciler.ports import StateStore
from reconciler.problems import Problem
from reconciler.render.escape import terminal
from reconciler.repository import Repository
from reconciler.rewrite import with_id
from reconciler.state import atomic


def write_ids(root: Path, repository: Repository, store: StateStore, names: Iterable[str]) -> int:
    """Write the id of each of the named signatures whose manifest has none, and say so.

    Ids of earlier runs are written too. A manifest that cannot be written is told and keeps no
    other from it; the exit code.
    """
    manifests = {manifest.path: manifest for manifest in repository.manifests}
    wanted = frozenset(names)
    codes = [EXIT_DONE]
    for path, known in _missing(repository, store, wanted):
        try:
            _write(root, manifests[path], known)
        except ReconcilerError as error:
            complain(error.summary, error.advice)
            codes.append(error.exit_code)
        else:
            note(terminal(f"{path}: id {known} is written."))
    return worst(codes)


def _missing(
    repository: Repository, store: StateStore, wanted: frozenset[str]
) -> Iterator[tuple[str, str]]:
    """Path and id. A tombstone needs none: it goes once the signature is gone."""
    for target in pair(repository.desired, store.load()):
        if target.name in wanted and _lacks_id(target) and target.id and target.desired:
            yield target.desired.path, target.id


def _lacks_id(target: Target) -> bool:
    want = target.desired
    return want is not None and not want.ids and not want.absent


def _write(root: Path, manifest: Manifest, id: str) -> None:
    """Whole or not at all, with the permissions it had; behind a link, where that leads."""
    place = Path(os.path.realpath(root / manifest.path))
    raw = read(root, manifest.path)
    if isinstance(raw, Problem):
        raise ReconcilerError(f"{manifest.path}: the id {id} is not written: {raw.summary}")
    new = with_id(raw, id, read=manifest)
    try:
        mode = stat.S_IMODE(place.stat().st_mode)
        atomic.write(place, new)
        place.chmod(mode)
    except OSError as error:
        raise ReconcilerError(
            f"{manifest.path}: the id {id} is not written: {error.strerror or error}",
            f"Write it yourself: id: {id}",
        ) from None
