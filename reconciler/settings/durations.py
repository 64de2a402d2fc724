"""How long, as a person types it."""

from __future__ import annotations

import re

from reconciler.errors import UsageError

_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION = re.compile("".join(f"(?:(?P<{unit}>[0-9]{{1,9}}){unit})?" for unit in _UNITS))
_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")


def seconds(text: str, *, what: str) -> float:
    """The seconds in `90`, `45s`, `30m`, `2h`, `1h30m` or `2d`.

    Raises `UsageError`, which calls the value `what` (such as `--timeout`).
    """
    if _SECONDS.fullmatch(text):
        return float(text)
    match = _DURATION.fullmatch(text)
    if not text or match is None:
        raise UsageError(
            f"{what} must be a duration, not {text!r}", "Write it as 90s, 30m, 2h, 1h30m or 2d."
        )
    return float(sum(int(match[unit] or 0) * length for unit, length in _UNITS.items()))
