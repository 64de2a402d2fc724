"""Manifests and what is known around them → problems. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from reconciler.inspection.facts import Facts
from reconciler.manifests import Manifest
from reconciler.model import Proof
from reconciler.problems import Problem, Severity, sort_key
from reconciler.rules.comments import Comments
from reconciler.rules.config import RulesConfig
from reconciler.rules.registry import RULES
from reconciler.rules.rule import FileRule, Finding, PaperRule, RepositoryRule, Rule, SubjectRule
from reconciler.rules.subject import Paper, Papers, Subject, Surroundings, subject
from reconciler.rules.words import DOCUMENTED

_Found = tuple[Rule, Subject, Finding]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Everything that the rules judge."""

    manifests: tuple[Manifest, ...]
    today: date
    proofs: Mapping[str, Mapping[str, Proof]] = field(default_factory=lambda: MappingProxyType({}))
    """Every document that could be read: by the manifest's path, then by role."""
    facts: Mapping[str, Facts] = field(default_factory=lambda: MappingProxyType({}))
    """What looking into the documents showed, by sha256."""
    inspected: bool = False
    """Whether anybody looked."""
    files: tuple[str, ...] = ()
    """Document files of the repository; empty where nobody looked for them."""
    earlier: tuple[Problem, ...] = ()
    """What is wrong already. Nothing is said twice of the same place."""


def check(evidence: Evidence, config: RulesConfig) -> tuple[Problem, ...]:
    """What the rules have to say, sorted; `evidence.earlier` is not repeated."""
    levels = {rule.id: level for rule in RULES.values() if (level := config.severity(rule))}
    subjects = _subjects(evidence, config)
    comments = Comments(subjects)
    said = {_place(problem) for problem in evidence.earlier}
    problems = []
    for rule, each, finding in _found(subjects, levels, evidence.inspected):
        if not comments.silence(rule, each, finding):
            problem = _problem(levels[rule.id], rule, each, finding)
            if _place(problem) not in said:
                problems.append(problem)
    problems += _about_files(evidence, subjects, levels)
    faulty = {problem.path for problem in evidence.earlier}
    problems += comments.remarks(levels, faulty=faulty, inspected=evidence.inspected)
    return tuple(sorted(problems, key=sort_key))


def wants_inspection(config: RulesConfig) -> bool:
    """Whether any rule that counts asks what stands in the documents."""
    rules = (rule for rule in RULES.values() if isinstance(rule, PaperRule))
    return any(rule.needs_inspection and config.severity(rule) for rule in rules)


def wants_files(config: RulesConfig) -> bool:
    """Whether any rule that counts asks which document files there are."""
    return any(isinstance(rule, FileRule) and config.severity(rule) for rule in RULES.values())


def _subjects(evidence: Evidence, config: RulesConfig) -> tuple[Subject, ...]:
    around = Surroundings(
        today=evidence.today,
        neutral_words=config.neutral_words | DOCUMENTED,
        expiry_days=config.expiry_days,
    )
    papers = Papers(evidence.facts, around)
    nothing: Mapping[str, Proof] = {}
    return tuple(
        subject(each, evidence.proofs.get(each.path, nothing), papers)
        for each in evidence.manifests
    )


def _found(
    subjects: tuple[Subject, ...], levels: Mapping[str, Severity], inspected: bool
) -> Iterator[_Found]:
    judged = tuple(each for each in subjects if not each.exempt)
    uses = _uses(judged)
    for rule in (RULES[rule_id] for rule_id in levels):
        if isinstance(rule, SubjectRule):
            for each in judged:
                for finding in rule.check(each):
                    yield rule, each, finding
        elif isinstance(rule, RepositoryRule):
            for each, finding in rule.check(judged):
                yield rule, each, finding
        elif isinstance(rule, PaperRule) and (inspected or not rule.needs_inspection):
            for paper, users in uses.items():
                for finding in rule.check(paper):
                    yield from ((rule, each, finding) for each in users)


def _uses(subjects: Iterable[Subject]) -> Mapping[Paper, Sequence[Subject]]:
    """Every document, with the manifests that say the same of it."""
    found: dict[Paper, list[Subject]] = {}
    for each in subjects:
        for paper in each.papers:
            found.setdefault(paper, []).append(each)
    return found


def _problem(severity: Severity, rule: Rule, where: Subject, finding: Finding) -> Problem:
    return Problem(
        severity=severity,
        rule=rule.id,
        summary=finding.summary,
        detail=finding.detail,
        name=where.manifest.name,
        path=where.manifest.path,
        position=where.manifest.locate(*finding.path),
    )


def _about_files(
    evidence: Evidence, subjects: tuple[Subject, ...], levels: Mapping[str, Severity]
) -> Iterator[Problem]:
    if _some_unread(evidence):
        return  # any of them may use any file
    for rule in RULES.values():
        if isinstance(rule, FileRule) and rule.id in levels:
            for finding in rule.check(subjects, evidence.files):
                yield Problem(
                    severity=levels[rule.id],
                    rule=rule.id,
                    summary=finding.summary,
                    detail=finding.detail,
                    name=None,
                    path=finding.file,
                )


def _some_unread(evidence: Evidence) -> bool:
    """Whether there are manifests that could not be read at all."""
    read = {manifest.path for manifest in evidence.manifests}
    return any(problem.path not in read for problem in evidence.earlier)


def _place(problem: Problem) -> tuple[str, int, int]:
    return (problem.path, problem.position.line, problem.position.column)
