"""One check a kind of value: from whatever was written to what the program works with."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import NoReturn, cast, get_args
from urllib.parse import urlsplit

from reconciler.errors import UsageError
from reconciler.settings.values import Encoding

_MOST_PARALLEL = 256
_DAY = 86_400
_SHOWN = 60
_ENCODINGS: tuple[str, ...] = get_args(Encoding)


class UnfitError(UsageError):
    """A value that does not fit; the summary goes on where the setting's name ends."""


def project(value: object) -> str:
    """A project id: text without spaces."""
    if not isinstance(value, str) or not _is_word(value):
        _unfit("a project id such as org-xxxxxx", value)
    return value


def endpoint(value: object) -> str:
    """An http or https URL, without a slash at its end."""
    if not isinstance(value, str) or not _is_word(value):
        _unfit("a URL such as https://api.sms.ucloud.cn", value)
    if "@" in value:
        # It may hold a password, so it is not repeated here.
        raise UnfitError("must be a URL without a user name or password", "Remove what is before @")
    try:
        parts = urlsplit(value)
        fits = parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0
    except ValueError:
        fits = False
    if not fits or parts.query or parts.fragment:
        _unfit("an http or https URL such as https://api.sms.ucloud.cn", value)
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path.rstrip('/')}"


def max_submissions(value: object) -> int:
    """How much one run may do: a whole number, 0 for nothing."""
    return _whole(value, 0, None, "a whole number, 0 or more")


def parallelism(value: object) -> int:
    """How many requests at once."""
    return _whole(value, 1, _MOST_PARALLEL, f"a whole number from 1 to {_MOST_PARALLEL}")


def requests_per_second(value: object) -> float:
    """A rate, above 0."""
    return _number(value, math.inf, "a number above 0")


def timeout(value: object) -> float:
    """Seconds for one request, up to a day."""
    return _number(value, _DAY, f"a number of seconds above 0, at most {_DAY}")


def encoding(value: object) -> Encoding:
    """How parameters are sent."""
    if value not in _ENCODINGS:
        _unfit("json or form", value, nearest(str(value).lower(), _ENCODINGS))
    return cast("Encoding", value)


def state(value: object) -> str:
    """A URL that a backend understands."""
    if not isinstance(value, str):
        _unfit("a URL such as file:.reconciler/state", value)
    from reconciler.state.url import parse  # 1.5 ms, and most keep to the default

    try:
        parse(value)
    except UsageError as error:
        raise UnfitError(error.summary, error.advice) from None
    return value


def table(value: object) -> Mapping[str, object]:
    """A TOML table."""
    if not isinstance(value, Mapping):
        _unfit("a table", value)
    return value


def nearest(word: str, words: tuple[str, ...]) -> str:
    """`Did you mean …?`, or nothing when nothing is near."""
    from difflib import get_close_matches  # costs milliseconds, and only a mistake needs it

    found = get_close_matches(word, words, n=1)
    return f"Did you mean {found[0]}?" if found else ""


def _is_word(text: str) -> bool:
    return bool(text) and text.isprintable() and not any(map(str.isspace, text))


def _whole(value: object, least: int, most: int | None, wanted: str) -> int:
    # In Python, True is a 1; in a settings file it is a mistake.
    if not isinstance(value, int) or isinstance(value, bool):
        _unfit(wanted, value)
    if value < least or (most is not None and value > most):
        _unfit(wanted, value)
    return value


def _number(value: object, most: float, wanted: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        _unfit(wanted, value)
    if not (0 < value <= most and value < math.inf):
        _unfit(wanted, value)
    return float(value)


def _unfit(wanted: str, value: object, advice: str = "") -> NoReturn:
    raise UnfitError(f"must be {wanted}, not {_shown(value)}", advice)


def _shown(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
