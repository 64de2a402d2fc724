"""What a pipeline's environment says: which forge, which repository, which change."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from reconciler.errors import CredentialsError, UsageError
from reconciler.forge import github, gitlab
from reconciler.forge.api import Api
from reconciler.forge.port import Forge
from reconciler.forge.values import Access


class Kind(StrEnum):
    """The forges that this program writes to."""

    GITHUB = "github"
    GITLAB = "gitlab"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """The change that a pipeline runs for; each is None where it runs for none."""

    number: int | None
    head: str | None
    """The newest commit of its branch."""


def kind_of(environ: Mapping[str, str]) -> Kind:
    """The forge whose pipeline this is. Raises `UsageError` outside of both."""
    if environ.get("GITHUB_REPOSITORY"):
        return Kind.GITHUB
    if environ.get("CI_PROJECT_ID"):
        return Kind.GITLAB
    raise UsageError(
        "this is no pipeline of GitHub or GitLab",
        "Set GITHUB_REPOSITORY (owner/repository) and GITHUB_TOKEN, or CI_PROJECT_ID and "
        "GITLAB_TOKEN.",
    )


def event_of(environ: Mapping[str, str]) -> Event:
    """The change that this pipeline runs for. Raises `UsageError` for a payload that is none."""
    return _github_event(environ) if kind_of(environ) is Kind.GITHUB else _gitlab_event(environ)


@contextmanager
def open_forge(environ: Mapping[str, str]) -> Iterator[Forge]:
    """The repository that this pipeline is of.

    Raises `UsageError` and `CredentialsError` for variables that are missing.
    """
    if kind_of(environ) is Kind.GITHUB:
        access = _github(environ)
        with Api(access, github.headers(access)) as api:
            yield github.GitHub(api, access)
    else:
        access = _gitlab(environ)
        with Api(access, gitlab.headers(access)) as api:
            yield gitlab.GitLab(api, access)


def _github(environ: Mapping[str, str]) -> Access:
    project = environ["GITHUB_REPOSITORY"]
    if project.count("/") != 1:
        raise UsageError(
            f"GITHUB_REPOSITORY is {project!r}", "It names owner and repository: owner/repository."
        )
    return Access(
        url=_url(environ, "GITHUB_API_URL", "https://api.github.com"),
        project=project,
        token=_token(environ, "GITHUB_TOKEN", "env: GITHUB_TOKEN: ${{ github.token }}"),
    )


def _gitlab(environ: Mapping[str, str]) -> Access:
    advice = "a project access token with the scope api, as a masked CI/CD variable"
    return Access(
        url=_url(environ, "CI_API_V4_URL", "https://gitlab.com/api/v4"),
        # A pipeline of a fork belongs to another project than the merge request.
        project=environ.get("CI_MERGE_REQUEST_PROJECT_ID") or environ["CI_PROJECT_ID"],
        token=_token(environ, "GITLAB_TOKEN", advice),
    )


def _url(environ: Mapping[str, str], name: str, default: str) -> str:
    url = (environ.get(name) or default).rstrip("/")
    if not url.startswith(("https://", "http://")):
        raise UsageError(f"{name} is no http or https address", f"Such as {default}.")
    return url


def _token(environ: Mapping[str, str], name: str, advice: str) -> str:
    token = environ.get(name, "").strip()
    if not token:
        raise CredentialsError(f"{name} is not set", f"Give the job's step {advice}.")
    if not token.isprintable() or not token.isascii():
        raise CredentialsError(f"{name} is no token", "It has characters that no token has.")
    return token


def _github_event(environ: Mapping[str, str]) -> Event:
    path = environ.get("GITHUB_EVENT_PATH")
    if not path:
        return Event(number=None, head=None)
    try:
        payload = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise UsageError("GITHUB_EVENT_PATH names no event", "Give --number instead.") from None
    change = _below(payload, "pull_request")
    places = (change, _below(payload, "issue"), payload)
    number = next((n for n in (_below(place, "number") for place in places) if n), None)
    head = _below(_below(change, "head"), "sha")
    return Event(
        number=number if isinstance(number, int) else None,
        head=head if isinstance(head, str) else None,
    )


def _below(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _gitlab_event(environ: Mapping[str, str]) -> Event:
    number = environ.get("CI_MERGE_REQUEST_IID", "")
    if not number.isdecimal():
        return Event(number=None, head=None)
    # The first of the two is set where the pipeline runs on the merged result.
    head = environ.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA") or environ.get("CI_COMMIT_SHA")
    return Event(number=int(number), head=head)
