"""Which findings the comments of the manifests let pass, and what is to be said of the comments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet

from reconciler.problems import Problem, Severity
from reconciler.rules.ignores import Ignore, ignores, lines
from reconciler.rules.nearest import advice
from reconciler.rules.registry import RULES
from reconciler.rules.remarks import FORM, MALFORMED, UNKNOWN_RULE, UNUSED
from reconciler.rules.rule import FileRule, Finding, PaperRule, Rule
from reconciler.rules.subject import Subject
from reconciler.wording import quoted

_Remark = tuple[str, str, str]
"""The rule's id, the summary and the detail."""


class Comments:
    """All comments of a repository, and which of them were of use."""

    def __init__(self, subjects: Iterable[Subject]) -> None:
        self._of = [(each, found) for each in subjects if (found := ignores(each.manifest))]
        self._by_path = {each.manifest.path: found for each, found in self._of}
        self._used: set[tuple[int, str]] = set()

    def silence(self, rule: Rule, where: Subject, finding: Finding) -> bool:
        """Whether a comment lets this finding pass."""
        found = self._by_path.get(where.manifest.path)
        if found is None or not rule.ignorable:
            return False
        meant = lines(where.manifest, finding.path)
        fitting = [
            each for each in found if each.is_whole and rule.id in each.ids and each.line in meant
        ]
        self._used.update((id(each), rule.id) for each in fitting)
        return bool(fitting)

    def remarks(
        self, levels: Mapping[str, Severity], *, faulty: AbstractSet[str], inspected: bool
    ) -> Iterator[Problem]:
        """What is wrong with the comments; call it when every finding has been asked about.

        Of a manifest in `faulty` (by path), or one that is exempt, not everything was judged, so
        nobody knows which of its comments are of use.
        """
        for subject, found in self._of:
            known = not subject.exempt and subject.manifest.path not in faulty
            for ignore in found:
                remarks = [*_mistakes(ignore)]
                if not remarks and known:
                    remarks = [*self._unused(ignore, levels, inspected)]
                yield from (
                    _problem(subject, ignore, remark, levels[remark[0]])
                    for remark in remarks
                    if remark[0] in levels
                )

    def _unused(
        self, ignore: Ignore, levels: Mapping[str, Severity], inspected: bool
    ) -> Iterator[_Remark]:
        for rule in (RULES[each] for each in ignore.ids):
            unseen = isinstance(rule, PaperRule) and rule.needs_inspection and not inspected
            if (id(ignore), rule.id) not in self._used and not unseen:
                why = "nothing to say here" if rule.id in levels else "been turned off"
                yield UNUSED, f"this comment ignores {rule.id}, which has {why}", "Delete it."


def _mistakes(ignore: Ignore) -> Iterator[_Remark]:
    for word in ignore.ids:
        rule = RULES.get(word)
        if rule is None:
            yield UNKNOWN_RULE, f"there is no rule {quoted(word)}", advice(word)
        elif not rule.ignorable:
            yield UNKNOWN_RULE, f"{word} cannot be ignored", _why_not(rule)
    if not ignore.ids:
        yield MALFORMED, "this comment does not say which rule to ignore", f"Write `{FORM}`."
    elif not ignore.reason:
        yield (
            MALFORMED,
            "this comment gives no reason, so it ignores nothing",
            f"Say after the bracket why the rule does not count here: `{FORM}`.",
        )


def _why_not(rule: Rule) -> str:
    if isinstance(rule, FileRule):
        return "It is about files beside the manifests: the settings can turn it off."
    return "What it finds has to be put right: `reconciler explain` tells how."


def _problem(subject: Subject, ignore: Ignore, remark: _Remark, severity: Severity) -> Problem:
    rule, summary, detail = remark
    return Problem(
        severity=severity,
        rule=rule,
        summary=summary,
        detail=detail,
        name=subject.manifest.name,
        path=subject.manifest.path,
        position=ignore.position,
    )
