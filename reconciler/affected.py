"""Of which manifests the rules may say something else, once some have changed. Pure.

What a rule says of one manifest by itself, or of its documents, changes with that manifest alone.
What it says of several beside each other changes only where what they say about one thing did not
agree before, or does not any more: then everybody has to be judged again who speaks about it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from reconciler.cache.statements import Group, Kind, Stated
from reconciler.problems import CLASH
from reconciler.rules.beside import READ, SCANS, USES, Beside, Noted
from reconciler.rules.registry import RULES
from reconciler.rules.rule import RepositoryRule

_Said = Mapping[str, int]
"""What is said about one thing, and by how many."""

Fresh = dict[str, dict[str, set[tuple[str, int]]]]
"""What the changed manifests say now: by kind and by what it is about, saying and number of each.
The numbers are those of now."""


def note_in(fresh: Fresh, kind: str, noted: Iterable[Noted]) -> None:
    """Remember what is noted."""
    groups = fresh.setdefault(kind, {})
    for about, says, who in noted:
        groups.setdefault(about, set()).update((says, number) for number in who)


class Affected:
    """Of the manifests of which `stated` tells what they said."""

    def __init__(self, stated: Stated) -> None:
        self._stated = stated
        self._disputes = tuple(_apart(stated))
        self._of: dict[int, list[int]] = {}
        """By the number of a manifest, those of the disputes that it has a part in."""
        for dispute, everyone in enumerate(self._disputes):
            for each in everyone:
                self._of.setdefault(each, []).append(dispute)

    def with_disputes(self, inside: AbstractSet[int]) -> set[int]:
        """These, and all whom their disputes lead to: what is said of one may be about another."""
        found, ahead, seen = set(inside), [*inside], set[int]()
        while ahead:
            for dispute in self._of.get(ahead.pop(), ()):
                if dispute not in seen:  # else five thousand who dispute would walk it each
                    seen.add(dispute)
                    ahead += self._disputes[dispute] - found
                    found |= self._disputes[dispute]
        return found

    def by(self, gone: set[int], fresh: Fresh) -> set[int]:
        """All to be judged again, where those `gone` have changed, or are not there any more, and
        `fresh` is what they, and the new ones, say now.
        """
        return self.with_disputes(gone.union(*_touched(self._stated, gone, fresh)))


def beside(stated: Stated, inside: AbstractSet[int]) -> Beside:
    """The others, where those `inside` are to be judged."""

    def speak(kind: Kind, about: str) -> bool:
        return any(each not in inside for each in kind.speakers(about))

    def of(kind: Kind) -> AbstractSet[str]:
        return {about for about in kind.abouts() if speak(kind, about)}

    used = stated.kind(USES)
    return Beside(
        agreed=lambda rule, about: speak(stated.kind(rule), about),
        uses=of(used),
        reads={each for each in used.abouts() if used.group(each).get(READ, set()) - inside},
        scans=of(stated.kind(SCANS)),
    )


def users(stated: Stated, documents: Iterable[str]) -> set[int]:
    """The numbers of the manifests that use documents at these paths."""
    return {each for path in documents for each in stated.kind(USES).speakers(path)}


def _touched(stated: Stated, gone: AbstractSet[int], fresh: Fresh) -> Iterator[set[int]]:
    """Those who speak about something that the change touches, unless they agree as they did."""
    for name, agree in _COMPARED.items():
        kind, said = stated.kind(name), fresh.get(name, {})
        left = {each for each in kind.shared if not gone.isdisjoint(kind.speakers(each))}
        for about in left.union(said):
            group = kind.group(about)
            now = _said(group, without=gone, more=said.get(about, ()))
            if not agree(_said(group)) or not agree(now):
                yield set().union(*group.values())


def _apart(stated: Stated) -> Iterator[set[int]]:
    """Those who speak about something, each time that they do not agree."""
    for name, agree in _COMPARED.items():
        kind = stated.kind(name)
        for about in kind.shared:
            if not agree(_said(group := kind.group(about))):
                yield set().union(*group.values())


def _said(
    group: Group,
    without: AbstractSet[int] = frozenset(),
    more: Iterable[tuple[str, int]] = (),
) -> _Said:
    """What a group says without those who are gone, and with what is said instead."""
    rest = ((says, len(who - without)) for says, who in group.items())
    now = Counter({says: count for says, count in rest if count})
    now.update(says for says, _ in more)
    return now


def _claimed_by_one(said: _Said) -> bool:
    return sum(said.values()) <= 1


def _by_rule(rule: RepositoryRule) -> Callable[[_Said], bool]:
    return lambda said: rule.agree(said.keys())


_COMPARED: Mapping[str, Callable[[_Said], bool]] = {
    CLASH: _claimed_by_one,
    **{rule.id: _by_rule(rule) for rule in RULES.values() if isinstance(rule, RepositoryRule)},
}
"""By kind, whether those who speak about one thing agree."""
