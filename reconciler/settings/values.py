"""What can be set: the settings that a run works with, and the flags that override them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

Encoding = Literal["json", "form"]

DEFAULT_ENDPOINT = "https://api.sms.ucloud.cn"
"""The one that UCloud recommends for SMS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSettings:
    """A project with a service or an account of its own."""

    name: str
    """What the settings call it."""
    id: str
    endpoint: str | None = None
    """None is the one of all others."""
    public_key_env: str | None = None
    """Names the environment variable; None is the account of all others."""
    private_key_env: str | None = None
    security_token_env: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything but the keys, complete and checked."""

    project: str | None = None
    """None leaves it to the manifests, and then to the service's default project."""
    endpoint: str = DEFAULT_ENDPOINT
    """An http or https URL without a slash at its end."""
    max_submissions: int = 20
    parallelism: int = 8
    """Requests under way at once."""
    requests_per_second: float | None = None
    """None is no cap."""
    timeout: float = 60.0
    """Seconds for one request."""
    encoding: Encoding = "json"
    state: str = "file:.reconciler/state"
    """A URL; see `reconciler.state.url`."""
    rules: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    """The raw table; the rules give it its meaning."""
    projects: tuple[ProjectSettings, ...] = ()
    """Those that are not like the others."""
    sources: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """By the name of a setting, where its value came from, for people."""

    def project_id(self, word: str) -> str:
        """The id that a manifest's `project` means: the id itself, or the settings' name for it."""
        return next((each.id for each in self.projects if each.name == word), word)

    @property
    def endpoints(self) -> Mapping[str, str]:
        """By the project's id, each endpoint that is not `endpoint`."""
        return {each.id: each.endpoint for each in self.projects if each.endpoint is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Flags:
    """What the command line said; None is a flag that was not given. Never a secret."""

    profile: str | None = None
    project: str | None = None
    endpoint: str | None = None
    max_submissions: int | None = None
    parallelism: int | None = None
    requests_per_second: float | None = None
    timeout: float | None = None
    encoding: str | None = None
    state: str | None = None


NO_FLAGS = Flags()
