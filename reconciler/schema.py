"""Holds manifests against `schemas/signature.schema.json`, the one source of their shape."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from reconciler.manifests import Manifest, problem
from reconciler.problems import Problem
from reconciler.resources import schema_path
from reconciler.shape.engines import engine
from reconciler.shape.predicate import Predicate, Schema
from reconciler.yamltext.faults import Fault, first

if TYPE_CHECKING:  # loaded on the first check: importing jsonschema takes a while
    from jsonschema import ValidationError
    from jsonschema.protocols import Validator

    from reconciler.shape.explain import Violation

SIGNATURE_SCHEMA = "signature.schema.json"


def check(manifest: Manifest, surely_valid: Predicate | None = None) -> tuple[Problem, ...]:
    """Everything in the manifest that the schema does not allow, each finding once.

    `surely_valid` comes from `verdicts`, for whoever has many manifests.
    """
    if (surely_valid or verdicts())(manifest.data):
        return ()
    found = first(_findings(manifest))
    return tuple(problem(each, name=manifest.name, path=manifest.path) for each in found)


@lru_cache(maxsize=2)
def verdicts(*, count: int = 1) -> Predicate:
    """Who says at once whether data is surely valid, for about `count` manifests."""
    return engine(_schema(), count=count)


def _findings(manifest: Manifest) -> Iterator[Fault]:
    from reconciler.shape.explain import explain

    seen: set[Fault] = set()
    for violation in _violations(manifest.data):
        for fault in explain(violation, manifest):
            if fault not in seen:
                seen.add(fault)
                yield fault


def _violations(data: Any) -> Iterator[Violation]:
    from reconciler.shape.explain import Violation

    for error in _validator().iter_errors(data):
        yield Violation(
            path=tuple(error.absolute_path),
            value=error.instance,
            keyword=str(error.validator),
            wanted=error.validator_value,
            subschema=error.schema,
        )


@lru_cache(maxsize=1)
def _schema() -> Schema:
    schema: Schema = json.loads(schema_path(SIGNATURE_SCHEMA).read_text(encoding="utf-8"))
    return schema


@lru_cache(maxsize=1)
def _validator() -> Validator:
    from jsonschema import Draft202012Validator, FormatChecker
    from jsonschema.validators import extend

    own = {"uniqueItems": _unique_items}
    linear: type[Validator] = extend(Draft202012Validator, own)  # type: ignore[no-untyped-call] # its stub has no annotations
    return linear(_schema(), format_checker=FormatChecker(formats=("date",)))


def _unique_items(_: object, wanted: bool, items: Any, __: object) -> Iterator[ValidationError]:
    """As the keyword says, for text; anything else in the list is not an id, and `type` says so.

    jsonschema's own compares every item with every other where a list mixes types, which takes
    minutes on a hostile file.
    """
    from jsonschema import ValidationError

    texts = [item for item in items if isinstance(item, str)] if isinstance(items, list) else []
    if wanted and len(set(texts)) != len(texts):
        yield ValidationError("the list repeats an item")
