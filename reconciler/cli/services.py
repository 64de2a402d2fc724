"""The clients of a run: one for each service or account that the settings name."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, TypeVar

from reconciler.cli.console import warn
from reconciler.errors import CredentialsError
from reconciler.gateway.encodings import Encoding
from reconciler.gateway.gateway import Gateway
from reconciler.settings.credentials import FoundCredentials, credentials, credentials_of

if TYPE_CHECKING:
    from reconciler.cli.workspace import Workspace
    from reconciler.settings.values import ProjectSettings

C = TypeVar("C")


class Clients:
    """Opens gateways; close it to close them."""

    def __init__(self, workspace: Workspace, stop: Event, stack: ExitStack) -> None:
        self._workspace = workspace
        self._stop = stop
        self._stack = stack
        self._found: FoundCredentials | CredentialsError | None = None

    def main(self) -> Gateway:
        """The one of every project that is like the others. Raises `CredentialsError`."""
        return self._open(self._workspace.settings.endpoint, self._main_keys())

    def own(self, project: ProjectSettings) -> Gateway:
        """The one of a project that is not. Raises `CredentialsError`."""
        keys = credentials_of(project, os.environ) or self._main_keys()
        return self._open(project.endpoint or self._workspace.settings.endpoint, keys)

    def _main_keys(self) -> FoundCredentials:
        """Looked for once, and warned about once."""
        if self._found is None:
            try:
                self._found = credentials(self._workspace.flags, os.environ, Path.home())
            except CredentialsError as error:
                self._found = error
            else:
                for text in self._found.warnings:
                    warn(text)
        if isinstance(self._found, CredentialsError):
            raise self._found
        return self._found

    def _open(self, endpoint: str, keys: FoundCredentials) -> Gateway:
        settings = self._workspace.settings
        gateway = Gateway(
            endpoint,
            keys.credentials,
            encoding=Encoding(settings.encoding),
            timeout=settings.timeout,
            parallelism=settings.parallelism,
            requests_per_second=settings.requests_per_second,
            stop=self._stop,
        )
        return self._stack.enter_context(gateway)


@contextmanager
def clients(workspace: Workspace, stop: Event) -> Iterator[Clients]:
    """The clients while the block runs."""
    with ExitStack() as stack:
        yield Clients(workspace, stop, stack)


def routes(
    workspace: Workspace,
    opened: Clients,
    *,
    use: Callable[[Gateway], C],
    closed: Callable[[CredentialsError], C],
) -> tuple[C, Mapping[str, C]]:
    """What serves most projects, and by its id what serves each of the others.

    Raises `CredentialsError` where there are no keys and no project has some of its own.
    """
    projects = workspace.settings.projects

    def usable(open_gateway: Callable[[], Gateway]) -> C:
        try:
            return use(open_gateway())
        except CredentialsError as error:
            if not projects:
                raise
            return closed(error)

    own = {each.id: usable(lambda each=each: opened.own(each)) for each in projects}  # type: ignore[misc] # mypy cannot infer a lambda with a default
    return usable(opened.main), own
