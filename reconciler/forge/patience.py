"""How long to wait before another try, as the forges' documentation asks for. Pure.

GitHub: `retry-after` where it is given; else, where `x-ratelimit-remaining` is 0, until
`x-ratelimit-reset` (seconds since 1970); else a minute at least, doubled each time. GitLab answers
429 with `Retry-After`, and calls the other two `RateLimit-…`.
"""

from __future__ import annotations

from collections.abc import Mapping

FORBIDDEN = 403
TOO_MANY = 429
_PASSING = frozenset({500, 502, 503, 504})
_MINUTE = 60.0
_REMAINING = ("x-ratelimit-remaining", "ratelimit-remaining")
_RESET = ("x-ratelimit-reset", "ratelimit-reset")
_SECONDARY = ("rate limit", "abuse detection")


def pause(
    status: int | None, headers: Mapping[str, str], message: str, *, attempt: int, now: float
) -> float | None:
    """Seconds until another try is welcome; None where none would help.

    `status` is None where no answer came. `headers` are found whatever their case. `attempt` counts
    from 0, `now` is in seconds since 1970.
    """
    if status is None or status in _PASSING:
        return _seconds(headers.get("retry-after")) or 2.0**attempt
    if not is_limit(status, headers, message):
        return None
    asked = _seconds(headers.get("retry-after"))
    if asked is not None:
        return asked
    reset = _seconds(_first(headers, _RESET))
    if _first(headers, _REMAINING) == "0" and reset is not None:
        return max(reset - now, 0.0) + 1.0
    return _MINUTE * 2.0**attempt


def is_limit(status: int, headers: Mapping[str, str], message: str) -> bool:
    """Whether the answer refuses for now alone; GitHub says 403 for that and for other things."""
    if status != FORBIDDEN:
        return status == TOO_MANY
    exhausted = _first(headers, _REMAINING) == "0"
    told = any(words in message.lower() for words in _SECONDARY)
    return exhausted or told or "retry-after" in headers


def _first(headers: Mapping[str, str], names: tuple[str, ...]) -> str | None:
    return next((headers[name] for name in names if name in headers), None)


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isascii() and text.isdigit() else None
