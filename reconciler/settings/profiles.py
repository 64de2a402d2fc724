"""Which profile counts, and the settings in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from reconciler.errors import UsageError
from reconciler.settings import environment
from reconciler.settings.layers import Candidate, Layer
from reconciler.settings.profile_files import Profile, ProfileFile
from reconciler.settings.values import Flags

_DEFAULT = "default"
"""What UCloud's tools call the first profile; it counts when none is marked as active."""
_SETTINGS = {"project": "project_id", "endpoint": "base_url", "timeout": "timeout_sec"}
_UNSET = frozenset({None, "", 0})
"""What the tools write for a value that was never given."""


def requested(flags: Flags, environ: Mapping[str, str]) -> str | None:
    """The profile that the user names, by flag or by variable."""
    return flags.profile or environment.get(environ, environment.PROFILE)


def active(config: ProfileFile) -> str:
    """The profile that counts when none is named. Raises `UsageError` where several are active."""
    names = [str(each["profile"]) for each in config.profiles if each.get("active") is True]
    if len(names) > 1:
        raise UsageError(
            f"{config.shown}: {len(names)} profiles are active: {', '.join(names)}",
            "Choose one with --profile or UCLOUD_PROFILE, or leave one of them active.",
        )
    return names[0] if names else _DEFAULT


def must_exist(name: str, files: Iterable[Callable[[], ProfileFile]]) -> None:
    """Raise `UsageError`, naming the profiles there are, unless one of the files has `name`."""
    names: list[str] = []
    for load in files:
        names.extend(load().names)
        if name in names:
            return
    known = ", ".join(dict.fromkeys(names))
    advice = f"There are: {known}." if known else "There are no profiles in ~/.ucloud."
    raise UsageError(f"there is no profile {name!r}", advice)


def layer(config: ProfileFile, name: str) -> Layer:
    """The settings in the profile of that name; none when it is not there."""
    profile = config.named(name)
    return {} if profile is None else dict(_candidates(config, profile, name))


def _candidates(
    config: ProfileFile, profile: Profile, name: str
) -> Iterator[tuple[str, Candidate]]:
    source = f"profile {name} in {config.shown}"
    for key, theirs in _SETTINGS.items():
        value = profile.get(theirs)
        if not isinstance(value, list | dict) and value in _UNSET:
            continue
        yield key, Candidate(value=value, source=source)
