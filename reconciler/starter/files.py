"""The files of a new repository, as text. Pure but for reading the package's own templates."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from reconciler.resources import schema_path, template_path, workflow_path

WORKFLOWS: Mapping[str, str] = {
    "validate": "checks every pull request, holds no secret",
    "plan": "plans a pull request, and says so in a comment",
    "apply": "applies what was merged, if it is what was reviewed",
    "drift": "looks every working morning whether something needs attention",
}
_OUR_ACTION = "$/.github/actions/setup"
_YOUR_ACTION = "$/.github/actions/reconciler"
_NO_REQUIREMENT = 'RECONCILER: ""'
_SAFE = re.compile(r"[A-Za-z0-9+:/@._~%#&=?,\[\] -]+")


class Ci(StrEnum):
    """The pipelines that there are files for."""

    GITHUB = "github"
    GITLAB = "gitlab"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wishes:
    """What the repository is and shall have."""

    ci: Ci | None
    branch: str
    """The one that is applied."""
    shared: bool
    """There is a remote for the state."""
    has_settings: bool
    """`pyproject.toml` holds them already."""
    requirement: str | None
    """What a pipeline installs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFile:
    """One file, and what it is for."""

    path: str
    """Relative to the root, with forward slashes."""
    purpose: str
    text: str
    by_hand: str = ""
    """What to do instead where another file is there, and stays."""


def new_files(wishes: Wishes) -> Iterator[NewFile]:
    """All of them, in the order in which a person would read them."""
    yield NewFile(
        path="signatures/example.yaml",
        purpose="one signature, with a comment on each key",
        text=_template("example.yaml"),
    )
    if not wishes.has_settings:
        yield NewFile(path="reconciler.toml", purpose="the settings", text=_settings(wishes))
    yield NewFile(
        path="schemas/signature.schema.json",
        purpose="lets an editor complete and check manifests",
        text=schema_path("signature.schema.json").read_text(encoding="utf-8"),
    )
    yield NewFile(
        path=".vscode/settings.json",
        purpose="tells the editor where the schema is",
        text=_template("vscode-settings.json"),
    )
    if wishes.ci is Ci.GITHUB:
        yield from _github(wishes)
    if wishes.ci is Ci.GITLAB:
        yield from _gitlab(wishes)


def is_requirement(text: str) -> bool:
    """Whether a pipeline's file can hold it between quotes, and pip could understand it."""
    return bool(_SAFE.fullmatch(text)) and not text.startswith("-")


def _settings(wishes: Wishes) -> str:
    text = _template("reconciler.toml")
    shared = wishes.ci is not None and wishes.shared
    return text.replace('# state = "git:"', 'state = "git:"') if shared else text


def _github(wishes: Wishes) -> Iterator[NewFile]:
    yield NewFile(
        path=".github/actions/reconciler/action.yml",
        purpose="installs reconciler in a job",
        text=_required(_template("github/action.yml"), wishes),
    )
    for name, purpose in WORKFLOWS.items():
        text = workflow_path(f"{name}.yml").read_text(encoding="utf-8")
        yield NewFile(
            path=f".github/workflows/reconciler-{name}.yml",
            purpose=purpose,
            text=text.replace(_OUR_ACTION, _YOUR_ACTION).replace(
                "branches: [main]", f'branches: ["{wishes.branch}"]'
            ),
        )


def _gitlab(wishes: Wishes) -> Iterator[NewFile]:
    yield NewFile(
        path=".gitlab/reconciler.gitlab-ci.yml",
        purpose="validate, plan, apply and drift",
        text=_required(_template("gitlab-ci.yml"), wishes),
    )
    yield NewFile(
        path=".gitlab-ci.yml",
        purpose="includes it",
        text="include:\n  - local: .gitlab/reconciler.gitlab-ci.yml\n",
        by_hand="Add `- local: .gitlab/reconciler.gitlab-ci.yml` below `include:` in "
        ".gitlab-ci.yml, and its stages to yours.",
    )


def _required(text: str, wishes: Wishes) -> str:
    return text.replace(_NO_REQUIREMENT, f'RECONCILER: "{wishes.requirement or ""}"')


def _template(name: str) -> str:
    return template_path(name).read_text(encoding="utf-8")
