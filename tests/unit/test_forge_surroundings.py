"""What a pipeline's environment says about its forge and its change."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from reconciler.errors import CredentialsError, UsageError
from reconciler.forge.github import GitHub
from reconciler.forge.gitlab import GitLab
from reconciler.forge.surroundings import Event, event_of, kind_of, open_forge

GITHUB = {"GITHUB_REPOSITORY": "example/signatures", "GITHUB_TOKEN": "t"}
GITLAB = {"CI_PROJECT_ID": "42", "GITLAB_TOKEN": "t"}


def payload(folder: Path, content: object) -> dict[str, str]:
    path = folder / "event.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return {**GITHUB, "GITHUB_EVENT_PATH": str(path)}


def test_each_forge_is_known_by_its_own_variables() -> None:
    with open_forge(GITHUB) as forge:
        assert isinstance(forge, GitHub)
    with open_forge(GITLAB) as forge:
        assert isinstance(forge, GitLab)


def test_outside_of_a_pipeline_the_variables_are_named() -> None:
    with pytest.raises(UsageError, match="no pipeline") as raised:
        kind_of({})
    assert "GITHUB_REPOSITORY" in raised.value.advice


@pytest.mark.parametrize(
    ("environ", "name"),
    [
        ({"GITHUB_REPOSITORY": "a/b"}, "GITHUB_TOKEN"),
        ({"GITHUB_REPOSITORY": "a/b", "GITHUB_TOKEN": " "}, "GITHUB_TOKEN"),
        ({"CI_PROJECT_ID": "42"}, "GITLAB_TOKEN"),
        ({**GITHUB, "GITHUB_TOKEN": "two\nlines"}, "GITHUB_TOKEN"),
        ({**GITHUB, "GITHUB_TOKEN": "tökén"}, "GITHUB_TOKEN"),
    ],
)
def test_a_missing_or_broken_token_is_named_and_never_shown(
    environ: dict[str, str], name: str
) -> None:
    with pytest.raises(CredentialsError, match=name) as raised, open_forge(environ):
        pass
    assert "two" not in f"{raised.value.summary}{raised.value.advice}"


@pytest.mark.parametrize(
    "environ",
    [
        {**GITHUB, "GITHUB_REPOSITORY": "alone"},
        {**GITHUB, "GITHUB_API_URL": "ftp://example.com"},
        {**GITLAB, "CI_API_V4_URL": "gitlab.example.com"},
    ],
)
def test_variables_that_name_nothing_are_refused(environ: dict[str, str]) -> None:
    with pytest.raises(UsageError), open_forge(environ):
        pass


def test_a_pull_request_s_number_and_commit_come_from_the_event(tmp_path: Path) -> None:
    event = {"pull_request": {"number": 7, "head": {"sha": "a" * 40}}}
    assert event_of(payload(tmp_path, event)) == Event(number=7, head="a" * 40)


def test_a_comment_on_a_pull_request_has_its_number(tmp_path: Path) -> None:
    for event in ({"issue": {"number": 8}}, {"number": 8}):
        assert event_of(payload(tmp_path, event)) == Event(number=8, head=None)


@pytest.mark.parametrize("content", [{}, [], {"pull_request": None}, {"pull_request": "x"}])
def test_any_other_event_is_about_no_change(tmp_path: Path, content: object) -> None:
    assert event_of(payload(tmp_path, content)) == Event(number=None, head=None)
    assert event_of(GITHUB) == Event(number=None, head=None)


def test_a_payload_that_is_none_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="GITHUB_EVENT_PATH"):
        event_of(payload(tmp_path, "{"))
    with pytest.raises(UsageError, match="GITHUB_EVENT_PATH"):
        event_of({**GITHUB, "GITHUB_EVENT_PATH": str(tmp_path / "absent")})


def test_gitlab_says_it_in_variables() -> None:
    commit = {"CI_MERGE_REQUEST_IID": "9", "CI_COMMIT_SHA": "b" * 40}
    assert event_of({**GITLAB, **commit}) == Event(number=9, head="b" * 40)
    merged = {**GITLAB, **commit, "CI_MERGE_REQUEST_SOURCE_BRANCH_SHA": "a" * 40}
    assert event_of(merged) == Event(number=9, head="a" * 40)
    assert event_of(GITLAB) == Event(number=None, head=None)
