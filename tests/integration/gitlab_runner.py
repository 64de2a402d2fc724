"""Runs jobs of the GitLab template as a runner of GitLab would: in bash, rules looked at first."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from reconciler.git.environment import scrubbed
from reconciler.resources import template_path

_TERM = re.compile(r'\$(\w+)(?:\s*==\s*(?:"([^"]*)"|\$(\w+)))?')


class _Loader(yaml.SafeLoader):
    """Knows the tag by which one job refers to a part of another."""


class _Reference(tuple[str, ...]):
    """The way to that part."""


def _reference(loader: yaml.SafeLoader, node: yaml.SequenceNode) -> _Reference:
    return _Reference(loader.construct_sequence(node))


_Loader.add_constructor("!reference", _reference)
TEMPLATE: dict[str, Any] = yaml.load(
    template_path("gitlab-ci.yml").read_text("utf-8"),
    Loader=_Loader,  # noqa: S506 - a safe loader with one harmless tag
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """How a job ended."""

    code: int
    log: str


def is_wanted(name: str, variables: Mapping[str, str]) -> bool:
    """Whether one of the job's rules holds."""
    return any(_holds(rule["if"], variables) for rule in TEMPLATE[name]["rules"])


def run(name: str, *, remote: Path, commit: str, home: Path, variables: Mapping[str, str]) -> Ran:
    """One job in a clone of its own."""
    work = home / "work"
    work.mkdir(parents=True)
    environ = {**scrubbed(os.environ), "HOME": str(home)}
    for words in (
        ["clone", "--quiet", "--no-checkout", remote.as_uri(), "."],
        ["checkout", "--quiet", "--detach", commit],
    ):
        subprocess.run(["git", *words], cwd=work, env=environ, check=True)
    (home / "bin").mkdir()
    _shim(home / "bin" / "reconciler", f'exec "{sys.executable}" -m reconciler "$@"')
    pip = 'if [ "$1 $2 $3" = "-I -m pip" ]; then echo "pip: $*"; exit; fi'
    _shim(home / "bin" / "python", f'{pip}\nexec "{sys.executable}" "$@"')
    # As the runner's bash does: the lines of both parts are one script, which ends at a failure.
    script = "\n".join(
        ["set -eo pipefail", *_lines(name, "before_script"), *_lines(name, "script")]
    )
    ran = subprocess.run(
        ["bash", "-c", script],
        cwd=work,
        env={
            "HOME": str(home),
            "PATH": f"{home / 'bin'}{os.pathsep}{os.environ['PATH']}",
            **variables,
        },
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=120,
        check=False,
    )
    return Ran(code=ran.returncode, log=ran.stdout)


def _lines(name: str, part: str) -> list[str]:
    """A part of a job, or of the one that it extends."""
    job = TEMPLATE[name]
    if part not in job:
        return _lines(job["extends"], part)
    lines: list[str] = []
    for line in job[part]:
        lines += _lines(*line) if isinstance(line, _Reference) else [line]
    return lines


def _holds(rule: str, variables: Mapping[str, str]) -> bool:
    return all(_term(term.strip(), variables) for term in rule.split("&&"))


def _term(term: str, variables: Mapping[str, str]) -> bool:
    found = _TERM.fullmatch(term)
    assert found, f"this is no rule that we use: {term}"
    name, text, other = found.groups()
    if text is None and other is None:
        return bool(variables.get(name))
    return variables.get(name) == (variables.get(other) if other else text)


def _shim(path: Path, command: str) -> None:
    path.write_text(f"#!/bin/sh\n{command}\n", "utf-8")
    path.chmod(0o755)
