"""What all manifests of a repository say; apart from `load`, so that nobody who has it remembered
has to load what reads YAML (20 ms of the 160 that a warm validate of 10,000 takes).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from reconciler.cache.later import Later
from reconciler.model import Desired, Proof
from reconciler.problems import Problem, Severity

if TYPE_CHECKING:
    from reconciler.cache.packed import Wanted
    from reconciler.manifests import Manifest

Proofs = Mapping[str, Mapping[str, Proof]]
"""Documents that could be read: by the manifest's path, then by role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """Everything that the manifests say, and everything that is wrong with them."""

    desired: Sequence[Desired]
    """One for each manifest that has no problem itself; sorted by path. Those that clash with
    another one are left out once they are `judged`."""
    manifests: Sequence[Manifest]
    """Each file that could be read as YAML; sorted by path."""
    problems: Sequence[Problem]
    """Of all files, sorted by `problems.sort_key`; any of them stops plan and apply."""
    has_folder: bool = True
    """False when there is no `signatures/`: an empty repository, or the wrong directory."""
    count: int = 0
    """How many manifests there are, the unreadable ones included."""
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Of the manifests, by path."""
    proofs: Proofs = field(default_factory=lambda: MappingProxyType({}))
    """Whatever else is wrong with their manifests; nobody asks once they are judged."""
    kept: Wanted | None = None
    """What is desired where that was known: it can be had in part. Then no manifest lacks it."""
    is_linked: bool = True
    """Links may have a say in which manifests there are, and where."""
    known_by: str = ""
    """A digest of all that this rests on, where it is kept and will be known again by that."""
    notes: tuple[str, ...] = ()
    """What could not be judged here, and how that can be changed."""
    is_passing: bool = False
    """The verdict rests on more than the files' bytes: it is to be found out anew each time."""

    def at(self, paths: AbstractSet[str]) -> tuple[Desired, ...]:
        """What the manifests at these paths ask for; sorted by path."""
        if self.kept is None:
            return tuple(each for each in self.desired if each.path in paths)
        places = [place for place, path in enumerate(self.names) if path in paths]
        return tuple(self.desired[place] for place in places)

    def documents(self) -> Iterable[Proof]:
        """Every document that is sent."""
        if self.kept is not None:
            return self.kept.documents()
        return dict.fromkeys(proof for each in self.desired for proof in each.documents)

    def users(self, documents: AbstractSet[str]) -> frozenset[str]:
        """The manifests that send any of the documents at these paths."""
        if self.kept is not None:
            paths = tuple(self.names)
            return frozenset(paths[place] for place in self.kept.users(documents))
        return frozenset(
            each.path
            for each in self.desired
            if any(proof.path in documents for proof in each.documents)
        )

    def judged(
        self, problems: tuple[Problem, ...], *, notes: tuple[str, ...], is_passing: bool
    ) -> Repository:
        """The same with all of its `problems`: a manifest that has an error says nothing."""
        broken = {each.path for each in problems if each.severity is Severity.ERROR}
        return replace(
            self,
            problems=problems,
            desired=Later(lambda: tuple(each for each in self.desired if each.path not in broken)),
            proofs={},
            notes=notes,
            is_passing=is_passing,
        )
