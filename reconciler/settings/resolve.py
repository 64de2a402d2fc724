"""Flags, environment, repository and profiles become the settings of one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

from reconciler.settings import checks, environment, profiles, repository
from reconciler.settings.layers import Candidate, Choice, Layer
from reconciler.settings.profile_files import config_file, credential_file
from reconciler.settings.projects import projects
from reconciler.settings.values import Flags, Settings

_DEFAULTS = Settings()


def resolve(root: Path, flags: Flags, environ: Mapping[str, str], home: Path) -> Settings:
    """The settings: flags win over environment, repository (`root`), profiles (`home`), defaults.

    Needs no credentials. Raises `UsageError` with everything that is wrong, and
    `CredentialsError` for a damaged profile file.
    """
    kept, unknown = repository.read(root)
    layers = (_flags(flags), environment.layer(environ), kept, _profile(flags, environ, home))
    choice = Choice(layers, unknown)
    settings = _settings(choice)
    choice.conclude()
    return settings


def _settings(choice: Choice) -> Settings:
    pick, default = choice.pick, _DEFAULTS
    found = Settings(
        project=pick("project", checks.project, default.project),
        endpoint=pick("endpoint", checks.endpoint, default.endpoint),
        max_submissions=pick("max_submissions", checks.max_submissions, default.max_submissions),
        parallelism=pick("parallelism", checks.parallelism, default.parallelism),
        requests_per_second=pick(
            "requests_per_second", checks.requests_per_second, default.requests_per_second
        ),
        timeout=pick("timeout", checks.timeout, default.timeout),
        encoding=pick("encoding", checks.encoding, default.encoding),
        state=pick("state", checks.state, default.state),
        rules=pick("rules", checks.table, default.rules),
        projects=pick("projects", projects, default.projects),
        sources=MappingProxyType(choice.sources),
    )
    return (
        found if found.project is None else replace(found, project=found.project_id(found.project))
    )


def _flags(flags: Flags) -> Layer:
    given = {field.name: getattr(flags, field.name) for field in fields(flags)}
    return {
        key: Candidate(value=value, source=f"--{key.replace('_', '-')}")
        for key, value in given.items()
        if value is not None
    }


def _profile(flags: Flags, environ: Mapping[str, str], home: Path) -> Layer:
    config = config_file(environ, home)
    named = profiles.requested(flags, environ)
    if named is not None:
        files = (lambda: config, partial(credential_file, environ, home))
        profiles.must_exist(named, files)
    return profiles.layer(config, named or profiles.active(config))
