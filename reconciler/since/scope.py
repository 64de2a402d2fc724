"""The signatures that a branch is about."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from reconciler.git.changed import changed_since, merge_base
from reconciler.git.snapshot import Snapshot
from reconciler.model import Desired
from reconciler.plan.pairing import Target
from reconciler.repository import Repository
from reconciler.since import earlier, paths


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What differs between a commit and the work tree, as far as signatures are concerned."""

    commit: str
    """The merge base."""
    paths: frozenset[str]
    """The manifests of now that changed, or whose documents did."""
    earlier: tuple[Desired, ...]
    """What these, and those that are gone, asked for in `commit`."""

    def covers(self, target: Target) -> bool:
        """Whether its manifest changed or, where only a record is left, was removed."""
        if target.desired is not None:
            return target.desired.path in self.paths
        return any(_managed(was, target) for was in self.earlier)


def scope_of(root: Path, rev: str, *, repository: Repository, default_project: str) -> Scope:
    """Compare the work tree at `root` with the merge base of `rev` and what is checked out.

    `repository` is what the work tree holds. Raises `UsageError` for an unknown `rev`, and
    `GitError`.
    """
    commit = merge_base(root, rev)
    changed = changed_since(root, commit)
    touched = paths.touched(repository, changed, root=root)
    same = {
        proof.path: proof
        for proof in repository.documents()
        if proof.path is not None and proof.path not in changed
    }
    was = touched | earlier.manifest_paths(changed)
    return Scope(
        commit=commit,
        paths=touched,
        earlier=()
        if not was
        else earlier.read(Snapshot(root, commit), was, same, default_project=default_project),
    )


def _managed(was: Desired, target: Target) -> bool:
    if was.ids:
        return target.id in was.ids
    return was.name == target.name
