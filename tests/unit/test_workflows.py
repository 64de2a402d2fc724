"""What every workflow and action of this repository has to keep to."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from reconciler.resources import template_path

GITHUB = Path(__file__).resolve().parents[2] / ".github"
FILES = sorted(
    [
        *GITHUB.glob("workflows/*.yml"),
        *GITHUB.glob("actions/*/action.yml"),
        *template_path("github").glob("*.yml"),
    ]
)
USES = re.compile(r"uses: (?P<what>[^@\s]+)(?:@(?P<commit>\S+)(?P<comment>.*))?")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_actions_of_others_are_pinned_to_a_commit_with_its_version_beside_it(path: Path) -> None:
    for found in USES.finditer(path.read_text("utf-8")):
        if not found["what"].startswith("$/"):
            assert re.fullmatch(r"[0-9a-f]{40}", found["commit"]), found[0]
            assert re.fullmatch(r" # v\d+\.\d+\.\d+", found["comment"]), found[0]


def test_one_action_is_pinned_to_one_commit_everywhere() -> None:
    pins: dict[str, set[str]] = {}
    for path in FILES:
        for found in USES.finditer(path.read_text("utf-8")):
            pins.setdefault(found["what"], set()).add(f"{found['commit']}{found['comment']}")
    assert {what: len(commits) for what, commits in pins.items()} == dict.fromkeys(pins, 1)


@pytest.mark.parametrize("path", sorted(GITHUB.glob("workflows/*.yml")), ids=lambda path: path.name)
def test_a_workflow_has_no_permission_and_each_job_says_why_it_has_one(path: Path) -> None:
    text = path.read_text("utf-8")
    workflow = yaml.safe_load(text)
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert job["timeout-minutes"] <= 60
        for kind, access in job["permissions"].items():
            assert re.search(rf"^ +{kind}: {access} # to \w+", text, re.MULTILINE), kind


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_script_contains_an_expression(path: Path) -> None:
    for script in _scripts(yaml.safe_load(path.read_text("utf-8"))):
        assert "${{" not in script


@pytest.mark.parametrize(
    "path",
    [*FILES, template_path("gitlab-ci.yml")],
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_python_imports_nothing_from_the_folder_that_it_is_started_in(path: Path) -> None:
    """A pull request may bring a json.py, and the step that it runs in has keys."""
    for line in path.read_text("utf-8").splitlines():
        assert not re.match(r"\s*(- )?python3? (?!-I )", line), line


def _scripts(value: object) -> list[str]:
    if isinstance(value, dict):
        own = [text for key, text in value.items() if key == "run" and isinstance(text, str)]
        return own + [script for each in value.values() for script in _scripts(each)]
    if isinstance(value, list):
        return [script for each in value for script in _scripts(each)]
    return []


def test_secrets_stand_in_jobs_that_have_an_environment_alone() -> None:
    for path in GITHUB.glob("workflows/*.yml"):
        for job in yaml.safe_load(path.read_text("utf-8"))["jobs"].values():
            if "secrets." in yaml.safe_dump(job):
                assert job["environment"] in {"signatures-plan", "signatures-apply"}, path.name


def test_no_apply_is_cancelled_whether_it_runs_or_waits() -> None:
    workflow = yaml.safe_load((GITHUB / "workflows" / "apply.yml").read_text("utf-8"))
    assert workflow["concurrency"]["cancel-in-progress"] is False
    assert workflow["concurrency"]["queue"] == "max"


CALL = re.compile(
    r"^\| `(?P<file>\w+\.yml)` \|.*\| `(?P<permissions>[^`]+)` \|[^|]*\|$", re.MULTILINE
)


def test_a_caller_is_told_to_allow_what_the_jobs_ask_for_and_nothing_else() -> None:
    told = {
        found["file"]: yaml.safe_load(f"{{{found['permissions']}}}")
        for found in CALL.finditer((GITHUB / "README.md").read_text("utf-8"))
    }
    assert set(told) == {"validate.yml", "plan.yml", "apply.yml", "drift.yml"}
    for name, permissions in told.items():
        workflow = yaml.safe_load((GITHUB / "workflows" / name).read_text("utf-8"))
        assert "workflow_call" in workflow[True]  # YAML 1.1 takes `on` for a boolean
        asked: dict[str, str] = {}
        for job in workflow["jobs"].values():
            for kind, access in job["permissions"].items():
                asked[kind] = max(asked.get(kind, ""), access)  # "write" is after "read"
        assert permissions == asked, name
