"""Where this installation came from, so that a pipeline can install the same."""

from __future__ import annotations

import json
import re
from importlib.metadata import PackageNotFoundError, distribution
from typing import Any

_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_NAME = "reconciler[documents]"
"""With the extra that looks into documents."""
_USER_INFO = re.compile(r"(?<=://)[^/@\s]+@")


def requirement(name: str = "reconciler") -> str | None:
    """What pip is told to install: a git repository at one commit.

    None where it was not installed from git: a name alone could be anybody's.
    """
    try:
        text = distribution(name).read_text("direct_url.json")
    except PackageNotFoundError:
        return None
    return None if text is None else from_record(text)


def from_record(text: str) -> str | None:
    """The same from `direct_url.json` (PEP 610), which pip writes beside what it installs."""
    try:
        record: Any = json.loads(text)
        found, url = record["vcs_info"], record["url"]
        kind, commit = found["vcs"], found["commit_id"]
    except (ValueError, TypeError, KeyError):
        return None
    if kind != "git" or not isinstance(url, str) or not isinstance(commit, str):
        return None
    known = url.startswith("https://") and _COMMIT.fullmatch(commit)
    return f"{_NAME} @ git+{_USER_INFO.sub('', url)}@{commit}" if known else None
