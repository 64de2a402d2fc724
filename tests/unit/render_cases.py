"""Cases of rendering as files: `case.json` says what is rendered, `expected.*` what comes out."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from jsonschema import Draft4Validator, Draft202012Validator

from reconciler.plan.board import Row
from reconciler.plan.changes import Change, Failure, Plan
from reconciler.plan.outcomes import Outcome
from reconciler.problems import Problem, Severity
from reconciler.render.header import PlanHeader
from reconciler.render.problems.report import Report, gather
from reconciler.rules.rule import Example, Rule

T = TypeVar("T")
HERE = Path(__file__).resolve().parent
CASES = HERE.parent / "cases" / "render"
SARIF = HERE.parent / "cases" / "sarif-2.1.0.schema.json"
SCHEMAS = HERE.parent.parent / "schemas"

_HEADER = {
    "tool_version": "0.1.0",
    "timestamp": "2026-11-22T08:00:00+00:00",
    "project": "org-tests",
    "endpoint": "https://sms.example",
    "head": "0123456789abcdef0123456789abcdef01234567",
    "refreshed": True,
}
_CHANGE: Mapping[str, object] = {
    "id": None,
    "project": "org-tests",
    "path": None,
    "line": None,
    "rejection": None,
    "diff": [],
    "documents": [],
    "unverifiable": [],
    "desired": None,
    "recorded": None,
}
_PROBLEM: Mapping[str, object] = {"detail": "", "name": None, "position": {}}
_ROW: Mapping[str, object] = {
    "id": None,
    "content": None,
    "in_sync": None,
    "rejection": None,
    "submitted_at": None,
    "age_hours": None,
}


def rule(id: str, name: str) -> Rule:
    """A rule that is called so; its words are made up, since the real ones change."""
    return Rule(
        id=id,
        name=name,
        severity=Severity.ERROR,
        source="the standard",
        why=f"Reviewers refuse `{name}`.",
        fix="Write it otherwise.",
        bad=Example(manifests=(("shop", "content: no\n"),)),
        good=Example(manifests=(("a", "content: yes\n"), ("b", "content: well\n"))),
    )


RULES: Mapping[str, Rule] = {
    "USMS001": rule("USMS001", "unreadable"),
    "USMS003": rule("USMS003", "wrong-shape"),
    "USMS004": rule("USMS004", "described-twice"),
    "USMS005": rule("USMS005", "bad-document"),
}
"""Problems of other rules are those of a rule that nothing is known about."""


def folders(kind: str) -> list[Path]:
    """The cases of one kind."""
    return sorted(path.parent for path in (CASES / kind).glob("*/case.json"))


def read(folder: Path) -> dict[str, Any]:
    """What `case.json` says."""
    case: dict[str, Any] = json.loads((folder / "case.json").read_text(encoding="utf-8"))
    return case


def expected(folder: Path, ending: str) -> str:
    """What must come out."""
    return (folder / f"expected.{ending}").read_text(encoding="utf-8")


def plan(case: Mapping[str, Any]) -> Plan:
    """The plan of a case; what a row does not name is empty."""
    changes = [build(Change, {**_CHANGE, **each}) for each in case.get("changes", [])]
    errors = [build(Failure, each) for each in case.get("errors", [])]
    return Plan(changes=tuple(changes), errors=tuple(errors))


def header(case: Mapping[str, Any]) -> PlanHeader:
    """The header of a case."""
    return build(PlanHeader, {**_HEADER, **case.get("header", {})})


def problems(cases: list[dict[str, Any]]) -> tuple[Problem, ...]:
    """The problems of a case."""
    return tuple(build(Problem, {**_PROBLEM, **each}) for each in cases)


def report(case: Mapping[str, Any]) -> Report:
    """The report of a case of problems; the files with sources are its manifests."""
    named = {
        path: path.removesuffix(".yaml").removeprefix("signatures/") for path in case["sources"]
    }
    return gather(
        problems(case["problems"]),
        manifests=case.get("names", named),
        count=case["manifests"],
        sources=case["sources"].get,
        rules=RULES,
        tool_version="0.1.0",
        prefix=case.get("prefix", ""),
    )


def outcomes(case: Mapping[str, Any]) -> tuple[Outcome, ...]:
    """The outcomes of a case."""
    return tuple(build(Outcome, each) for each in case["outcomes"])


def rows(case: Mapping[str, Any]) -> tuple[Row, ...]:
    """The rows of a status case."""
    return tuple(build(Row, {**_ROW, **each}) for each in case["rows"])


def check_schema(name: str, text: str) -> None:
    """Raise unless the JSON text is what `schemas/NAME.schema.json` describes."""
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(json.loads(text))


def check_sarif(text: str) -> None:
    """Raise unless the JSON text is SARIF 2.1.0."""
    schema = json.loads(SARIF.read_text(encoding="utf-8"))
    Draft4Validator(schema, format_checker=Draft4Validator.FORMAT_CHECKER).validate(
        json.loads(text)
    )


def build(kind: type[T], value: Any) -> T:
    """JSON data becomes a dataclass, as its annotations say."""
    return _build(kind, value)  # type: ignore[no-any-return]  # the annotations decide at run time


def _build(kind: Any, value: Any) -> Any:
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{key: _build(hints[key], each) for key, each in value.items()})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if get_origin(kind) is tuple:
        return tuple(_build(get_args(kind)[0], each) for each in value)
    if isinstance(kind, UnionType) and value is not None:
        (only,) = (each for each in get_args(kind) if each is not NoneType)
        return _build(only, value)
    return value
