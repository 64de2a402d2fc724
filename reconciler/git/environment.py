"""The variables that git runs with: nothing in the user's shell bends what it does for us."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

Pairs = Iterable[tuple[str, str]]

_KEPT = frozenset(
    {
        # How to reach a server, and where git and its settings are installed.
        "GIT_ALLOW_PROTOCOL",
        "GIT_ASKPASS",
        "GIT_CEILING_DIRECTORIES",
        "GIT_CONFIG_GLOBAL",
        "GIT_CONFIG_NOSYSTEM",
        "GIT_CONFIG_SYSTEM",
        "GIT_EXEC_PATH",
        "GIT_PROXY_COMMAND",
        "GIT_SSH",
        "GIT_SSH_COMMAND",
        "GIT_SSH_VARIANT",
    }
)
_COUNTED = ("GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_")
_KEPT_BEGINNINGS = (*_COUNTED, "GIT_HTTP_", "GIT_SSL_")
_NOT_OURS = ("GIT_", "LC_")
_FIXED = {
    "GIT_TERMINAL_PROMPT": "0",  # nobody may be there to answer
    "GIT_OPTIONAL_LOCKS": "0",
    "LC_ALL": "C",  # messages are read by this program too
    "LANGUAGE": "",
}
_OURS = (
    ("core.hooksPath", os.devnull),
    ("gc.autoDetach", "false"),  # nothing of ours goes on behind our back
    ("maintenance.autoDetach", "false"),
)


def scrubbed(environ: Mapping[str, str]) -> dict[str, str]:
    """Without GIT_DIR and the like, which a hook or a shell may have set for another repository."""
    kept = {name: value for name, value in environ.items() if not name.startswith(_NOT_OURS)}
    kept |= {
        name: value
        for name, value in environ.items()
        if name in _KEPT or name.startswith(_KEPT_BEGINNINGS)
    }
    return kept | _FIXED


def confined(environ: Mapping[str, str], settings: Pairs, *, alone: bool) -> dict[str, str]:
    """For a repository of our own: `settings`, then ours.

    `alone` leaves out every settings file: whatever the user's files say is in `settings` already,
    and saying it twice would send a header or ask a credential helper twice.
    """
    variables = scrubbed(environ)
    if alone:
        for name in [name for name in variables if name.startswith("GIT_CONFIG_")]:
            del variables[name]
        variables |= {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    given = int(variables.get("GIT_CONFIG_COUNT", "0"))
    return variables | _numbered([*settings, *_OURS], given)


def _numbered(pairs: list[tuple[str, str]], first: int) -> dict[str, str]:
    variables = {"GIT_CONFIG_COUNT": str(first + len(pairs))}
    for number, (key, value) in enumerate(pairs, start=first):
        variables[f"GIT_CONFIG_KEY_{number}"] = key
        variables[f"GIT_CONFIG_VALUE_{number}"] = value
    return variables
