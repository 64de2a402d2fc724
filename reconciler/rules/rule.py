"""A rule: what it is called, which standard it is from, how to satisfy it, and its check."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from reconciler.manifests import KeyPath
from reconciler.problems import Severity

if TYPE_CHECKING:  # subjects need none of this, but repository.py needs both
    from reconciler.rules.subject import Paper, Subject

STANDARDS = "UCloud, SMS signature review standards"
API = "UCloud API, UpdateUSMSSignature"
OWN = "this project"

EXAMPLE_DAY = date(2026, 11, 22)
"""The day on which the examples are judged, unless they name another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that a rule does not allow, in one manifest."""

    path: KeyPath
    """The value that it is about."""
    summary: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFinding:
    """Something that a rule does not allow, in a file that is no manifest."""

    file: str
    """Relative to the root."""
    summary: str
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A small repository that breaks a rule, or keeps it; the tests run every one."""

    manifests: tuple[tuple[str, str], ...]
    """Name and text of each; a name is the path below `signatures/` without its ending."""
    documents: tuple[tuple[str, str], ...] = ()
    """Path below the root and, in words, what lies there."""
    today: date = EXAMPLE_DAY
    settings: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    """What `[tool.reconciler.rules]` says."""
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One thing that reviewers refuse, or that this program does, and all there is to say of it."""

    ignorable: ClassVar[bool] = False
    """Whether a comment in a manifest may silence it there."""

    id: str
    """Stable: never given to another rule."""
    name: str
    """Lower-case words with hyphens."""
    severity: Severity
    """Unless the settings say otherwise: a certain refusal is an error, a probable one is not."""
    source: str
    """Who says so."""
    why: str
    fix: str
    bad: Example
    good: Example

    @property
    def adjustable(self) -> bool:
        """Whether the settings may change it; what makes a file unusable holds always."""
        return not self.id.startswith("USMS0")


@dataclass(frozen=True, slots=True, kw_only=True)
class SubjectRule(Rule):
    """A rule about one manifest by itself."""

    ignorable: ClassVar[bool] = True

    check: Callable[[Subject], Iterator[Finding]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperRule(Rule):
    """A rule about one document by itself, whatever else stands in the manifests that name it."""

    ignorable: ClassVar[bool] = True

    check: Callable[[Paper], Iterator[Finding]]
    """What is found holds in each of them."""
    needs_inspection: bool = False
    """Silent where documents are not looked into."""


Placed = tuple["Subject", Finding]


class Saying(NamedTuple):
    """What is said about something that others may speak of as well."""

    about: str
    says: str
    paper: Paper | None = None


class Statement(NamedTuple):
    """A saying, and one of the manifests that say it."""

    subject: Subject
    saying: Saying


def alike(says: Collection[str]) -> bool:
    """Whether all say the same; `says` has each thing once."""
    return len(says) <= 1


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryRule(Rule):
    """A rule about manifests beside each other.

    It sees nothing of them but their sayings, those about one thing at a time. So whoever knows
    what is said about something knows which manifests a change there can be of importance to.
    """

    ignorable: ClassVar[bool] = True

    traits: Callable[[Subject], object]
    """What its sayings follow from (hashable), which many may have in common; None where it says
    nothing. Of ten thousand manifests seventy are asked then."""
    says: Callable[[Subject], Iterator[Saying]]
    check: Callable[[Sequence[Statement]], Iterator[Placed]]
    """Takes all statements about one thing, in the order of the manifests; asked only where they
    do not agree."""
    agree: Callable[[Collection[str]], bool] = alike
    """Whether nothing is wrong with different things that are said about one. Who says something
    alone agrees with himself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRule(Rule):
    """A rule about the files beside the manifests."""

    check: Callable[[AbstractSet[str], Sequence[str]], Iterator[FileFinding]]
    """Takes the documents that manifests use, exempt ones too, and the document files: paths."""
