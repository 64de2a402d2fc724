"""What each command prints, case by case, as `tests/cases/render` has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.render.dump import dumps
from reconciler.render.outcomes_json import outcomes_document
from reconciler.render.outcomes_text import outcome_line, outcomes_summary
from reconciler.render.plan_json import plan_document
from reconciler.render.plan_text import plan_text
from reconciler.render.problems_json import problems_document
from reconciler.render.problems_text import problems_text
from reconciler.render.status_json import status_document
from reconciler.render.status_text import status_text
from tests.unit import render_cases as cases

Case = dict[str, Any]


def _plan_text(case: Case) -> str:
    warnings = {name: cases.problems(each) for name, each in case.get("warnings", {}).items()}
    options = case.get("options", {})
    return plan_text(cases.plan(case), cases.header(case), warnings=warnings, **options)


def _plan_json(case: Case) -> str:
    return dumps(plan_document(cases.plan(case), cases.header(case)))


def _problems_text(case: Case) -> str:
    found = cases.problems(case["problems"])
    return problems_text(found, manifests=case["manifests"], sources=case["sources"].get)


def _problems_json(case: Case) -> str:
    return dumps(problems_document(cases.problems(case["problems"])))


def _outcomes_text(case: Case) -> str:
    done = cases.outcomes(case)
    return "\n".join([*map(outcome_line, done), outcomes_summary(done)]) + "\n"


def _outcomes_json(case: Case) -> str:
    return dumps(outcomes_document(cases.outcomes(case)))


def _status_text(case: Case) -> str:
    return status_text(cases.rows(case))


def _status_json(case: Case) -> str:
    return dumps(status_document(cases.rows(case)))


RENDER: dict[str, tuple[Callable[[Case], str], Callable[[Case], str], str]] = {
    "plan": (_plan_text, _plan_json, "plan"),
    "problems": (_problems_text, _problems_json, "validate"),
    "outcomes": (_outcomes_text, _outcomes_json, "apply"),
    "status": (_status_text, _status_json, "status"),
}


def _all() -> Iterator[Any]:
    for kind in RENDER:
        for folder in cases.folders(kind):
            yield pytest.param(kind, folder, id=f"{kind}-{folder.name}")


@pytest.mark.parametrize(("kind", "folder"), list(_all()))
def test_text_is_as_expected(kind: str, folder: Path) -> None:
    text, _, _ = RENDER[kind]

    assert text(cases.read(folder)) == cases.expected(folder, "txt")


@pytest.mark.parametrize(("kind", "folder"), list(_all()))
def test_json_is_as_expected_and_fits_its_schema(kind: str, folder: Path) -> None:
    _, json_text, schema = RENDER[kind]

    produced = json_text(cases.read(folder))

    assert produced == cases.expected(folder, "json")
    cases.check_schema(schema, produced)


def test_there_are_cases_of_every_kind() -> None:
    assert all(cases.folders(kind) for kind in RENDER)
