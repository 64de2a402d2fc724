"""What all manifests of a repository say; apart from `load`, so that nobody who has it remembered
has to load what reads YAML (20 ms of the 160 that a warm validate of 10,000 takes).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from reconciler.cache.later import Later
from reconciler.model import Desired, Proof
from reconciler.problems import Problem, Severity

if TYPE_CHECKING:
    from reconciler.manifests import Manifest

Proofs = Mapping[str, Mapping[str, Proof]]
"""Documents that could be read: by the manifest's path, then by role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """Everything that the manifests say, and everything that is wrong with them."""

    desired: Sequence[Desired]
    """One for each manifest that has no problem itself; sorted by path."""
    manifests: Sequence[Manifest]
    """Each file that could be read as YAML; sorted by path."""
    problems: tuple[Problem, ...]
    """Of all files, sorted by `problems.sort_key`; any of them stops plan and apply."""
    has_folder: bool = True
    """False when there is no `signatures/`: an empty repository, or the wrong directory."""
    count: int = 0
    """How many manifests there are, the unreadable ones included."""
    names: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Of the manifests, by path."""
    proofs: Proofs = field(default_factory=lambda: MappingProxyType({}))
    """Whatever else is wrong with their manifests; nobody asks once they are judged."""
    known_by: str = ""
    """A digest of all that this rests on, where it is kept and will be known again by that."""
    notes: tuple[str, ...] = ()
    """What could not be judged here, and how that can be changed."""
    is_passing: bool = False
    """The verdict rests on more than the files' bytes: it is to be found out anew each time."""

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
