"""Whatever a manifest says and whatever its documents are, the rules end in findings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from reconciler.inspection.facts import Facts, Fault
from reconciler.manifests import Manifest, parse
from reconciler.model import Proof, Purpose, SignatureType
from reconciler.problems import Problem, Severity, sort_key
from reconciler.rules.config import RulesConfig, read
from reconciler.rules.engine import Evidence, check
from reconciler.rules.registry import RULES
from tests.unit.flow_yaml import flow
from tests.unit.rules_world import one_manifest

_WORDS = st.text(
    alphabet="优刻得科技股份有限公司告警通知尊敬的客户（）【】Ab09_ -\u3000\U0001f600", max_size=14
)
_TEXTS = _WORDS | st.text(max_size=20) | st.sampled_from(["2026-11-22", "2026-12-01", "codes"])
_TYPES = st.sampled_from([*SignatureType, *Purpose, "shop"]).map(str)
_SCALARS = _TEXTS | _TYPES | st.none() | st.booleans() | st.integers() | st.floats()
_VALUES = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
    max_leaves=6,
)
_PAPERS = st.fixed_dictionaries(
    {},
    optional={
        "file": st.sampled_from(["a.png", "../a.pdf", "x", "https://x", ""]) | _VALUES,
        "url": st.sampled_from(["https://x/a.docx", "http://[", "https://x"]) | _VALUES,
        "holder": _VALUES,
        "expires": _VALUES,
    },
)
_DATA = st.fixed_dictionaries(
    {},
    optional={
        "id": _VALUES,
        "content": _VALUES,
        "type": _TYPES | _VALUES,
        "purpose": _TYPES | _VALUES,
        "certificate": _PAPERS | _VALUES,
        "authorization": _PAPERS | _VALUES,
        "scene": _VALUES,
        "project": _VALUES,
        "international": _VALUES,
        "suspend": _VALUES,
        "absent": _VALUES,
        "other": _VALUES,
    },
).map(lambda data: dict[str, object](data))
_HASHES = st.sampled_from(["00", "11"])
_PROOFS = st.dictionaries(
    st.sampled_from(["certificate", "authorization"]),
    st.builds(
        Proof,
        sha256=_HASHES,
        path=st.sampled_from(["a.png", "signatures/a.pdf"]),
        size=st.integers(0, 5 * 1024 * 1024),
        media_type=st.sampled_from(["image/png", "image/jpeg", "application/pdf"]),
    )
    | st.builds(Proof, url=st.just("https://x")),
)
_FACTS = st.dictionaries(
    _HASHES,
    st.builds(
        Facts,
        fault=st.none() | st.sampled_from(Fault),
        detail=st.just("so it is"),
        width=st.none() | st.integers(0, 70_000),
        height=st.none() | st.integers(0, 70_000),
    ),
)
_LEVELS = st.dictionaries(
    st.sampled_from([rule.id for rule in RULES.values() if rule.adjustable]),
    st.sampled_from(["off", "warning", "error"]),
)
_DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def _manifests(data: list[dict[str, object]]) -> tuple[Manifest, ...]:
    texts = (flow(each) for each in data)
    return tuple(
        one_manifest(text, name=f"shop{number}")
        for number, text in enumerate(texts)
        if text != "{}"
    )


@st.composite
def _evidence(draw: st.DrawFn) -> Evidence:
    manifests = _manifests(draw(st.lists(_DATA, max_size=3)))
    return Evidence(
        manifests=manifests,
        today=draw(_DAYS),
        proofs={manifest.path: draw(_PROOFS) for manifest in manifests},
        facts=draw(_FACTS),
        inspected=draw(st.booleans()),
        files=("documents/a.png",),
    )


@given(evidence=_evidence(), levels=_LEVELS)
def test_any_data_ends_in_findings(evidence: Evidence, levels: Mapping[str, str]) -> None:
    found = check(evidence, read(levels))

    assert list(found) == sorted(found, key=sort_key)
    assert all(map(_is_fit_to_print, found))
    assert all(levels.get(problem.rule) != "off" for problem in found)
    assert found == check(evidence, read(levels)), "the same evidence gives the same findings"


def _is_fit_to_print(problem: Problem) -> bool:
    return problem.summary.isprintable() and problem.detail != "" and problem.rule in RULES


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_bytes_as_a_manifest_end_in_findings(raw: bytes) -> None:
    manifest = parse(raw, name="a", path="signatures/a.yaml")
    manifests = (manifest,) if isinstance(manifest, Manifest) else ()

    found = check(Evidence(manifests=manifests, today=date(2026, 11, 22)), RulesConfig())

    assert {problem.severity for problem in found} <= set(Severity)


@given(data=_DATA, today=_DAYS)
def test_what_is_suspended_or_to_be_deleted_has_no_findings(
    data: dict[str, object], today: date
) -> None:
    for more in ({"suspend": True}, {"absent": True}):
        evidence = Evidence(manifests=_manifests([{**data, **more}]), today=today)
        assert check(evidence, RulesConfig()) == ()
