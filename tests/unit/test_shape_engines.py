"""The quick verdict on a manifest's data, held against jsonschema's, whoever gives it."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from reconciler.resources import schema_path
from reconciler.schema import SIGNATURE_SCHEMA
from reconciler.shape import engines
from reconciler.shape.engines import MANY, engine
from reconciler.shape.predicate import predicate

SIGNATURE: dict[str, Any] = json.loads(schema_path(SIGNATURE_SCHEMA).read_text(encoding="utf-8"))
VALID = {
    "id": "SIG1",
    "content": "优刻得科技",
    "type": "company",
    "purpose": "self-use",
    "certificate": {"file": "../documents/licence.png", "expires": "2027-12-31"},
}
SCHEMAS: list[dict[str, Any]] = [
    {},
    {"title": "Anything"},
    {"type": "string"},
    {"type": ["string", "boolean"]},
    {"type": "array", "items": {"type": "string"}, "minItems": 1, "uniqueItems": True},
    {"const": True},
    {"const": "a"},
    {"enum": ["a", "b"]},
    {"minLength": 1, "maxLength": 2},
    {"pattern": "^a"},
    {"format": "date"},
    {"required": ["a"]},
    {"properties": {"a": {"type": "string"}}},
    {"properties": {"a": {"type": "string"}}, "additionalProperties": False},
    {"allOf": [{"minLength": 1}, {"pattern": "a"}]},
    {"anyOf": [{"type": "boolean"}, {"pattern": "a"}]},
    {"oneOf": [{"pattern": "a"}, {"pattern": "b"}]},
    {"if": {"pattern": "a"}, "then": {"minLength": 2}, "else": {"maxLength": 1}},
    {"if": {"required": ["a"]}, "then": {"required": ["b"]}},
    {"$ref": "#/$defs/short", "$defs": {"short": {"maxLength": 1}}},
]
TEXTS = st.sampled_from(["", "a", "b", "ab", "ba", "xyz", "2027-12-31", "2027-02-29", "2027-W01-1"])
VALUES = st.recursive(
    TEXTS | st.booleans() | st.none() | st.integers(0, 1) | st.floats(0, 1),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=4,
)
OF_A_LIST = st.lists(TEXTS, max_size=3)


def strictly(schema: dict[str, Any]) -> Draft202012Validator:
    return Draft202012Validator(schema, format_checker=FormatChecker(formats=("date",)))


@pytest.mark.parametrize("schema", SCHEMAS, ids=json.dumps)
@given(value=VALUES | OF_A_LIST)
def test_each_keyword_means_what_jsonschema_says(schema: dict[str, Any], value: object) -> None:
    assert predicate(schema)(value) is strictly(schema).is_valid(value)


class TestTheEngine:
    def test_for_a_few_manifests_is_our_own(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Importing jsonschema-rs for them would take longer than it saves."""
        monkeypatch.setitem(sys.modules, "jsonschema_rs", None)  # importing it would fail
        is_valid = engine(SIGNATURE, count=MANY - 1)
        assert is_valid(VALID)
        assert not is_valid({**VALID, "type": "compny"})

    def test_for_many_says_the_same(self) -> None:
        few, many = engine(SIGNATURE), engine(SIGNATURE, count=MANY)
        wrong = [
            {**VALID, "type": "compny"},
            {**VALID, "certificate": {"file": "../a.png", "expires": "2027-02-29"}},
            {**VALID, "id": ["SIG1", "SIG1"]},
            {},
            [],
        ]
        for is_valid in (few, many):
            assert is_valid(VALID)
            assert not any(map(is_valid, wrong))

    def test_for_many_is_our_own_where_the_extra_is_not_installed(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "jsonschema_rs", None)
        monkeypatch.setattr(engines, "find_spec", lambda _: None)
        assert engine(SIGNATURE, count=MANY)(VALID)

    def test_of_a_schema_that_is_not_understood_leaves_everything_to_jsonschema(self) -> None:
        is_valid = engine({"type": "number"})
        assert is_valid(1) is False
