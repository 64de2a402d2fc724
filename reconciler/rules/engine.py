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
from reconciler.rules.beside import (
    ALONE,
    READ,
    SCANS,
    USES,
    WRITTEN,
    Beside,
    Note,
    Noted,
    nobody_notes,
    written,
)
from reconciler.rules.comments import Comments
from reconciler.rules.config import RulesConfig
from reconciler.rules.registry import RULES
from reconciler.rules.rule import (
    FileRule,
    Finding,
    PaperRule,
    Placed,
    RepositoryRule,
    Rule,
    Saying,
    Statement,
    SubjectRule,
)
from reconciler.rules.subject import Paper, Papers, Subject, Surroundings, subject
from reconciler.rules.words import DOCUMENTED

_Found = tuple[Rule, Subject, Finding]
_Said = tuple[Saying, Sequence[Subject]]
"""A saying, and all whose it is."""


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
    beside: Beside = ALONE


def check(
    evidence: Evidence, config: RulesConfig, note: Note = nobody_notes
) -> tuple[Problem, ...]:
    """What the rules have to say, sorted; `evidence.earlier` is not repeated.

    `note` is told what the manifests say that others may contradict.
    """
    levels = {rule.id: level for rule in RULES.values() if (level := config.severity(rule))}
    subjects = _subjects(evidence, config)
    comments = Comments(subjects)
    said = {_place(problem) for problem in evidence.earlier}
    problems = []
    for rule, each, finding in _found(subjects, levels, evidence, note):
        if not comments.silence(rule, each, finding):
            problem = _problem(levels[rule.id], rule, each, finding)
            if _place(problem) not in said:
                problems.append(problem)
    problems += _about_files(evidence, subjects, levels, note)
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
        subject(number, each, evidence.proofs.get(each.path, nothing), papers)
        for number, each in enumerate(evidence.manifests)
    )


def _found(
    subjects: tuple[Subject, ...], levels: Mapping[str, Severity], evidence: Evidence, note: Note
) -> Iterator[_Found]:
    judged = tuple(each for each in subjects if not each.exempt)
    papers, inspected = _papers(judged), evidence.inspected
    note(SCANS, _scans(papers))
    for rule in (RULES[rule_id] for rule_id in levels):
        if isinstance(rule, SubjectRule):
            for each in judged:
                for finding in rule.check(each):
                    yield rule, each, finding
        elif isinstance(rule, RepositoryRule):
            for each, finding in _compared(rule, judged, evidence.beside, note):
                yield rule, each, finding
        elif isinstance(rule, PaperRule) and (inspected or not rule.needs_inspection):
            for paper, users in papers.items():
                for finding in rule.check(paper):
                    yield from ((rule, each, finding) for each in users)


def _compared(
    rule: RepositoryRule, subjects: Sequence[Subject], beside: Beside, note: Note
) -> Iterator[Placed]:
    alike: dict[object, list[Subject]] = {}
    for each in subjects:
        alike.setdefault(rule.traits(each), []).append(each)
    alike.pop(None, None)
    said: dict[str, list[_Said]] = {}
    for users in alike.values():
        for saying in rule.says(users[0]):
            said.setdefault(saying.about, []).append((saying, users))
    note(rule.id, _noted(said))
    for about, sayings in said.items():
        if not beside.agreed(rule.id, about) and not rule.agree({s.says for s, _ in sayings}):
            yield from rule.check(_in_order(sayings))


def _in_order(sayings: Sequence[_Said]) -> Sequence[Statement]:
    """All statements, in the order of the manifests."""
    statements = [Statement(user, saying) for saying, users in sayings for user in users]
    return sorted(statements, key=lambda statement: statement.subject.number)


def _noted(said: Mapping[str, Sequence[_Said]]) -> Iterator[Noted]:
    for about, sayings in said.items():
        found: dict[str, list[int]] = {}
        for saying, users in sayings:
            found.setdefault(saying.says, []).extend([each.number for each in users])
        yield from ((about, says, numbers) for says, numbers in found.items())


def _scans(papers: Mapping[Paper, Sequence[Subject]]) -> Iterator[Noted]:
    found: dict[str, list[int]] = {}
    for paper, users in papers.items():
        if paper.proof is not None and paper.proof.sha256 is not None:
            found.setdefault(paper.proof.sha256, []).extend([each.number for each in users])
    return ((sha256, "", numbers) for sha256, numbers in found.items())


def _papers(subjects: Iterable[Subject]) -> Mapping[Paper, Sequence[Subject]]:
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
    evidence: Evidence, subjects: tuple[Subject, ...], levels: Mapping[str, Severity], note: Note
) -> Iterator[Problem]:
    if _some_unread(evidence):
        return  # any of them may use any file
    used = _used(subjects)
    note(USES, _noted(used))
    paths = used.keys() | evidence.beside.uses
    for rule in RULES.values():
        if isinstance(rule, FileRule) and rule.id in levels:
            for finding in rule.check(paths, evidence.files):
                yield Problem(
                    severity=levels[rule.id],
                    rule=rule.id,
                    summary=finding.summary,
                    detail=finding.detail,
                    name=None,
                    path=finding.file,
                )


def _used(subjects: Iterable[Subject]) -> Mapping[str, Sequence[_Said]]:
    """By the document's path, how it is used, and who does so."""
    used: dict[str, list[_Said]] = {}
    for paper, users in _papers(subjects).items():
        read = None if paper.proof is None else paper.proof.path
        if read is not None:
            used.setdefault(read, []).append((Saying(read, READ), users))
        for path, whose in _spelled(paper, users):
            if path != read:
                used.setdefault(path, []).append((Saying(path, WRITTEN), whose))
    return used


def _spelled(paper: Paper, users: Iterable[Subject]) -> Iterator[tuple[str, Sequence[Subject]]]:
    """Where the manifests have a document, and which of them have it there."""
    if paper.file is None:
        return
    folders: dict[str, list[Subject]] = {}
    for each in users:
        folders.setdefault(each.manifest.path.rpartition("/")[0], []).append(each)
    for folder, whose in folders.items():
        yield written(folder, paper.file), whose


def _some_unread(evidence: Evidence) -> bool:
    """Whether there are manifests that could not be read at all."""
    read = {manifest.path for manifest in evidence.manifests}
    return any(problem.path not in read for problem in evidence.earlier)


def _place(problem: Problem) -> tuple[str, int, int]:
    return (problem.path, problem.position.line, problem.position.column)
