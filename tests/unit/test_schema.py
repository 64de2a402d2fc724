"""The schema file explains itself to editors, and its verdict is always explained to people.

What is said about single mistakes stands in `tests/cases/manifests/shape`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from reconciler.manifests import Manifest, parse
from reconciler.model import Purpose, SignatureType
from reconciler.resources import schema_path
from reconciler.schema import SIGNATURE_SCHEMA, check
from reconciler.shape import explain, keys
from reconciler.wording import listed, printable, quoted
from tests.unit.flow_yaml import flow

SCHEMA: dict[str, Any] = json.loads(schema_path(SIGNATURE_SCHEMA).read_text(encoding="utf-8"))
ORACLE = Draft202012Validator(SCHEMA, format_checker=FormatChecker(formats=("date",)))
PROOF: dict[str, Any] = SCHEMA["$defs"]["proof"]["properties"]
NOT_CHECKS = frozenset(
    {
        *("$schema", "$id", "$ref", "$defs", "title", "description", "examples", "default"),
        *("enumDescriptions", "patternErrorMessage", "if", "then", "else", "allOf", "const"),
        *("properties", "items"),
    }
)


def properties() -> Iterator[tuple[str, dict[str, Any]]]:
    yield from SCHEMA["properties"].items()
    yield "id, items", SCHEMA["properties"]["id"]["items"]
    yield from ((f"proof.{name}", each) for name, each in PROOF.items())


PROPERTIES = dict(properties())


def read(data: object) -> Manifest:
    manifest = parse(flow(data).encode(), name="a", path="signatures/a.yaml")
    assert isinstance(manifest, Manifest)
    return manifest


def summaries(data: object) -> list[str]:
    return [problem.summary for problem in check(read(data))]


def test_the_schema_is_a_schema_of_its_draft() -> None:
    assert SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert SCHEMA["$id"]
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", PROPERTIES)
def test_every_property_explains_itself_to_an_editor(name: str) -> None:
    each = PROPERTIES[name]
    assert each["title"]
    assert each["description"].endswith(".")
    assert each["examples"]


@pytest.mark.parametrize("name", PROPERTIES)
def test_every_example_is_valid(name: str) -> None:
    within = ORACLE.evolve(schema={**PROPERTIES[name], "$defs": SCHEMA["$defs"]})
    for example in PROPERTIES[name]["examples"]:
        within.validate(example)


@pytest.mark.parametrize("example", SCHEMA["examples"])
def test_every_whole_example_is_valid(example: object) -> None:
    assert summaries(example) == []


@pytest.mark.parametrize(("name", "model"), [("type", SignatureType), ("purpose", Purpose)])
def test_the_names_are_those_of_the_model_each_with_a_description(
    name: str, model: type[SignatureType | Purpose]
) -> None:
    each = SCHEMA["properties"][name]
    assert each["enum"] == [member.value for member in model]
    assert len(each["enumDescriptions"]) == len(each["enum"])


@pytest.mark.parametrize("where", [SCHEMA, SCHEMA["$defs"]["proof"]])
def test_no_other_keys_are_allowed(where: dict[str, Any]) -> None:
    assert where["additionalProperties"] is False


def test_every_keyword_of_the_schema_has_its_explanation() -> None:
    assert set(_keywords(SCHEMA)) - NOT_CHECKS == set(explain._KEYWORDS)


def _keywords(schema: dict[str, Any]) -> Iterator[str]:
    yield from schema
    for key in ("properties", "$defs"):
        for each in schema.get(key, {}).values():
            yield from _keywords(each)
    for key in ("if", "then", "else", "items"):
        if key in schema:
            yield from _keywords(schema[key])
    for key in ("allOf", "anyOf", "oneOf"):
        for each in schema.get(key, []):
            yield from _keywords(each)


def test_the_words_for_keys_know_the_schema_s_keys() -> None:
    assert set(PROOF) == keys._OF_A_PROOF
    told = keys._OF_A_MANIFEST | {"international", "qualification"}
    assert told == set(SCHEMA["properties"])


def test_all_problems_are_told_each_once() -> None:
    found = summaries({"type": 0, "purpose": "self-use", "certificate": {}, "nonsense": 1})
    assert len(found) == len(set(found)) == 4


def test_a_problem_stands_at_the_very_value() -> None:
    raw = b"id: SIG1\nabsent: true\ncertificate:\n  file: 12\n"
    manifest = parse(raw, name="shop", path="signatures/shop.yaml")
    assert isinstance(manifest, Manifest)
    (problem,) = check(manifest)
    assert (problem.name, problem.path) == ("shop", "signatures/shop.yaml")
    assert problem.position == manifest.positions["certificate", "file"]


@pytest.mark.parametrize(
    "raw",
    [
        b"id: [" + b"1,a," * 16_000 + b"]",
        b"id: [" + b"a," * 65_000 + b"]",
        b"".join(b"SigContent%d: a\n" % number for number in range(30_000)),
        b"content: " + b"a" * 1_000_000,
        b"? " + b"9" * 1_000_000 + b"\n: 1\n",
        b"type: " + b"company" * 100_000,
        b"type: 0x" + b"F" * 1_000_000,
        b"certificate: {expires: '"
        + b"2027-" * 100_000
        + b"', url: 'http://"
        + b"a/" * 99_999
        + b"'}",
    ],
)
def test_a_hostile_manifest_is_told_in_few_problems_of_few_words(raw: bytes) -> None:
    manifest = parse(raw, name="a", path="signatures/a.yaml")
    assert isinstance(manifest, Manifest)
    problems = check(manifest)  # would take minutes if any work were quadratic
    assert 0 < len(problems) <= 101
    assert all(len(problem.summary) < 300 for problem in problems)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 9) | st.text(max_size=14) | st.just("优刻得科技"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*PROOF, "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
STRINGS = st.sampled_from(
    [
        *("a.png", "https://example.com/a", "优刻得科技", "company", "self-use", "others-use"),
        *(
            "【a】",
            " a",
            "a\n",
            "",
            "/a",
            "a/",
            "C:\\a",
            "a b",
            "2027-02-29",
            "2027-12-31",
            "0",
            "x" * 200,
        ),
    ]
)


@given(st.dictionaries(st.sampled_from([*SCHEMA["properties"], "x"]), VALUES | STRINGS))
def test_the_schema_refuses_what_is_told_to_be_wrong_and_nothing_else(data: object) -> None:
    assert bool(summaries(data)) is not ORACLE.is_valid(data)


@given(st.sampled_from(list(PROOF)), STRINGS | st.text())
def test_every_refused_string_of_a_proof_is_explained(name: str, value: str) -> None:
    data = {
        "id": "SIG1",
        "absent": True,
        "certificate": {"url": "https://example.com", name: value},
    }
    assert bool(summaries(data)) is not ORACLE.is_valid(data)


@given(
    st.sampled_from(["id", "content", "scene", "project", "qualification", "description"]),
    STRINGS | st.text(max_size=13),
)
def test_every_refused_string_of_a_manifest_is_explained(name: str, value: str) -> None:
    data = {"id": "SIG1", "absent": True, name: value}
    assert bool(summaries(data)) is not ORACLE.is_valid(data)


@given(st.text())
def test_what_a_message_quotes_is_one_printable_line(text: str) -> None:
    assert printable(text).isprintable()
    assert len(quoted("a" + text, limit=10)) <= 2 + 10 * len("\\U00000000")


def test_words_are_listed_as_a_sentence_lists_them() -> None:
    assert listed(["a"]) == "`a`"
    assert listed(["a", "b", "c"]) == "`a`, `b` or `c`"
    assert listed(["a", "b"], "and") == "`a` and `b`"
