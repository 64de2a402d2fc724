"""UCloud's own environment variables. One that is empty counts as not set."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from reconciler.settings.layers import Candidate, Layer

PUBLIC_KEY = "UCLOUD_PUBLIC_KEY"
PRIVATE_KEY = "UCLOUD_PRIVATE_KEY"
SECURITY_TOKEN = "UCLOUD_SECURITY_TOKEN"  # noqa: S105 - the variable's name, not a secret
"""Ours: UCloud documents the parameter for temporary keys, but no variable for it."""
PROFILE = "UCLOUD_PROFILE"
CONFIG_FILE = "UCLOUD_SHARED_CONFIG_FILE"
CREDENTIAL_FILE = "UCLOUD_SHARED_CREDENTIAL_FILE"
REGION = "UCLOUD_REGION"
"""Known and without effect: SMS signatures belong to no region."""

_SETTINGS = {
    "project": "UCLOUD_PROJECT_ID",
    "endpoint": "UCLOUD_API_BASE_URL",
    "timeout": "UCLOUD_TIMEOUT_SECOND",
}
_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


def get(environ: Mapping[str, str], name: str) -> str | None:
    """The variable's text without spaces around it: a secret store often adds a line's end."""
    return environ.get(name, "").strip() or None


def layer(environ: Mapping[str, str]) -> Layer:
    """The settings among the variables."""
    return dict(_candidates(environ))


def _candidates(environ: Mapping[str, str]) -> Iterator[tuple[str, Candidate]]:
    for key, name in _SETTINGS.items():
        text = get(environ, name)
        if text is not None:
            value = _number(text) if key == "timeout" else text
            yield key, Candidate(value=value, source=name)


def _number(text: str) -> float | str:
    """A number, or the text as it is, for which the check then has the right words."""
    return float(text) if _NUMBER.fullmatch(text) else text
