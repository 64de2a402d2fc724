"""What is wrong inside a string, field by field; the schema's patterns in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from reconciler.manifests import KeyPath
from reconciler.shape.suggest import day
from reconciler.wording import quoted

Reason = tuple[str, str]
"""What is wrong, as the rest of a sentence that begins with the field, and what to do."""

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_CONTROL_IN_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_UNSAFE_IN_ID = re.compile(r"[\s\x00-\x1f\x7f-\x9f/\\\"'`]")
_DRIVE = re.compile(r"[A-Za-z]:")
_BRACKETS = re.compile(r"[\[\]【】]")


_AS_IT_IS = "Copy the id from the console as it is."


def reasons(path: KeyPath, value: str) -> Iterator[Reason]:
    """Everything that the pattern of the field at `path` does not allow in `value`."""
    name = next(str(part) for part in reversed(path) if isinstance(part, str))
    yield from _REASONS.get(name, _text)(value)


def length(value: str, least: int, most: int | None) -> Reason:
    """For a value that has fewer than `least` or more than `most` characters."""
    if not value:
        return "is empty", "Write something between the quotes, or delete the line."
    if least <= 1:
        return f"has {len(value)} characters and may have at most {most}", _AS_IT_IS
    counting = "Every Chinese character, letter, digit or sign counts as one."
    many = "character" if len(value) == 1 else "characters"
    return f"has {len(value)} {many} and may have {least} to {most}", counting


def date(value: str) -> Reason:
    """For a value that is no day of the calendar, or is written in another way."""
    meant = day(value)
    example = meant if meant is not None and meant != value else "2027-12-31"
    return f"is not a day: {quoted(value)}", f"Write the day as YYYY-MM-DD, such as {example}."


def _content(value: str) -> Iterator[Reason]:
    if _BRACKETS.search(value):
        bare = _BRACKETS.sub("", value).strip()
        advice = f"Write {quoted(bare)}." if bare.isprintable() and bare else "Write the brand."
        yield "holds 【】 or []: leave them out, the service adds them", advice
    if _CONTROL.search(value):
        yield _control(_CONTROL, value)
    elif value != value.strip():
        yield "begins or ends with a blank", f"Write {quoted(value.strip())}."


def _id(value: str) -> Iterator[Reason]:
    first, *_ = _UNSAFE_IN_ID.findall(value)
    yield f"holds {quoted(first)}, which no id does", _AS_IT_IS


def _file(value: str) -> Iterator[Reason]:
    advice = "Write the path relative to this manifest, such as ../documents/licence.png."
    if value.startswith("/") or _DRIVE.match(value):
        yield f"is an absolute path: {quoted(value)}", advice
    if "\\" in value:
        yield "holds a backslash", f"Write {quoted(value.replace(chr(92), '/'))}."
    if _CONTROL.search(value):
        yield _control(_CONTROL, value)
    if value.endswith("/"):
        yield f"names a folder: {quoted(value)}", advice


def _url(value: str) -> Iterator[Reason]:
    advice = "Write the whole address, beginning with https:// or http://, without blanks."
    yield f"is not a web address: {quoted(value)}", advice


def _date(value: str) -> Iterator[Reason]:
    yield date(value)


def _text(value: str) -> Iterator[Reason]:
    if _CONTROL_IN_TEXT.search(value):
        yield _control(_CONTROL_IN_TEXT, value)
    else:
        yield "is empty", "Write at least a word, or delete the line."


def _control(pattern: re.Pattern[str], value: str) -> Reason:
    first, *_ = pattern.findall(value)
    advice = "Delete it, and write the value on one line."
    return f"holds the control character {quoted(first)}", advice


_REASONS: Mapping[str, Callable[[str], Iterator[Reason]]] = {
    "content": _content,
    "id": _id,
    "project": _id,
    "qualification": _id,
    "file": _file,
    "url": _url,
    "expires": _date,
}
