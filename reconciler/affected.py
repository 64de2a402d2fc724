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
from reconciler.rules.beside import SCANS, USES, Beside, Noted
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


def affected(stated: Stated, gone: AbstractSet[int], fresh: Fresh) -> set[int]:
    """The numbers of those to be judged again, besides the ones that changed.

    `stated` is what all manifests said; `gone` are those of them that have changed since, or are
    not there any more; `fresh` is what those say instead, and the new ones.
    """
    inside = set(gone).union(*_touched(stated, gone, fresh))
    apart = list(_apart(stated))
    while some := [each for each in apart if not inside.isdisjoint(each) and not each <= inside]:
        inside.update(*some)
    return inside - gone


def beside(stated: Stated, inside: AbstractSet[int]) -> Beside:
    """The others, where those `inside` are to be judged."""

    def speak(kind: Kind, about: str) -> bool:
        return any(each not in inside for each in kind.speakers(about))

    def of(kind: Kind) -> AbstractSet[str]:
        return {about for about in kind.abouts() if speak(kind, about)}

    return Beside(
        agreed=lambda rule, about: speak(stated.kind(rule), about),
        uses=of(stated.kind(USES)),
        scans=of(stated.kind(SCANS)),
    )


def users(stated: Stated, documents: Iterable[str]) -> set[int]:
    """The numbers of the manifests that use documents at these paths."""
    return {each for path in documents for each in stated.kind(USES).speakers(path)}


def _touched(stated: Stated, gone: AbstractSet[int], fresh: Fresh) -> Iterator[set[int]]:
    """Those who speak about something that the change touches, unless they agree as they did."""
    for name, agree in _COMPARED.items():
        kind, said = stated.kind(name), fresh.get(name, {})
        left = {each for each in kind.shared() if not gone.isdisjoint(kind.speakers(each))}
        for about in left.union(said):
            group = kind.group(about)
            now = _said(group, without=gone, more=said.get(about, ()))
            if not agree(_said(group)) or not agree(now):
                yield set().union(*group.values())


def _apart(stated: Stated) -> Iterator[set[int]]:
    """Those who speak about something, each time that they do not agree."""
    for name, agree in _COMPARED.items():
        kind = stated.kind(name)
        for about in kind.shared():
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
