"""Who agreed to an apply: a person at a terminal, `--yes`, or the reviewers of a plan."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reconciler.errors import RefusedError, UsageError
from reconciler.model import Proof
from reconciler.plan.refresh import Refresh
from reconciler.plan.staleness import ReviewedRow
from reconciler.regular import read_regular

_HEX = re.compile(r"[0-9a-f]{64}")
_COMMIT = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_MAJOR = "1"
_MAX_BYTES = 256 * 1024 * 1024
"""A plan of 100,000 rows has less."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """What somebody reviewed: the fingerprint, and where it came from for a saved plan."""

    fingerprint: str
    project: str | None = None
    endpoint: str | None = None
    rows: tuple[ReviewedRow, ...] | None = None
    """Those of a saved plan; None where only its fingerprint is known."""
    saved: bool = False
    since: str | None = None
    """The commit of a saved plan that is about what differs from it (`plan --since`)."""
    only: tuple[str, ...] = ()
    """The names that a saved plan is limited to (`plan --only`)."""
    refresh: Refresh = Refresh.ALL
    """About which signatures the service was asked for a saved plan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """`reviewed` is None where anything may be applied; `ask` asks a person first."""

    reviewed: Reviewed | None
    ask: bool

    @property
    def since(self) -> str | None:
        """The commit that limits what was agreed to."""
        return None if self.reviewed is None else self.reviewed.since

    @property
    def only(self) -> tuple[str, ...]:
        """The names that limit what was agreed to; none where nothing does."""
        return () if self.reviewed is None else self.reviewed.only

    @property
    def refresh(self) -> Refresh:
        """As for what was agreed to; an apply of a plan that asked nobody asks about everything."""
        partly = self.reviewed is not None and self.reviewed.refresh is Refresh.NEEDED
        return Refresh.NEEDED if partly else Refresh.ALL


def consent_of(*, yes: bool, plan: Path | None, fingerprint: str | None) -> Consent:
    """Read the flags before anything is asked of the service.

    Raises `UsageError` where nobody agreed and nobody can be asked.
    """
    if plan is not None and fingerprint is not None:
        raise UsageError("--plan and --fingerprint say the same thing", "Give one of them.")
    if plan is not None:
        return Consent(reviewed=read_plan(plan), ask=False)
    if fingerprint is not None:
        return Consent(reviewed=_fingerprint(fingerprint), ask=False)
    if not yes and (sys.stdin is None or not sys.stdin.isatty()):
        raise UsageError(
            "nobody can be asked here, since this is no terminal",
            "Give --yes, or better what was reviewed: --plan FILE or --fingerprint HEX.",
        )
    return Consent(reviewed=None, ask=not yes)


def read_plan(path: Path) -> Reviewed:
    """A plan saved by `plan --out`. Raises `RefusedError` where it is not one we can read."""
    try:
        document = json.loads(read_regular(path, limit=_MAX_BYTES))
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise _unreadable(path, "it is not JSON; was it cut off?") from None
    if not isinstance(document, dict):
        raise _unreadable(path, "it is not a plan")
    _check_version(path, document)
    fingerprint = document.get("fingerprint")
    if not isinstance(fingerprint, str) or not _HEX.fullmatch(fingerprint):
        raise _unreadable(path, "it has no fingerprint")
    return Reviewed(
        fingerprint=fingerprint,
        project=document.get("project"),
        endpoint=document.get("endpoint"),
        rows=_rows(path, document),
        saved=True,
        since=_since(path, document),
        only=_only(path, document),
        refresh=_refresh(path, document),
    )


def _since(path: Path, document: dict[str, Any]) -> str | None:
    """An apply of it is limited in the same way."""
    commit = document.get("since")
    if commit is not None and not (isinstance(commit, str) and _COMMIT.fullmatch(commit)):
        raise _unreadable(path, "the commit that it was compared with is none")
    return commit


def _refresh(path: Path, document: dict[str, Any]) -> Refresh:
    try:
        return Refresh(document.get("refresh", Refresh.ALL))
    except ValueError:
        raise _unreadable(path, "it does not say what the service was asked about") from None


def _only(path: Path, document: dict[str, Any]) -> tuple[str, ...]:
    """The same for its names."""
    names = document.get("only", [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise _unreadable(path, "the names that it is limited to are none")
    return tuple(names)


def _rows(path: Path, document: dict[str, Any]) -> tuple[ReviewedRow, ...]:
    """What the reviewers have seen, to be able to say what is different now."""
    try:
        return tuple(map(_row, document["changes"]))
    except (KeyError, TypeError, AttributeError):
        raise _unreadable(path, "its changes are not those of a plan") from None


def _row(change: dict[str, Any]) -> ReviewedRow:
    values = {diff["field"]: diff["after"] for diff in change["diff"]}
    values |= {each["role"]: _identity(each) for each in change["documents"]}
    return ReviewedRow(
        name=str(change["name"]),
        id=None if change["id"] is None else str(change["id"]),
        action=str(change["action"]),
        reason=str(change["reason"]),
        project=None if change.get("project") is None else str(change["project"]),
        sent={str(name): str(value) for name, value in values.items() if value is not None},
    )


def _identity(document: dict[str, Any]) -> str:
    """As the diff names a document: by its address, or by its content."""
    return Proof(url=document.get("url"), sha256=document["sha256"]).identity


def _check_version(path: Path, document: dict[str, Any]) -> None:
    version = document.get("format_version")
    if not isinstance(version, str):
        raise _unreadable(path, "it has no format_version")
    if version.partition(".")[0] != _MAJOR:
        raise _unreadable(path, f"its format {version} is not one that this version reads")


def _unreadable(path: Path, why: str) -> RefusedError:
    return RefusedError(
        f"{path}: {why}", "Make the plan again: reconciler plan --out FILE, and have it reviewed."
    )


def _fingerprint(text: str) -> Reviewed:
    if not _HEX.fullmatch(text):
        raise UsageError(
            f"--fingerprint {text}: a fingerprint is 64 hexadecimal digits in lower case",
            "Copy it whole from the plan.",
        )
    return Reviewed(fingerprint=text)
