"""What each command prints, case by case, as `tests/cases/render` has it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from reconciler.render.dump import dumps
from reconciler.render.outcomes_json import outcomes_document
from reconciler.render.outcomes_markdown import outcomes_markdown
from reconciler.render.outcomes_text import outcome_line, outcomes_summary
from reconciler.render.plan_json import plan_document
from reconciler.render.plan_markdown import plan_markdown
from reconciler.render.plan_text import plan_text
from reconciler.render.problems.formats import write
from reconciler.render.problems.kinds import ProblemFormat
from reconciler.render.status_json import status_document
from reconciler.render.status_markdown import status_markdown
from reconciler.render.status_text import status_text
from tests.unit import render_cases as cases

Case = dict[str, Any]
Renderer = Callable[[Case], str]


def _warnings(case: Case) -> dict[str, Any]:
    return {name: cases.problems(each) for name, each in case.get("warnings", {}).items()}


def _plan_text(case: Case) -> str:
    options = case.get("options", {})
    return plan_text(cases.plan(case), cases.header(case), warnings=_warnings(case), **options)


def _plan_json(case: Case) -> str:
    elsewhere = cases.plan(case.get("elsewhere", {}))
    return dumps(
        plan_document(
            cases.plan(case), cases.header(case), warnings=_warnings(case), elsewhere=elsewhere
        )
    )


def _plan_markdown(case: Case) -> str:
    return plan_markdown(
        cases.plan(case),
        cases.header(case),
        warnings=_warnings(case),
        elsewhere=cases.plan(case.get("elsewhere", {})),
        **case.get("markdown", {}),
    )


def _problems(kind: ProblemFormat) -> Renderer:
    return lambda case: write(cases.report(case), kind)


def _outcomes_text(case: Case) -> str:
    done = cases.outcomes(case)
    return "\n".join([*map(outcome_line, done), outcomes_summary(done)]) + "\n"


def _outcomes_json(case: Case) -> str:
    return dumps(outcomes_document(cases.outcomes(case)))


def _outcomes_markdown(case: Case) -> str:
    return outcomes_markdown(cases.outcomes(case), **case.get("markdown", {}))


def _status_text(case: Case) -> str:
    return status_text(cases.rows(case))


def _status_json(case: Case) -> str:
    return dumps(status_document(cases.rows(case)))


def _status_markdown(case: Case) -> str:
    return status_markdown(cases.rows(case), **case.get("markdown", {}))


RENDER: Mapping[str, Mapping[str, Renderer]] = {
    "plan": {"txt": _plan_text, "json": _plan_json, "md": _plan_markdown},
    "problems": {
        "txt": _problems(ProblemFormat.TEXT),
        "json": _problems(ProblemFormat.JSON),
        "github": _problems(ProblemFormat.GITHUB),
        "sarif": _problems(ProblemFormat.SARIF),
        "xml": _problems(ProblemFormat.JUNIT),
    },
    "outcomes": {"txt": _outcomes_text, "json": _outcomes_json, "md": _outcomes_markdown},
    "status": {"txt": _status_text, "json": _status_json, "md": _status_markdown},
}
SCHEMAS = {"plan": "plan", "problems": "validate", "outcomes": "apply", "status": "status"}


def _all() -> Iterator[Any]:
    for kind, endings in RENDER.items():
        for folder in cases.folders(kind):
            for ending in endings:
                yield pytest.param(kind, ending, folder, id=f"{kind}-{folder.name}-{ending}")


@pytest.mark.parametrize(("kind", "ending", "folder"), list(_all()))
def test_the_output_is_as_expected(kind: str, ending: str, folder: Path) -> None:
    produced = RENDER[kind][ending](cases.read(folder))

    assert produced == cases.expected(folder, ending)


@pytest.mark.parametrize("kind", RENDER)
def test_json_fits_its_schema(kind: str) -> None:
    for folder in cases.folders(kind):
        cases.check_schema(SCHEMAS[kind], RENDER[kind]["json"](cases.read(folder)))


def test_sarif_fits_the_standards_own_schema() -> None:
    for folder in cases.folders("problems"):
        cases.check_sarif(RENDER["problems"]["sarif"](cases.read(folder)))


def test_there_are_cases_of_every_kind() -> None:
    assert all(cases.folders(kind) for kind in RENDER)
