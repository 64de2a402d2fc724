"""The settings that a repository keeps: `[tool.reconciler]`, or reconciler.toml."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from reconciler.errors import UsageError
from reconciler.regular import read_regular
from reconciler.settings.checks import nearest
from reconciler.settings.layers import Candidate, Layer

_MAX_BYTES = 1024 * 1024
"""More than any settings need."""

KEYS = (
    "project",
    "endpoint",
    "max_submissions",
    "parallelism",
    "requests_per_second",
    "timeout",
    "encoding",
    "state",
    "rules",
    "projects",
)
_FILES = (("pyproject.toml", ("tool", "reconciler")), ("reconciler.toml", ()))
_PLACE = re.compile(r" \(at (?:line ([0-9]+), column ([0-9]+)|end of document)\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    """One file, and the table of ours in it."""

    name: str
    text: str
    path: tuple[str, ...]
    table: Mapping[str, object]

    def where(self, key: str) -> str:
        """`pyproject.toml:12:1`, or the file's name where the key cannot be found."""
        from reconciler.settings.toml_position import find

        place = find(self.text, (*self.path, key))
        return self.name if place is None else f"{self.name}:{place[0]}:{place[1]}"


def read(root: Path) -> tuple[Layer, tuple[UsageError, ...]]:
    """What the repository at `root` sets, and its unknown keys.

    Raises `UsageError` for a file that is not TOML, and where both files set something.
    """
    found = [_load(root / name, name, path) for name, path in _FILES]
    documents = [document for document in found if document is not None and document.table]
    if len(documents) > 1:
        names = " and ".join(name for name, _ in _FILES)
        raise UsageError(
            f"{names} both hold settings of reconciler",
            "Keep them in one of the two: [tool.reconciler] or reconciler.toml.",
        )
    layer: dict[str, Candidate] = {}
    problems: list[UsageError] = []
    for document in documents:
        layer.update(_candidates(document))
        problems.extend(_unknown(document))
    return layer, tuple(problems)


def _candidates(document: _Document) -> Iterator[tuple[str, Candidate]]:
    for key, value in document.table.items():
        if key in KEYS:
            locate = partial(document.where, key)
            yield key, Candidate(value=value, source=document.name, locate=locate)


_SECRET = frozenset({"private_key", "privatekey", "PrivateKey", "security_token", "secret"})
_ROTATE = (
    "Keys never stand in a repository: set UCLOUD_PRIVATE_KEY in the environment. What stood here "
    "counts as leaked: have the console make a new key."
)


def _unknown(document: _Document) -> Iterator[UsageError]:
    for key in document.table:
        if key not in KEYS:
            advice = nearest(key, KEYS) or f"There are: {', '.join(KEYS)}."
            if key in _SECRET:
                advice = _ROTATE
            yield UsageError(f"{document.where(key)}: there is no setting {key!r}", advice)


def _load(file: Path, name: str, path: tuple[str, ...]) -> _Document | None:
    try:
        data = read_regular(file, limit=_MAX_BYTES)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise UsageError(f"{name}: cannot be read: {error.strerror}") from error
    text = _decode(data, name)
    return _Document(
        name=name, text=text, path=path, table=_descend(_parse(text, name), path, name)
    )


def _decode(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        advice = "Save the file as UTF-8."
        raise UsageError(f"{name}:{line}: not UTF-8", advice) from error


def _parse(text: str, name: str) -> Mapping[str, object]:
    import tomllib  # 3 ms, of which those are free who keep everything in the environment

    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise UsageError(f"{name}: nested too deeply") from error
    except ValueError as error:  # of which the parser's own error is one, and a huge number another
        message = str(error)
        place = _PLACE.search(message)
        words = message if place is None else message[: place.start()]
        raise UsageError(f"{_at(name, text, place)}: not valid TOML: {words}") from error


def _at(name: str, text: str, place: re.Match[str] | None) -> str:
    if place is None:
        return name
    if place[1] is not None:
        return f"{name}:{place[1]}:{place[2]}"
    lines = text.split("\n")
    return f"{name}:{len(lines)}:{len(lines[-1]) + 1}"


def _descend(data: Mapping[str, object], path: tuple[str, ...], name: str) -> Mapping[str, object]:
    table: object = data
    for key in path:
        table = table.get(key, {}) if isinstance(table, Mapping) else {}
    if not isinstance(table, Mapping):
        raise UsageError(f"{name}: [{'.'.join(path)}] must be a table")
    return table
