"""The keys: from a profile that a flag names, from the environment, or from the active profile."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.errors import CredentialsError
from reconciler.gateway.credentials import Credentials
from reconciler.settings import environment, profiles
from reconciler.settings.environment import PRIVATE_KEY, PUBLIC_KEY, SECURITY_TOKEN
from reconciler.settings.profile_files import ProfileFile, config_file, credential_file
from reconciler.settings.values import Flags, ProjectSettings

_CONSOLE = "https://console.ucloud.cn/uapi/apikey"


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundCredentials:
    """The keys, and what a person should know about them."""

    credentials: Credentials
    source: str
    """Where they came from, for people; never any part of them."""
    warnings: tuple[str, ...] = ()


def credentials(flags: Flags, environ: Mapping[str, str], home: Path) -> FoundCredentials:
    """The first complete pair of keys; a pair is never put together from two places.

    Raises `CredentialsError`, which names every place that was looked in, when there is none or
    half a pair, and `UsageError` for a profile that does not exist.
    """
    files = _Files(environ, home)
    named = profiles.requested(flags, environ)
    if named is not None:
        profiles.must_exist(named, (files.credential, files.config))
    places: tuple[Callable[[], FoundCredentials | None], ...] = (
        lambda: _from_profile(files, flags.profile, environ),
        lambda: _from_environment(environ),
        lambda: _from_profile(files, named or profiles.active(files.config()), environ),
    )
    found = next(filter(None, (place() for place in places)), None)
    if found is None:
        raise _nothing(files, named)
    return found


def credentials_of(project: ProjectSettings, environ: Mapping[str, str]) -> FoundCredentials | None:
    """The project's own keys, None where it uses those of all others.

    Raises `CredentialsError` where a variable that its settings name is not set.
    """
    names = (project.public_key_env, project.private_key_env)
    if None in names:
        return None
    public, private = (environment.get(environ, name or "") for name in names)
    token = environment.get(environ, project.security_token_env or "")
    if public is None or private is None:
        missing = " and ".join(
            str(name) for name, value in zip(names, (public, private), strict=True) if value is None
        )
        raise CredentialsError(
            f"there are no credentials for the project {project.name} ({project.id})",
            f"Set {missing}, which [tool.reconciler.projects.{project.name}] names.",
        )
    return FoundCredentials(
        credentials=Credentials(public_key=public, private_key=private, security_token=token),
        source=f"environment ({', '.join(str(name) for name in names)})",
    )


class _Files:
    """Both profile files, each read once and only when somebody asks."""

    def __init__(self, environ: Mapping[str, str], home: Path) -> None:
        self._environ, self._home = environ, home
        self._read: dict[str, ProfileFile] = {}

    def config(self) -> ProfileFile:
        """Projects and endpoints."""
        if "config" not in self._read:
            self._read["config"] = config_file(self._environ, self._home)
        return self._read["config"]

    def credential(self) -> ProfileFile:
        """Keys."""
        if "credential" not in self._read:
            self._read["credential"] = credential_file(self._environ, self._home)
        return self._read["credential"]


def _from_environment(environ: Mapping[str, str]) -> FoundCredentials | None:
    pair = {name: environment.get(environ, name) for name in (PUBLIC_KEY, PRIVATE_KEY)}
    public, private = pair.values()
    if public is not None and private is not None:
        token = environment.get(environ, SECURITY_TOKEN)
        keys = Credentials(public_key=public, private_key=private, security_token=token)
        return FoundCredentials(credentials=keys, source="environment")
    if public is None and private is None:
        return None
    missing, present = sorted(pair, key=lambda name: pair[name] is not None)
    raise CredentialsError(f"{present} is set, but {missing} is not", "Set both, or neither.")


def _from_profile(
    files: _Files, name: str | None, environ: Mapping[str, str]
) -> FoundCredentials | None:
    if name is None:
        return None
    file = files.credential()
    profile = file.named(name)
    if profile is None:
        return None
    public, private = file.text(profile, "public_key"), file.text(profile, "private_key")
    if public is None or private is None:
        return None
    token = file.text(profile, "security_token")
    return FoundCredentials(
        credentials=Credentials(public_key=public, private_key=private, security_token=token),
        source=f"profile {name} in {file.shown}",
        warnings=tuple(_warnings(file, environ)),
    )


def _warnings(file: ProfileFile, environ: Mapping[str, str]) -> Iterator[str]:
    if file.world_readable:
        yield f"{file.shown} can be read by every user of this machine: chmod 600 {file.shown}"
    if environment.get(environ, SECURITY_TOKEN) is not None:
        yield f"{SECURITY_TOKEN} is not used, since the keys come from {file.shown}"


def _nothing(files: _Files, named: str | None) -> CredentialsError:
    name = named or profiles.active(files.config())
    looked = (
        f"Looked in the environment: {PUBLIC_KEY} and {PRIVATE_KEY} are not set.",
        f"Looked in {files.credential().shown}: {_why_not(files.credential(), name)}.",
        f"Set {PUBLIC_KEY} and {PRIVATE_KEY}, or put both keys into a profile of that file.",
        f"Keys are made at {_CONSOLE}",
    )
    return CredentialsError("there are no credentials", "\n".join(looked))


def _why_not(file: ProfileFile, name: str) -> str:
    if not file.exists:
        return "there is no such file"
    if file.named(name) is not None:
        return f"its profile {name} lacks a public_key or a private_key"
    names = ", ".join(file.names)
    if not names:
        return "it holds no profile"
    return f"it has no profile {name}; choose one with --profile or UCLOUD_PROFILE: {names}"
