"""The files of UCloud's own tools: JSON lists of profiles in ~/.ucloud."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from reconciler.errors import CredentialsError
from reconciler.settings import environment

_ADVICE = "It should be a JSON list of profiles, as UCloud's own tools write it."
Profile = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileFile:
    """One file; without any profile when there is no such file."""

    shown: str
    """How messages call the file."""
    exists: bool
    world_readable: bool
    """Every user of this machine can read it; False where the system has no such modes."""
    profiles: tuple[Profile, ...] = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The profiles' names, in the file's order."""
        return tuple(str(profile["profile"]) for profile in self.profiles)

    def named(self, name: str) -> Profile | None:
        """The profile of that name; like UCloud's own tools, the last of several."""
        found = [profile for profile in self.profiles if profile["profile"] == name]
        return found[-1] if found else None

    def text(self, profile: Profile, key: str) -> str | None:
        """A text of a profile; None when it is absent or empty, as the tools write it."""
        value = profile.get(key)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            name = profile["profile"]
            raise CredentialsError(f"{self.shown}: {key} of profile {name} must be text", _ADVICE)
        return value.strip() or None


def config_file(environ: Mapping[str, str], home: Path) -> ProfileFile:
    """Projects and endpoints. Raises `CredentialsError` when it is damaged."""
    return _open(environ, home, environment.CONFIG_FILE, "config.json")


def credential_file(environ: Mapping[str, str], home: Path) -> ProfileFile:
    """Keys. Raises `CredentialsError` when it is damaged; the message has no part of it."""
    return _open(environ, home, environment.CREDENTIAL_FILE, "credential.json")


def _open(environ: Mapping[str, str], home: Path, variable: str, name: str) -> ProfileFile:
    chosen = environment.get(environ, variable)
    shown = f"~/.ucloud/{name}" if chosen is None else chosen
    path = home / shown.removeprefix("~/") if shown.startswith("~/") else Path(shown)
    try:
        with path.open("rb") as file:
            mode, data = os.fstat(file.fileno()).st_mode, file.read()
    except FileNotFoundError:
        return _absent(shown, variable if chosen else None)
    except OSError as error:
        raise CredentialsError(f"{shown}: cannot be read: {error.strerror}") from error
    return ProfileFile(
        shown=shown,
        exists=True,
        world_readable=os.name == "posix" and bool(mode & stat.S_IROTH),
        profiles=_profiles(_parse(data, shown), shown),
    )


def _absent(shown: str, variable: str | None) -> ProfileFile:
    """Nobody needs to have the usual files; one that a variable names must be there."""
    if variable is not None:
        raise CredentialsError(f"{shown}: there is no such file", f"{variable} names it.")
    return ProfileFile(shown=shown, exists=False, world_readable=False, profiles=())


def _parse(data: bytes, shown: str) -> object:
    # Raised outside of `except`: the parser's errors carry the whole text, and so the keys in it.
    problem = f"{shown}: not valid JSON"
    try:
        return json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        problem = f"{shown}:{error.lineno}:{error.colno}: not valid JSON: {error.msg}"
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = f"{shown}:{line}: not UTF-8"
    except (ValueError, RecursionError):  # a number too long, or nested too deeply
        problem = f"{shown}: not valid JSON"
    raise CredentialsError(problem, _ADVICE)


def _profiles(value: object, shown: str) -> tuple[Profile, ...]:
    if not isinstance(value, list):
        raise CredentialsError(f"{shown}: not a list of profiles", _ADVICE)
    return tuple(_profile(entry, number, shown) for number, entry in enumerate(value, start=1))


def _profile(entry: object, number: int, shown: str) -> Profile:
    if not isinstance(entry, dict) or not isinstance(entry.get("profile"), str):
        raise CredentialsError(f'{shown}: profile {number} of the list has no "profile"', _ADVICE)
    return entry
