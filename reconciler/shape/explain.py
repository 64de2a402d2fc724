"""One schema violation, told in the manifest's own words; one function a schema keyword.

Nothing here depends on the library that found the violation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reconciler.manifests import KeyPath, Manifest
from reconciler.shape import strings
from reconciler.shape.fields import beginning, fault, field, kind, source
from reconciler.shape.keys import missing_key, unknown_key
from reconciler.shape.suggest import name_for_number, nearest, truth
from reconciler.wording import listed, quoted
from reconciler.yamltext.faults import Fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    """What does not fit: `value` at `path` of a manifest breaks one keyword of a subschema."""

    path: KeyPath
    value: Any
    keyword: str
    wanted: Any
    """What the keyword says in the schema."""
    subschema: Any
    """The object of the schema in which the keyword stands."""


def explain(violation: Violation, manifest: Manifest) -> Iterator[Fault]:
    """Everything that one violation says about the manifest; several may say the same."""
    return _KEYWORDS[violation.keyword](manifest, violation)


def _type(manifest: Manifest, broken: Violation) -> Iterator[Fault]:
    path, value = broken.path, broken.value
    where = manifest.locate(*path)
    if value is None and not manifest.source(*path):
        detail = "Write its value after the colon, or delete the line."
        yield fault(where, f"{field(path)} is empty", detail)
    elif broken.wanted == "object":
        part = f"file: {value}" if isinstance(value, str) else "file: path"
        detail = f"Write {quoted(part)} on a line of its own below it, set in by two spaces."
        yield fault(where, f"{field(path)} must be a mapping, not {kind(value)}", detail)
    elif broken.wanted == "boolean":
        yield _not_boolean(manifest, broken)
    elif isinstance(value, list | dict):
        what = "text" if broken.wanted == "string" else "an id or a list of ids"
        summary = f"{field(path)} must be {what}, not {kind(value)}"
        yield fault(where, summary, f"Write {what} in its place.")
    else:
        yield _unquoted(manifest, path, value)


def _not_boolean(manifest: Manifest, broken: Violation) -> Fault:
    meant = truth(broken.value)
    words = "`true` or `false`" if meant is None else f"`{str(meant).lower()}`"
    summary = f"{field(broken.path)} must be true or false, not {kind(broken.value)}"
    return fault(manifest.locate(*broken.path), summary, f"Write {words}, without quotes.")


def _unquoted(manifest: Manifest, path: KeyPath, value: object) -> Fault:
    written = source(manifest, path)
    meaning = "means nothing" if value is None else f"is {kind(value)}"
    what = f"{field(path)} must be text, and {written} {meaning}"
    detail = "YAML takes unquoted numbers, true, false and null for what they look like."
    if value is None:
        detail = "Or delete the line, if nothing is meant."
    return fault(manifest.locate(*path), f'{what}: write "{written}" in quotes', detail)


def _enum(manifest: Manifest, broken: Violation) -> Iterator[Fault]:
    path, value, choices = broken.path, broken.value, broken.wanted
    number = name_for_number(str(path[-1]), value)
    meant = nearest(value, choices) if isinstance(value, str) else None
    if number is not None:
        summary = f"{field(path)} takes a name, not the service's number: use {number}"
    elif meant is not None:
        summary = f"{field(path)} cannot be {quoted(value)}: did you mean {quoted(meant)}?"
    elif not manifest.source(*path):
        summary = f"{field(path)} is empty"
    else:
        summary = f"{field(path)} cannot be {_shown(manifest, broken)}"
    yield fault(manifest.locate(*path), summary, f"It is one of {listed(choices)}.")


def _shown(manifest: Manifest, broken: Violation) -> str:
    if isinstance(broken.value, list | dict):
        return kind(broken.value)
    return quoted(manifest.source(*broken.path))


def _required(manifest: Manifest, broken: Violation) -> Iterator[Fault]:
    for name in broken.wanted:
        if name not in broken.value:
            # Only one purpose asks for a letter, so that its value is what to look at.
            asks = name == "authorization"
            where = manifest.locate("purpose") if asks else beginning(manifest)
            yield fault(where, *missing_key(name))


def _unknown(manifest: Manifest, broken: Violation) -> Iterator[Fault]:
    known = list(broken.subschema["properties"])
    for key in broken.value:
        if key not in known:
            where = manifest.key_positions[(*broken.path, key)]
            yield fault(where, *unknown_key(key, known, at_top=not broken.path))


def _length(manifest: Manifest, broken: Violation) -> Iterator[Fault]:
    words, detail = strings.length(
        broken.value, broken.subschema["minLength"], broken.subschema.get("maxLength")
    )
    yield fault(manifest.locate(*broken.path), f"{field(broken.path)} {words}", detail)


def _pattern(manifest: Manifest, broken: Violation) -> Iterator[Fault]:
    for words, detail in strings.reasons(broken.path, broken.value):
        yield fault(manifest.locate(*broken.path), f"{field(broken.path)} {words}", detail)


def _no_items(manifest: Manifest, broken: Violation) -> Iterator[Fault]:
    detail = "Write the ids, or delete the line while the signature has not been applied for."
    summary = f"{field(broken.path)} is an empty list"
    yield fault(manifest.locate(*broken.path), summary, detail)


def _repeated(manifest: Manifest, broken: Violation) -> Iterator[Fault]:
    seen: dict[str, int] = {}
    for index, item in enumerate(broken.value):
        if isinstance(item, str) and seen.setdefault(item, index) != index:
            first = manifest.locate(*broken.path, seen[item])
            what = f"{field(broken.path)} names {quoted(item)} twice"
            summary = f"{what}: first on line {first.line}, column {first.column}"
            detail = "Delete one of the two."
            yield fault(manifest.locate(*broken.path, index), summary, detail)


def _one_document(manifest: Manifest, broken: Violation) -> Iterator[Fault]:
    if not isinstance(broken.value, dict):
        return  # `type` says so already
    where, what = manifest.key_positions[broken.path], field(broken.path)
    if "file" in broken.value:
        detail = "Keep `file` for a document of this repository, `url` for one uploaded before."
        yield fault(where, f"{what} has both `file` and `url`", detail)
    else:
        detail = "Write `file:` with a path in this repository; `url:` if it was uploaded before."
        yield fault(where, f"{what} names no document: `file` or `url` is missing", detail)


def _tombstone(manifest: Manifest, _: Violation) -> Iterator[Fault]:
    summary = "`absent: true` does not say which signature: `id` or `content` is missing"
    detail = "Write the `id`, or the `content` if the id is not known."
    yield fault(beginning(manifest), summary, detail)


_KEYWORDS: Mapping[str, Callable[[Manifest, Violation], Iterator[Fault]]] = {
    "type": _type,
    "enum": _enum,
    "required": _required,
    "additionalProperties": _unknown,
    "minLength": _length,
    "maxLength": _length,
    "pattern": _pattern,
    "format": _pattern,
    "minItems": _no_items,
    "uniqueItems": _repeated,
    "oneOf": _one_document,
    "anyOf": _tombstone,
}
