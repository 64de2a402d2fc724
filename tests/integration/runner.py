"""Runs workflow files as a runner of GitHub would: their `run:` steps, in bash, in their order.

Of the actions it knows those that our workflows use. Everything else is taken from the files:
conditions, environments and their secrets, permissions, outputs, files that steps hand on.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import yaml

from reconciler.git.environment import scrubbed
from tests.integration.expressions import Expressions
from tests.integration.fake_github import REPOSITORY, FakeGitHub

ROOT = Path(__file__).resolve().parents[2]
WORKFLOWS = ROOT / ".github" / "workflows"
_SETUP = "$/.github/actions/setup"
_SECONDS = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened; `payload` is the webhook's."""

    name: str
    payload: Mapping[str, Any]
    ref: str
    sha: str
    is_fork: bool = False


@dataclass(slots=True, kw_only=True)
class Step:
    """How a step ended, and what it printed."""

    name: str
    outcome: str
    code: int = 0
    log: str = ""
    environ: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Job:
    """How a job ended."""

    result: str
    outputs: Mapping[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    summary: str = ""

    @property
    def log(self) -> str:
        return "\n".join(f"[{step.name}: {step.outcome}]\n{step.log}" for step in self.steps)

    def step(self, beginning: str) -> Step:
        return next(step for step in self.steps if step.name.startswith(beginning))


@dataclass(frozen=True, slots=True, kw_only=True)
class Hub:
    """One repository at GitHub, with its settings."""

    folder: Path
    remote: Path
    """The bare repository."""
    api: FakeGitHub
    variables: Mapping[str, str]
    environments: Mapping[str, Mapping[str, str]]
    """Secrets by environment."""
    server: str | None = None
    """Where git reaches the remote with a token; without it the file is enough."""

    @property
    def cache(self) -> Path:
        """What the runner's cache action keeps from one job to the next."""
        return self.folder / "cache"

    def run(
        self, name: str, event: Event, inputs: Mapping[str, str] | None = None
    ) -> dict[str, Job]:
        """Every job of a workflow, one after the other as they need each other."""
        text = (WORKFLOWS / f"{name}.yml").read_text("utf-8")
        workflow = yaml.safe_load(text)
        assert workflow["permissions"] == {}, "a job says what it needs"
        done: dict[str, Job] = {}
        for key, job in workflow["jobs"].items():
            done[key] = _JobRun(self, event, inputs or {}, job, done).run()
        return done


class _JobRun:
    """One job on a machine of its own."""

    def __init__(
        self,
        hub: Hub,
        event: Event,
        inputs: Mapping[str, str],
        job: Mapping[str, Any],
        done: Mapping[str, Job],
    ) -> None:
        self._hub = hub
        self._event = event
        self._job = job
        self._needs = {name: done[name] for name in _listed(job.get("needs"))}
        self._home = hub.folder / f"runner-{uuid4().hex[:8]}"
        self._workspace = self._home / "work"
        self._temp = self._home / "temp"
        self._steps: dict[str, dict[str, Any]] = {}
        self._failed = False
        self._token = ""
        self._cache: Path | None = None
        self._inputs = inputs

    def run(self) -> Job:
        if not self._says(self._job.get("if")):
            return Job(result="skipped")
        self._prepare()
        steps = [self._step(step) for step in self._job["steps"]]
        if self._cache is not None and self._cache.exists():
            shutil.copytree(self._cache, self._hub.cache, dirs_exist_ok=True)
        outputs = self._job.get("outputs", {})
        speak = self._expressions()
        return Job(
            result="failure" if self._failed else "success",
            outputs={name: speak.fill(text) for name, text in outputs.items()},
            steps=[step for step in steps if step is not None],
            summary=self._summary.read_text("utf-8"),
        )

    @property
    def _summary(self) -> Path:
        return self._temp / "summary.md"

    def _prepare(self) -> None:
        for folder in (self._workspace, self._temp, self._home / "bin"):
            folder.mkdir(parents=True)
        self._summary.touch()
        (self._temp / "event.json").write_text(json.dumps(self._event.payload), "utf-8")
        self._token = self._hub.api.token(self._job.get("permissions", {}), self._event.is_fork)
        _shim(self._home / "bin" / "reconciler", f'exec "{sys.executable}" -m reconciler "$@"')
        pip = 'if [ "$1 $2 $3" = "-I -m pip" ]; then echo "pip: $*"; exit; fi'
        _shim(self._home / "bin" / "python", f'{pip}\nexec "{sys.executable}" "$@"')

    def _step(self, step: Mapping[str, Any]) -> Step | None:
        speak = self._expressions()
        done = Step(name=step.get("name", "?"), outcome="skipped")
        if self._says(step.get("if")):
            if "run" in step:
                self._bash(step["run"], step, done, "bash", "-e")
            else:
                self._use(step["uses"], {k: speak.fill(v) for k, v in step.get("with", {}).items()})
                done.outcome = "success"
        if done.outcome == "failure" and not step.get("continue-on-error"):
            self._failed = True
        if "id" in step:
            self._steps[step["id"]] = {
                "outcome": done.outcome,
                "outputs": _pairs(self._temp / f"output-{step['id']}"),
            }
        return done

    def _bash(self, script: str, step: Mapping[str, Any], done: Step, *shell: str) -> None:
        """As GitHub does where a step names no shell; `${{` must not stand in any script."""
        assert "${{" not in script
        speak = self._expressions()
        file = self._temp / f"script-{uuid4().hex[:8]}.sh"
        file.write_text(script, "utf-8")
        own = {name: speak.fill(text) for name, text in step.get("env", {}).items()}
        done.environ = {**self._variables(step.get("id", "none")), **own}
        ran = subprocess.run(
            [*shell, str(file)],
            cwd=self._workspace,
            env=done.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_SECONDS,
            check=False,
        )
        done.code, done.log = ran.returncode, ran.stdout
        done.outcome = "success" if ran.returncode == 0 else "failure"

    def _variables(self, step: str) -> dict[str, str]:
        """What a runner sets, and nothing of this machine's but the tools."""
        output = self._temp / f"output-{step}"
        output.touch()
        return {
            "PATH": f"{self._home / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "HOME": str(self._home),
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_API_URL": self._hub.api.url,
            "GITHUB_SERVER_URL": self._hub.api.url,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_RUN_ID": "1",
            "GITHUB_EVENT_NAME": self._event.name,
            "GITHUB_EVENT_PATH": str(self._temp / "event.json"),
            "GITHUB_REF_NAME": self._event.ref,
            "GITHUB_SHA": self._event.sha,
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(self._summary),
            "RUNNER_TEMP": str(self._temp),
        }

    def _use(self, action: str, options: Mapping[str, str]) -> None:
        name = action.partition("@")[0]
        if name == "actions/checkout":
            self._checkout(options)
        elif action == _SETUP:
            self._setup()
        elif name == "actions/upload-artifact":
            self._upload(options)
        elif name == "actions/cache":
            self._cache = self._workspace / options["path"]
            if self._hub.cache.exists():
                shutil.copytree(self._hub.cache, self._cache)
        else:
            assert name == "github/codeql-action/upload-sarif", action
            json.loads(Path(options["sarif_file"]).read_text("utf-8"))

    def _checkout(self, options: Mapping[str, str]) -> None:
        """As actions/checkout does: a new repository, one fetch, a detached head."""
        assert options["persist-credentials"] == "false"
        depth = options.get("fetch-depth", "1")
        limit = [] if depth == "0" else [f"--depth={depth}"]
        self._git("init", "--quiet")
        self._git("remote", "add", "origin", self._hub.remote.as_uri())
        self._git("fetch", "--quiet", *limit, "origin", f"+{self._source()}:refs/remotes/it")
        self._git("checkout", "--quiet", "--detach", self._event.sha)
        if self._hub.server is not None:
            url = f"{self._hub.server}/{self._hub.remote.name}"
            self._git("remote", "set-url", "origin", url)

    def _source(self) -> str:
        ref = self._event.ref
        return f"refs/pull/{ref}" if ref.endswith("/merge") else f"refs/heads/{ref}"

    def _setup(self) -> None:
        """The action's own `run:` steps; its pip is one that only says what it was told."""
        folder = ROOT / ".github" / "actions" / "setup"
        action = yaml.safe_load((folder / "action.yml").read_text("utf-8"))
        for step in action["runs"]["steps"]:
            if "run" in step:
                done = Step(name="setup", outcome="skipped")
                env = {"env": {"GITHUB_ACTION_PATH": str(folder)}}
                shell = ("bash", "--noprofile", "--norc", "-eo", "pipefail")
                self._bash(step["run"], env, done, *shell)
                words = done.log.split()
                assert done.outcome == "success", done.log
                source = words[-1].removesuffix("[documents]")
                assert (Path(source) / "pyproject.toml").exists(), done.log
                assert Path(words[words.index("--constraint") + 1]).exists(), done.log

    def _upload(self, options: Mapping[str, str]) -> None:
        target = self._hub.folder / "artifacts" / options["name"]
        target.mkdir(parents=True, exist_ok=True)
        for path in options["path"].split():
            shutil.copy(path, target)

    def _git(self, *words: str) -> None:
        environ = {**scrubbed(os.environ), "HOME": str(self._home)}
        subprocess.run(["git", *words], cwd=self._workspace, env=environ, check=True)

    def _says(self, condition: str | None) -> bool:
        return self._expressions().condition(condition)

    def _expressions(self) -> Expressions:
        event = self._event
        environment = self._job.get("environment")
        # Secrets belong to environments here; a fork's pull request gets none at all.
        secrets = {} if event.is_fork else self._hub.environments.get(environment or "", {})
        needed = [job.result for job in self._needs.values()]
        well = not self._failed and all(result == "success" for result in needed)
        contexts: dict[str, Any] = {
            "github": {
                "event": event.payload,
                "event_name": event.name,
                "ref": event.ref,
                "ref_name": event.ref,
                "repository": REPOSITORY,
                "run_id": self._home.name,
                "server_url": self._hub.server or self._hub.api.url,
                "sha": event.sha,
                "token": self._token,
            },
            "inputs": self._inputs,
            "needs": {name: {"outputs": job.outputs} for name, job in self._needs.items()},
            "runner": {"temp": str(self._temp), "os": "Linux"},
            "secrets": secrets,
            "steps": self._steps,
            "vars": self._hub.variables,
        }
        functions = {"success": lambda: well, "cancelled": lambda: False}
        return Expressions(contexts, functions)


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or [])


def _pairs(path: Path) -> dict[str, str]:
    """What a step wrote as NAME=VALUE."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return dict(line.split("=", 1) for line in lines)


def _shim(path: Path, command: str) -> None:
    path.write_text(f"#!/bin/sh\n{command}\n", "utf-8")
    path.chmod(0o755)
