"""The checks of `doctor`, in order: what the earlier ones find, the later ones build upon."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from requests.utils import get_environ_proxies

from reconciler import checkup
from reconciler.checkup import Finding, Level, Listed
from reconciler.cli.state_store import open_store
from reconciler.cli.workspace import Workspace, load_repository, now, open_workspace
from reconciler.errors import ReconcilerError, ServiceError
from reconciler.gateway.answers import Answer
from reconciler.gateway.credentials import Credentials
from reconciler.gateway.encodings import Encoding
from reconciler.gateway.parameters import Parameters
from reconciler.gateway.probe import probe
from reconciler.git.environment import scrubbed
from reconciler.git.head import head
from reconciler.git.process import GitError, run
from reconciler.problems import Severity
from reconciler.regular import is_folder
from reconciler.render.counts import plural
from reconciler.repository import Repository
from reconciler.settings.credentials import FoundCredentials, credentials, credentials_of
from reconciler.settings.values import Flags
from reconciler.state.url import FileUrl, parse
from reconciler.usms import ReadOnlyUsms

T = TypeVar("T")

_PROBE = "GetProjectList"
_NOBODY = Credentials(public_key="", private_key="")
"""Without keys, whether anybody answers can be found out all the same."""
_SECONDS = 15.0
"""A doctor waits no longer than this for an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Account:
    """A service, the keys for it, and the projects that are reached with them."""

    endpoint: str
    keys: FoundCredentials | ReconcilerError
    projects: tuple[str, ...]


def examine(root: Path, flags: Flags) -> tuple[Finding, ...]:
    """Every check that can be made; settings that cannot be read leave git alone to look at."""
    try:
        workspace = open_workspace(root, flags)
    except ReconcilerError as wrong:
        return (checkup.error("settings", wrong.summary, wrong.advice), _git(root))
    repository = load_repository(workspace)
    findings = [_settings(workspace), _manifests(repository)]
    for account in _accounts(workspace, repository):
        findings += _account(workspace, account)
    return (*findings, *_state(workspace), _git(workspace.root))


def _settings(workspace: Workspace) -> Finding:
    settings = workspace.settings
    told = [
        f"{name} {value} ({settings.sources[name]})"
        for name, value in (
            ("project", settings.project or "none"),
            ("endpoint", settings.endpoint),
            ("state", settings.state),
        )
    ]
    return checkup.ok("settings", "; ".join(told))


def _manifests(repository: Repository) -> Finding:
    name = "manifests"
    if not repository.has_folder:
        return checkup.warning(
            name, "there is no signatures/ here", "Check --root, or start with `reconciler init`."
        )
    errors = sum(each.severity is Severity.ERROR for each in repository.problems)
    if errors:
        return checkup.warning(
            name,
            f"{repository.count}, with {errors} {plural(errors, 'error')}",
            "`reconciler validate` names each of them.",
        )
    return checkup.ok(name, f"{repository.count}, all sound")


def _accounts(workspace: Workspace, repository: Repository) -> Iterator[_Account]:
    """The main one, unless all that there is belongs to projects with their own."""
    settings, own = workspace.settings, {each.id for each in workspace.settings.projects}
    named = {settings.project, *(each.project for each in repository.desired)}
    wanted = sorted(each for each in named if each)
    main = _found(partial(credentials, workspace.flags, os.environ, Path.home()))
    rest = tuple(each for each in wanted if each not in own)
    if rest or not wanted:
        yield _Account(endpoint=settings.endpoint, keys=main, projects=rest)
    for project in settings.projects:
        keys = _found(partial(credentials_of, project, os.environ))
        yield _Account(
            endpoint=project.endpoint or settings.endpoint,
            keys=main if keys is None else keys,
            projects=(project.id,),
        )


def _account(workspace: Workspace, account: _Account) -> Iterator[Finding]:
    keys = account.keys
    yield checkup.proxy(account.endpoint, get_environ_proxies(account.endpoint))
    try:
        probed = probe(
            account.endpoint,
            _NOBODY if isinstance(keys, ReconcilerError) else keys.credentials,
            _PROBE,
            encoding=Encoding(workspace.settings.encoding),
            timeout=min(workspace.settings.timeout, _SECONDS),
        )
    except ReconcilerError as wrong:
        yield checkup.error("connection", wrong.summary, wrong.advice)
        return
    reached = checkup.connection(account.endpoint, probed.outcome, probed.seconds)
    yield reached
    if reached.level is not Level.ERROR:
        yield checkup.tls(account.endpoint)
        yield checkup.clock(probed.date, now())
    if isinstance(keys, ReconcilerError):
        yield checkup.error("credentials", keys.summary, keys.advice)
        return
    yield checkup.account(probed.outcome, keys.source)
    for text in keys.warnings:
        yield checkup.warning("credentials", text)
    if isinstance(probed.outcome, Answer):
        yield from _projects(probed.outcome, account)


def _projects(answer: Answer, account: _Account) -> Iterator[Finding]:
    try:
        found = ReadOnlyUsms(_Answered(answer)).projects()
    except ServiceError as nonsense:
        yield checkup.error("project", nonsense.summary, nonsense.advice)
        return
    listed = [Listed(id=each.id, name=each.name, is_default=each.is_default) for each in found]
    yield checkup.project(account.projects, listed)


@dataclass(frozen=True, slots=True)
class _Answered:
    """Stands where a gateway would, with the one answer that there is already."""

    answer: Answer

    def call(self, action: str, parameters: Parameters, *, idempotent: bool) -> Answer:  # noqa: ARG002 - a caller's signature
        return self.answer


def _state(workspace: Workspace) -> Iterator[Finding]:
    name, url = "state", workspace.settings.state
    try:
        store = open_store(workspace)
        records, begun = store.load(), store.intents()
    except ReconcilerError as wrong:
        yield checkup.error(name, wrong.summary, wrong.advice)
        return
    yield checkup.ok(name, f"{url} has {len(records)} {plural(len(records), 'record')}")
    if begun:
        yield checkup.warning(
            name,
            f"{len(begun)} {plural(len(begun), 'application')} without a known end",
            "The next apply looks for what became of it before it applies for anything.",
        )
    if isinstance(parse(url), FileUrl) and os.environ.get("CI"):
        yield checkup.warning(
            name,
            "a directory of this runner, which the next run does not see",
            'Set state = "git:", which keeps the records in the repository\'s own remote.',
        )


def _git(root: Path) -> Finding:
    name = "git"
    try:
        ran = run(["--version"], cwd=_somewhere(root), environment=scrubbed(os.environ))
    except GitError as wrong:
        return checkup.warning(name, wrong.summary, "Only the state git: and --since need it.")
    version = ran.out.decode(errors="replace").strip()
    found = head(_somewhere(root))
    if found is None:
        return checkup.warning(
            name,
            f"{version}; no commit is checked out here",
            "Keep the manifests in git: records then say from which commit they were sent.",
        )
    return checkup.ok(name, f"{version}, at {found[:12]}")


def _somewhere(root: Path) -> Path:
    return root if is_folder(root) else Path()


def _found(look: Callable[[], T]) -> T | ReconcilerError:
    try:
        return look()
    except ReconcilerError as wrong:
        return wrong
