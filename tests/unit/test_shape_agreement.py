"""Three engines, one truth: our predicate, jsonschema-rs and jsonschema give the same verdict."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker

from reconciler.resources import schema_path
from reconciler.schema import SIGNATURE_SCHEMA, check
from reconciler.shape import engines
from tests.unit.test_schema import read

SCHEMA: dict[str, Any] = json.loads(schema_path(SIGNATURE_SCHEMA).read_text(encoding="utf-8"))
ORACLE = Draft202012Validator(SCHEMA, format_checker=FormatChecker(formats=("date",)))
OURS = engines.engine(SCHEMA, count=1)
RUST = engines.engine(SCHEMA, count=engines.MANY)

DAYS = st.dates().map(str)
PROOF = st.fixed_dictionaries(
    {"file": st.sampled_from(["../documents/a.png", "b.pdf", "../信/三.jpg"])},
    optional={"holder": st.text("优刻得科技股份有限公司", min_size=1), "expires": DAYS},
)
ID = st.text("SIG0123456789X", min_size=1, max_size=20)
TYPES = ["company", "app", "website", "public-account", "trademark", "government"]
GOOD = st.fixed_dictionaries(
    {
        "content": st.text("优刻得科技UCloud07_", min_size=2, max_size=12),
        "type": st.sampled_from(TYPES),
        "purpose": st.just("others-use"),
        "certificate": PROOF,
        "authorization": PROOF,
    },
    optional={
        "id": ID | st.lists(ID, min_size=1, max_size=3, unique=True),
        "scene": st.text("Login codes 登录", min_size=1).filter(str.strip),
        "project": st.just("org-abcdef"),
        "suspend": st.booleans(),
        "international": st.booleans(),
        "description": st.text("登录", min_size=1),
    },
)
ODD = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=14),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=5,
)
LIKELY = st.sampled_from(
    [
        "",
        "a",
        "【优刻得】",
        "优刻得\n",
        "others-use",
        "self-use",
        "2026-02-30",
        "20260501",
        "2026-W01-1",
    ]
)


@st.composite
def broken(draw: st.DrawFn) -> object:
    """A good manifest with one thing wrong with it, or, now and then, with nothing wrong."""
    data: dict[str, Any] = draw(GOOD)
    inside = draw(st.sampled_from([(), ("certificate",), ("authorization",)]))
    part = data[inside[0]] if inside else data
    keys = [*part, "authorisation", "url", "absent", "expires", "id"]
    key = draw(st.sampled_from(keys))
    if draw(st.booleans()):
        part.pop(key, None)
    else:
        part[key] = draw(ODD | LIKELY | st.just([]) | st.just({}))
    return data


@given(GOOD)
def test_all_find_a_good_manifest_good(data: dict[str, Any]) -> None:
    assert ORACLE.is_valid(data)
    assert OURS(data)
    assert RUST(data)


@given(broken())
@example({"absent": True, "id": "SIG1"})
@example({"absent": True})
@example([])
@settings(max_examples=300)
def test_all_say_the_same_of_a_broken_one(data: object) -> None:
    verdict = ORACLE.is_valid(data)
    assert OURS(data) is verdict
    assert RUST(data) is verdict


@given(ODD)
def test_all_say_the_same_of_anything(data: object) -> None:
    verdict = ORACLE.is_valid(data)
    assert OURS(data) is verdict
    assert RUST(data) is verdict


@given(broken())
def test_the_explanation_is_the_same_whoever_decided(data: object) -> None:
    manifest = read(data)
    assert check(manifest, OURS) == check(manifest, RUST) == check(manifest, lambda _: False)
