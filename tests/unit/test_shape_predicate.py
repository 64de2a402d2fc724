"""The predicate refuses a schema that it does not understand whole.

What each of its words means is held against jsonschema in `test_shape_engines`.
"""

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
