"""YAML text to data with line and column; nothing here knows what a signature is."""

from __future__ import annotations

import codecs
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reconciler.problems import NOT_YAML, WRONG_SHAPE, Position, Problem, Severity
from reconciler.yamltext import plain
from reconciler.yamltext.decode import decode
from reconciler.yamltext.faults import Fault

if TYPE_CHECKING:
    from reconciler.yamltext.composed import Composed

KeyPath = tuple[str | int, ...]
"""The way from the root to a value: keys of mappings, indexes (from 0) of lists."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Manifest:
    """One file, read as YAML 1.2; its data is plain and has not been held against any shape.

    Two manifests are never equal (`eq=False`): the places are looked up by identity.
    """

    name: str
    """The signature's name: the path below `signatures/` without its ending."""
    path: str
    """Relative to the root, with forward slashes."""
    data: Mapping[str, object]
    raw: bytes = field(repr=False)
    """The source. It takes half of the memory that its text takes where it holds Chinese."""
    spans: array[int] | None = field(repr=False)
    """Packed places, as `yamltext.compose` records them; read `positions` instead.

    None where the text was read without recording them. Ten thousand manifests are held in memory
    at once, and hardly anybody asks for places.
    """

    @property
    def text(self) -> str:
        """The decoded source without a byte-order mark; its lines end in LF, CRLF or CR."""
        return self.raw.removeprefix(codecs.BOM_UTF8).decode("utf-8")

    @property
    def positions(self) -> Mapping[KeyPath, Position]:
        """Where every value stands, the root included, under `()`."""
        return _places(self)[0]

    @property
    def key_positions(self) -> Mapping[KeyPath, Position]:
        """Where every key stands, under the path of its value."""
        return _places(self)[1]

    def locate(self, *path: str | int) -> Position:
        """Where the value stands; its key if the value is empty; else the nearest key around."""
        values, keys = _places(self)
        where = values.get(path)
        if where is not None and not _is_empty(where):
            return where
        while path and path not in keys:
            path = path[:-1]
        return keys[path] if path else values[()]

    def line(self, key: str) -> int:
        """The line of the value of one of the manifest's own keys."""
        if self.spans is not None:
            return self.locate(key).line
        # A text read without places has one key a line, and its own keys are not set in.
        text = b"\n" + self.raw.removeprefix(codecs.BOM_UTF8)
        before = text.partition(f"\n{key}:".encode())[0]
        return before.count(b"\n") + 1

    def source(self, *path: str | int) -> str:
        """The value as it is written, if it stands on one line; else its first line."""
        where = self.positions[path]
        line = _lines(self.text)[where.line - 1] if not _is_empty(where) else ""
        end = where.end_column - 1 if where.end_line == where.line else len(line)
        return line[where.column - 1 : end]


def simple(raw: bytes) -> dict[str, Any] | None:
    """What a manifest's bytes say, where that is plain; None where `parse` has to look closer."""
    text = decode(raw)
    return None if isinstance(text, tuple) else plain.read(text)


def parse(
    raw: bytes, *, name: str, path: str, said: Mapping[str, object] | None = None
) -> Manifest | tuple[Problem, ...]:
    """Read a manifest's bytes, or tell every reason why they cannot be read. Never raises.

    `said` is for whoever has asked `simple` already.
    """
    if said is not None:
        return Manifest(name=name, path=path, data=said, raw=raw, spans=None)
    text = decode(raw)
    if isinstance(text, tuple):
        return tuple(problem(fault, name=name, path=path) for fault in text)
    data = plain.read(text)
    if data is not None:
        return Manifest(name=name, path=path, data=data, raw=raw, spans=None)
    composed = _compose(text)
    found, spans = composed.data, composed.spans
    faults = composed.faults or _root_faults(found, spans)
    if faults or not isinstance(found, dict):
        return tuple(problem(fault, name=name, path=path) for fault in faults)
    return Manifest(name=name, path=path, data=found, raw=raw, spans=spans)


def _compose(text: str) -> Composed:
    from reconciler.yamltext.compose import compose  # loads yaml, which few manifests need

    return compose(text)


def problem(fault: Fault, *, name: str, path: str) -> Problem:
    """The fault as a problem of one manifest."""
    return Problem(
        severity=Severity.ERROR,
        rule=fault.rule,
        summary=fault.summary,
        detail=fault.detail,
        name=name,
        path=path,
        position=fault.position,
    )


def _root_faults(data: object, spans: array[int]) -> tuple[Fault, ...]:
    advice = "Write one `key: value` a line, beginning with `content`, `type` and `purpose`."
    if data is None:
        return (Fault(rule=NOT_YAML, summary="the file is empty", detail=advice),)
    if isinstance(data, dict):
        return ()
    where = _position(spans, 0)
    summary = "a manifest is a mapping of keys to values"
    return (Fault(rule=WRONG_SHAPE, summary=summary, detail=advice, position=where),)


class _Positions(Mapping[KeyPath, Position]):
    """Packed places by path; a `Position` is made only when one is asked for."""

    def __init__(self, spans: array[int], offsets: Mapping[KeyPath, int]) -> None:
        self._spans = spans
        self._offsets = offsets

    def __getitem__(self, path: KeyPath) -> Position:
        return _position(self._spans, self._offsets[path])

    def __iter__(self) -> Iterator[KeyPath]:
        return iter(self._offsets)

    def __len__(self) -> int:
        return len(self._offsets)


@lru_cache(maxsize=64)
def _places(manifest: Manifest) -> tuple[_Positions, _Positions]:
    values: dict[KeyPath, int] = {}
    keys: dict[KeyPath, int] = {}
    for index, (is_key, path) in enumerate(_walk(manifest.data, ())):
        (keys if is_key else values)[path] = index * 4
    spans = _compose(manifest.text).spans if manifest.spans is None else manifest.spans
    return _Positions(spans, values), _Positions(spans, keys)


@lru_cache(maxsize=4)
def _lines(text: str) -> list[str]:
    # Kept, since every problem of a large manifest may ask for a line of it.
    return text.splitlines()


def _walk(data: object, path: KeyPath) -> Iterator[tuple[bool, KeyPath]]:
    """Whether it is a key, and its path, for each key and value in the order of the text."""
    yield False, path
    if isinstance(data, dict):
        for key, value in data.items():
            yield True, (*path, key)
            yield from _walk(value, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _walk(value, (*path, index))


def _position(spans: array[int], offset: int) -> Position:
    line, column, end_line, end_column = spans[offset : offset + 4]
    return Position(line=line, column=column, end_line=end_line, end_column=end_column)


def _is_empty(where: Position) -> bool:
    return (where.line, where.column) == (where.end_line, where.end_column)
