"""What `doctor` makes of what it finds: one small function a check. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from reconciler.gateway.answers import Answer
from reconciler.gateway.setback import Setback

_SKEW = 60.0
"""Seconds by which a clock may be wrong before anybody is told."""
_LISTED = 20
"""Projects that are listed at most."""


class Level(StrEnum):
    """How one check ended."""

    OK = "ok"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the report."""

    name: str
    """What was looked at."""
    level: Level
    summary: str
    advice: str = ""
    """What to do about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A project that the keys can use."""

    id: str
    name: str
    is_default: bool


def summarise(findings: Iterable[Finding]) -> Mapping[str, int]:
    """How many at each level, every level named."""
    counts = Counter(finding.level for finding in findings)
    return {level.value: counts[level] for level in Level}


def ok(name: str, summary: str) -> Finding:
    """Nothing to do."""
    return Finding(name=name, level=Level.OK, summary=summary)


def warning(name: str, summary: str, advice: str = "") -> Finding:
    """It works, but somebody should look at it."""
    return Finding(name=name, level=Level.WARNING, summary=summary, advice=advice)


def error(name: str, summary: str, advice: str = "") -> Finding:
    """Something will not work."""
    return Finding(name=name, level=Level.ERROR, summary=summary, advice=advice)


def connection(endpoint: str, outcome: Answer | Setback, seconds: float) -> Finding:
    """Whether the service answers there; one that refuses has answered too."""
    name = "connection"
    if isinstance(outcome, Setback) and outcome.code is None:
        reached = "" if outcome.status is None else f"{endpoint} does not answer as the service: "
        return error(name, f"{reached}{outcome.summary}", outcome.advice)
    return ok(name, f"{endpoint} answers, in {seconds * 1000:.0f} ms")


def tls(endpoint: str) -> Finding:
    """Whether anybody on the way can listen, once it is known that somebody answers."""
    name, parts = "tls", urlsplit(endpoint)
    if parts.scheme == "https":
        return ok(name, "the service's certificate is trusted")
    if _is_loopback(parts.hostname or ""):
        return ok(name, "not used, and not needed: the service is on this machine")
    return warning(
        name,
        "not used, so that anybody on the way can read the documents",
        "Use https, unless this is the endpoint inside your own VPC.",
    )


def proxy(endpoint: str, proxies: Mapping[str, str]) -> Finding:
    """Through whom the requests go; a password in its address is not shown."""
    parts = urlsplit(endpoint)
    address = proxies.get(parts.scheme) or proxies.get("all")
    if not address:
        return ok("proxy", "none")
    found = urlsplit(address if "//" in address else f"//{address}")
    shown = found.hostname or "an address that cannot be read"
    return ok("proxy", f"requests go through {shown}{_port(found.netloc)}")


def clock(service: datetime | None, ours: datetime) -> Finding:
    """Whether this machine and the service agree on the time."""
    if service is None:
        return ok("clock", "the service does not say what time it is")
    skew = (ours - service).total_seconds()
    if abs(skew) <= _SKEW:
        return ok("clock", "agrees with the service's")
    direction = "ahead of" if skew > 0 else "behind"
    return warning(
        "clock",
        f"this machine is {abs(skew):.0f} s {direction} the service",
        "Let it set its clock from the network: certificates, dates and waiting times hang on it.",
    )


def account(outcome: Answer | Setback, source: str) -> Finding:
    """Whether the service takes the keys."""
    name = "credentials"
    if isinstance(outcome, Answer):
        return ok(name, f"from {source}; the service takes them")
    if outcome.hopeless and outcome.code is not None:
        return error(name, f"from {source}; {outcome.summary}", outcome.advice)
    # Throttled, or out of order: that says nothing about the keys.
    why = "" if outcome.code is None else f": {outcome.summary}"
    advice = "" if outcome.code is None else outcome.advice
    return warning(name, f"from {source}; nobody could ask the service about them{why}", advice)


def project(wanted: Sequence[str], listed: Sequence[Listed]) -> Finding:
    """Whether the keys can use the projects that the settings and manifests name."""
    name, known = "project", {each.id for each in listed}
    if not listed:
        return error(name, "these keys can use no project", "Ask the account's owner for one.")
    if not wanted:
        return error(
            name,
            f"none is configured; these keys can use {_list(listed)}",
            "Choose one: set UCLOUD_PROJECT_ID, or `project` in pyproject.toml.",
        )
    missing = [each for each in wanted if each not in known]
    if missing:
        return error(
            name,
            f"these keys cannot use {', '.join(missing)}; they can use {_list(listed)}",
            "Correct the id, or ask the account's owner for the project.",
        )
    return ok(name, f"{', '.join(wanted)}: these keys can use {_them(wanted)}")


def _them(wanted: Sequence[str]) -> str:
    return "it" if len(wanted) == 1 else "them"


def _list(listed: Sequence[Listed]) -> str:
    shown = [
        f"{each.id} ({each.name}{', the default' if each.is_default else ''})"
        for each in listed[:_LISTED]
    ]
    more = len(listed) - len(shown)
    return ", ".join([*shown, *([f"and {more} more"] if more else [])])


def _port(netloc: str) -> str:
    _, colon, port = netloc.rpartition("@")[2].rpartition(":")
    return f":{port}" if colon and port.isdigit() else ""


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
