"""The predicate refuses a schema that it does not understand whole."""

from __future__ import annotations

from typing import Any

import pytest

from reconciler.shape.predicate import UnknownKeywordError, predicate


@pytest.mark.parametrize(
    "schema",
    [
        {"dependentRequired": {"a": ["b"]}},
        {"type": "number"},
        {"type": ["string", "integer"]},
        {"const": 1},
        {"enum": ["a", 1]},
        {"format": "email"},
        {"additionalProperties": {"type": "string"}},
        {"$ref": "https://example.com/schema"},
        {"properties": {"a": {"minimum": 1}}},
    ],
)
def test_a_word_or_a_value_that_it_does_not_know_is_an_error(schema: dict[str, Any]) -> None:
    with pytest.raises(UnknownKeywordError):
        predicate(schema)


@pytest.mark.parametrize(
    ("schema", "good", "bad"),
    [
        ({"minLength": 2}, "ab", "a"),
        ({"minLength": 2}, 1, "a"),
        ({"items": {"type": "string"}}, ["a"], [True]),
        ({"uniqueItems": True}, ["a", "b"], ["a", "a"]),
        ({"required": ["a"]}, {"a": 1}, {}),
        ({"required": ["a"]}, "no mapping", {"b": 1}),
        (
            {"properties": {"a": {"const": True}}, "additionalProperties": False},
            {"a": True},
            {"b": 1},
        ),
        ({"items": {"type": "string"}, "minItems": 1}, "no list", []),
        ({"format": "date"}, "2026-02-28", "2026-02-30"),
        ({"format": "date"}, True, "20260228"),
        ({"format": "date"}, "2026-12-31", "2026-W53-4"),
        ({"anyOf": [{"type": "string"}, {"type": "boolean"}]}, True, []),
        ({"oneOf": [{"minLength": 1}, {"minLength": 3}]}, "ab", "abc"),
        ({"if": {"type": "string"}, "then": {"minLength": 2}}, [], "a"),
        ({"if": {"type": "string"}, "else": {"type": "boolean"}}, True, []),
        ({"$ref": "#/$defs/x", "$defs": {"x": {"type": "object"}}}, {}, []),
        ({}, None, NotImplemented),
    ],
)
def test_it_says_what_each_of_its_words_means(
    schema: dict[str, Any], good: object, bad: object
) -> None:
    is_valid = predicate(schema)
    assert is_valid(good)
    assert is_valid(bad) is (schema == {})
