"""Parser events to plain values, with the place of every key and value.

PyYAML's own composer and constructor are not used: they read YAML 1.1, keep the last of two equal
keys without a word, build objects from tags, and recurse as deep as the text likes. Its event
parser (C where libyaml is there, else Python) knows the grammar and nothing more.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from typing import Any

import yaml
from yaml import events as ev

from reconciler.problems import NOT_YAML, Position
from reconciler.wording import quoted
from reconciler.yamltext.composed import Composed, Value
from reconciler.yamltext.faults import MAX_FAULTS, Fault, more
from reconciler.yamltext.scalars import Scalar, resolve
from reconciler.yamltext.syntax import syntax_fault

MAX_DEPTH = 16
"""A manifest needs two levels; the bound keeps this composer and all its readers off the stack."""
MAX_PARTS = 65_536
"""Keys and values of one file; a list of as many ids does not fit into its size anyway. The
bound keeps a file of brackets and commas from taking seconds.
"""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_SURROGATE = re.compile("[\ud800-\udfff]")


def compose(text: str) -> Composed:
    """Read the one document of a decoded text. Never raises for any text."""
    composer = _Composer(text)
    data: Value = None
    try:
        data = composer.document()
    except _EnoughError:
        pass
    except (yaml.MarkedYAMLError, ValueError, OverflowError) as error:
        # The pure-Python parser lets chr() complain about an escape beyond the last character.
        composer.faults.append(syntax_fault(error, text, composer.reached()))
    return Composed(data=data, spans=composer.spans, faults=tuple(composer.faults))


class _EnoughError(Exception):
    """There is no use in reading on; the faults say why."""


class _Composer:
    """Walks the events once; what it may not pass over silently goes to `faults`."""

    def __init__(self, text: str) -> None:
        self._events: Iterator[ev.Event] = yaml.parse(text, Loader=_LOADER)
        self._event: ev.Event
        self.spans = array("I")
        self.faults: list[Fault] = []

    def reached(self) -> Position:
        """Where the last event was that the parser could make."""
        return _position(self._event)

    def document(self) -> Value:
        self._next()  # the stream starts
        start = self._next()
        if isinstance(start, ev.StreamEndEvent):
            return None
        self._check_directives(start)
        data = self._value(self._next(), 0)
        self._next()  # the document ends
        self._check_end(self._next())
        return data

    def _next(self) -> ev.Event:
        self._event = event = next(self._events)
        return event

    def _value(self, event: ev.Event, depth: int) -> Value:
        if isinstance(event, ev.ScalarEvent):
            self._record(event)
            return self._scalar(event)
        if isinstance(event, ev.CollectionStartEvent):
            return self._collection(event, depth)
        alias = "*" + str(getattr(event, "anchor", ""))  # nothing else begins a node
        summary = f"aliases such as {quoted(alias)} are not allowed"
        self._fault(event, summary, "Write the value itself.")
        return None

    def _scalar(self, event: ev.ScalarEvent) -> Scalar:
        self._check_extras(event)
        text = event.value
        if event.implicit[0]:
            return resolve(text)
        if _SURROGATE.search(text):  # libyaml refuses such an escape, the Python parser does not
            self._fault(event, "half of a surrogate pair", "Write the character itself.")
        return text

    def _collection(self, event: ev.CollectionStartEvent, depth: int) -> Value:
        self._check_extras(event)
        if depth == MAX_DEPTH:
            self._fault(event, f"more than {MAX_DEPTH} levels of nesting", "Write fewer levels.")
            raise _EnoughError
        span = self._record(event)
        if isinstance(event, ev.MappingStartEvent):
            return self._mapping(span, depth)
        return self._sequence(span, depth)

    def _sequence(self, span: int, depth: int) -> list[Value]:
        items: list[Value] = []
        while not isinstance(event := self._next(), ev.SequenceEndEvent):
            items.append(self._value(event, depth + 1))
        self._close(span, event)
        return items

    def _mapping(self, span: int, depth: int) -> dict[str, Value]:
        data: dict[str, Value] = {}
        keys: dict[str, ev.Event] = {}
        while not isinstance(event := self._next(), ev.MappingEndEvent):
            key = self._key(event, depth)
            value = self._value(self._next(), depth + 1)
            if key in keys:
                self._duplicate(key, event, keys[key])
            elif key is not None:
                keys[key] = event
                data[key] = value
        self._close(span, event)
        return data

    def _key(self, event: ev.Event, depth: int) -> str | None:
        """Keys are taken by their spelling: `no`, `true` and `12` are names like any other."""
        self._value(event, depth + 1)
        if isinstance(event, ev.ScalarEvent):
            return event.value
        if isinstance(event, ev.CollectionStartEvent):
            self._fault(event, "a key is not a plain word", "Write a name before the colon.")
        return None

    def _record(self, event: ev.Event) -> int:
        span = len(self.spans)
        if span == 4 * MAX_PARTS:
            summary = f"more than {MAX_PARTS} keys and values"
            self._fault(event, summary, "One file describes one signature.")
            raise _EnoughError
        self.spans.extend(_numbers(event))
        return span

    def _close(self, span: int, event: Any) -> None:
        """A bracket ends its collection; one by indentation ends where its last part does."""
        bracket = event.start_mark.index != event.end_mark.index
        end = array("I", _numbers(event)[2:]) if bracket else self.spans[-2:]
        self.spans[span + 2 : span + 4] = end

    def _check_directives(self, event: ev.Event) -> None:
        if isinstance(event, ev.DocumentStartEvent) and (event.tags or event.version):
            advice = "Delete the lines that begin with %; a manifest is always YAML 1.2."
            self._fault(event, "directives are not used in manifests", advice)

    def _check_end(self, event: ev.Event) -> None:
        if isinstance(event, ev.DocumentStartEvent):
            advice = "One file describes one signature: move this part to a file of its own."
            self._fault(event, "a second document begins here", advice)

    def _check_extras(self, event: ev.ScalarEvent | ev.CollectionStartEvent) -> None:
        """Anchors and tags give a value a meaning that a reviewer of its line may not see."""
        if event.anchor is not None:
            what = f"anchors such as {quoted(f'&{event.anchor}')} are not allowed"
            self._fault(event, what, "Delete it.")
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            what = f"tags such as {quoted(tag)} are not allowed"
            self._fault(event, what, "Delete it; what is to be text goes in quotes.")

    def _duplicate(self, key: str, event: ev.Event, earlier: ev.Event) -> None:
        first = _position(earlier)
        summary = f"the key {quoted(key)} stands twice: first on line {first.line}"
        self._fault(event, summary, "Delete one of the two.")

    def _fault(self, event: ev.Event, summary: str, detail: str) -> None:
        fault = Fault(rule=NOT_YAML, summary=summary, detail=detail, position=_position(event))
        self.faults.append(fault)
        if len(self.faults) == MAX_FAULTS:
            self.faults.append(more(fault))
            raise _EnoughError


def _numbers(event: Any) -> tuple[int, int, int, int]:
    # The marks are optional only in the constructors of the events; a parser always sets them.
    start, end = event.start_mark, event.end_mark
    return (start.line + 1, start.column + 1, end.line + 1, end.column + 1)


def _position(event: ev.Event) -> Position:
    line, column, end_line, end_column = _numbers(event)
    return Position(line=line, column=column, end_line=end_line, end_column=end_column)
