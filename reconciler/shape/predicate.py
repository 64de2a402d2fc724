"""A JSON Schema as one function that says yes or no; who wants reasons asks jsonschema.

It knows the keywords that the schema of the manifests uses, as draft 2020-12 means them, and
refuses a schema with any other. Tests hold its verdicts and jsonschema's together. A manifest of
ten lines takes 10 µs instead of jsonschema's 300; and jsonschema, whose import takes 150 ms, need
not be imported where nothing is wrong.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

Schema = Mapping[str, Any]
Predicate = Callable[[Any], bool]

_NOTES = frozenset(
    {
        *("$schema", "$id", "$defs", "title", "description", "examples", "default"),
        *("enumDescriptions", "patternErrorMessage"),  # for editors
    }
)
"""What forbids nothing."""
_TYPES: Mapping[str, type] = {"string": str, "boolean": bool, "array": list, "object": dict}


class UnknownKeywordError(Exception):
    """The schema says something that is not understood here."""


def predicate(schema: Schema) -> Predicate:
    """Whether a value is valid. Raises `UnknownKeywordError`."""
    return _predicate(schema, schema)


def _predicate(schema: Schema, root: Schema) -> Predicate:
    """One check a group of keywords: merged, they take half the time of one check a keyword."""
    words = [word for word in schema if word not in _NOTES]
    for word in words:
        if word not in _GROUPS:
            raise UnknownKeywordError(word)
    return _every([build(schema, root) for build in dict.fromkeys(_GROUPS[w] for w in words)])


def _every(checks: Sequence[Predicate]) -> Predicate:
    if not checks:
        return lambda _: True
    first, *others = checks
    if not others:
        return first
    rest = _every(others)
    return lambda value: first(value) and rest(value)


def _type(schema: Schema, _: Schema) -> Predicate:
    wanted = schema["type"]
    words = [wanted] if isinstance(wanted, str) else wanted
    if not _TYPES.keys() >= set(words):
        raise UnknownKeywordError(wanted)  # numbers: to Python a truth value is one too
    types = tuple(_TYPES[word] for word in words)
    return lambda value: isinstance(value, types)


def _const(schema: Schema, _: Schema) -> Predicate:
    wanted = schema["const"]
    if not isinstance(wanted, str | bool):
        raise UnknownKeywordError(wanted)
    return lambda value: type(value) is type(wanted) and value == wanted


def _enum(schema: Schema, _: Schema) -> Predicate:
    words = frozenset(schema["enum"])
    if not all(isinstance(each, str) for each in words):
        raise UnknownKeywordError(words)
    return lambda value: isinstance(value, str) and value in words


def _text(schema: Schema, _: Schema) -> Predicate:
    least, most = schema.get("minLength", 0), schema.get("maxLength", sys.maxsize)
    search = re.compile(schema.get("pattern", "")).search

    def check(value: Any) -> bool:
        if not isinstance(value, str):
            return True
        return least <= len(value) <= most and search(value) is not None

    return check


def _format(schema: Schema, _: Schema) -> Predicate:
    if schema["format"] != "date":
        raise UnknownKeywordError(schema["format"])
    return lambda value: not isinstance(value, str) or _is_date(value)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return len(text) == len("2027-12-31") and text[4] == text[7] == "-"  # no week of a year


def _list(schema: Schema, root: Schema) -> Predicate:
    least, unique = schema.get("minItems", 0), schema.get("uniqueItems", False)
    item = _predicate(schema.get("items", {}), root)

    def check(value: Any) -> bool:
        if not isinstance(value, list):
            return True
        # Texts alone are compared, as `schema` does.
        texts = [each for each in value if isinstance(each, str)] if unique else []
        return len(value) >= least and len(set(texts)) == len(texts) and all(map(item, value))

    return check


def _mapping(schema: Schema, root: Schema) -> Predicate:
    known = {name: _predicate(each, root) for name, each in schema.get("properties", {}).items()}
    required = frozenset(schema.get("required", ()))
    is_open = schema.get("additionalProperties", True)
    if not isinstance(is_open, bool):
        raise UnknownKeywordError(is_open)

    def check(value: Any) -> bool:
        if not isinstance(value, dict):
            return True
        for name, each in value.items():
            allowed = known.get(name)
            if not (is_open if allowed is None else allowed(each)):
                return False
        return required <= value.keys()

    return check


def _ref(schema: Schema, root: Schema) -> Predicate:
    start, _, name = schema["$ref"].rpartition("/")
    if start != "#/$defs":
        raise UnknownKeywordError(schema["$ref"])
    return _predicate(root["$defs"][name], root)


def _all_of(schema: Schema, root: Schema) -> Predicate:
    return _every([_predicate(each, root) for each in schema["allOf"]])


def _any_of(schema: Schema, root: Schema) -> Predicate:
    choices = [_predicate(each, root) for each in schema["anyOf"]]
    return lambda value: any(choice(value) for choice in choices)


def _one_of(schema: Schema, root: Schema) -> Predicate:
    choices = [_predicate(each, root) for each in schema["oneOf"]]
    return lambda value: sum(choice(value) for choice in choices) == 1


def _if(schema: Schema, root: Schema) -> Predicate:
    test = _predicate(schema.get("if", {}), root)
    then, other = (_predicate(schema.get(word, {}), root) for word in ("then", "else"))
    return lambda value: then(value) if test(value) else other(value)


_GROUPS: Mapping[str, Callable[[Schema, Schema], Predicate]] = {
    "type": _type,
    "const": _const,
    "enum": _enum,
    **dict.fromkeys(("minLength", "maxLength", "pattern"), _text),
    "format": _format,
    **dict.fromkeys(("items", "minItems", "uniqueItems"), _list),
    **dict.fromkeys(("properties", "required", "additionalProperties"), _mapping),
    "$ref": _ref,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    **dict.fromkeys(("if", "then", "else"), _if),
}
