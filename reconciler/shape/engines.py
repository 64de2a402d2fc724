"""Who says whether data is valid: jsonschema-rs where that pays, else our own predicate."""

from __future__ import annotations

from importlib.util import find_spec

from reconciler.shape.predicate import Predicate, Schema, UnknownKeywordError, predicate

MANY = 3000
"""From here on the 8 µs that jsonschema-rs saves a manifest are worth its import (25 ms)."""


def engine(schema: Schema, *, count: int = 1) -> Predicate:
    """Whether data is surely valid, for some `count` of manifests.

    A no decides nothing: jsonschema is asked then, and has the last word. So two engines that
    understand a regular expression differently can make a run slower, never its result another.
    """
    if count >= MANY and find_spec("jsonschema_rs") is not None:
        return _in_rust(schema)
    try:
        return predicate(schema)
    except UnknownKeywordError:
        return lambda _: False


def _in_rust(schema: Schema) -> Predicate:
    import jsonschema_rs

    return jsonschema_rs.validator_for(dict(schema), validate_formats=True).is_valid
