"""What the engine adds to the rules: exemptions, silence where something was said, and order."""

from __future__ import annotations

from datetime import date

import pytest

from reconciler.inspection.facts import Facts, Fault
from reconciler.model import Proof
from reconciler.problems import Position, Problem, Severity, sort_key
from reconciler.rules.config import RulesConfig, read
from reconciler.rules.engine import Evidence, check, wants_files, wants_inspection
from reconciler.rules.samples import LETTER, manifest, two
from tests.unit.rules_world import ids, judged, one_manifest

_TODAY = date(2026, 11, 22)
_FILE = manifest("优刻得科技", certificate="file: ../documents/licence.png")
_PROOF = Proof(sha256="00", path="documents/licence.png", size=9, media_type="image/png")


def _earlier(path: str, line: int = 2, column: int = 10) -> Problem:
    return Problem(
        severity=Severity.ERROR,
        rule="USMS003",
        summary="",
        detail="",
        name="a",
        path=path,
        position=Position(line=line, column=column, end_line=line, end_column=column + 1),
    )


def _check(text: str, *earlier: Problem, files: tuple[str, ...] = ()) -> list[str]:
    evidence = Evidence(
        manifests=(one_manifest(text, name="a"),), today=_TODAY, earlier=earlier, files=files
    )
    return ids(check(evidence, RulesConfig()))


@pytest.mark.parametrize("more", ["suspend: true", "absent: true"])
def test_nothing_is_judged_that_is_not_sent(more: str) -> None:
    assert ids(judged(manifest("告警通知", type="app", more=more))) == []


def test_a_rule_is_silent_where_something_was_said_already() -> None:
    text = manifest("告警通知", type="app")

    assert _check(text) == ["USMS103", "USMS201"]
    assert _check(text, _earlier("signatures/a.yaml")) == ["USMS201"]
    assert _check(text, _earlier("signatures/b.yaml")) == ["USMS103", "USMS201"]


def test_a_missing_letter_is_told_once() -> None:
    text = manifest("示例星杯", type="trademark", purpose="others-use")

    assert _check(text) == ["USMS205"]
    assert _check(text, _earlier("signatures/a.yaml", line=4, column=10)) == []


def test_a_comment_counts_as_used_where_something_was_said_already() -> None:
    text = manifest("告警通知 # reconciler: ignore[USMS103, USMS104] as it is registered")

    assert _check(text) == ["USMS901"]
    assert _check(text, _earlier("signatures/a.yaml", line=6)) == []


def test_a_file_is_unused_only_if_every_manifest_could_be_read() -> None:
    files = ("documents/licence.png", "documents/old.png")

    assert _check(_FILE, files=files) == ["USMS402"]
    assert _check(_FILE, _earlier("signatures/a.yaml"), files=files) == ["USMS402"]
    assert _check(_FILE, _earlier("signatures/broken.yaml"), files=files) == []


def test_a_document_of_a_suspended_signature_is_used_and_so_is_one_behind_a_link() -> None:
    found = judged(f"{_FILE}suspend: true\n", proofs={"certificate": _PROOF})
    evidence = Evidence(
        manifests=(one_manifest(f"{_FILE}suspend: true\n", name="a"),),
        today=_TODAY,
        proofs={"signatures/a.yaml": {"certificate": Proof(sha256="0", path="real/x.png")}},
        files=("documents/licence.png", "real/x.png"),
    )

    assert found == ()
    assert check(evidence, RulesConfig()) == ()


def test_rules_about_what_stands_in_documents_are_silent_where_nobody_looked() -> None:
    facts = {"00": Facts(fault=Fault.ENCRYPTED, detail="it asks for a password")}
    proofs = {"certificate": _PROOF}
    ignoring = _FILE.replace(
        "licence.png", "licence.png # reconciler: ignore[USMS306] that is what we have"
    )

    assert ids(judged(_FILE, proofs=proofs, facts=facts)) == ["USMS305"]
    assert ids(judged(_FILE, proofs=proofs, facts=facts, inspected=False)) == []
    assert ids(judged(ignoring, proofs=proofs)) == ["USMS901"]
    assert ids(judged(ignoring, proofs=proofs, inspected=False)) == []


def test_findings_are_sorted_and_name_their_signature() -> None:
    texts = [
        text for _, text in two(manifest("告警通知", type="app"), manifest("尊敬的客户")).manifests
    ]
    found = judged(*texts)

    assert list(found) == sorted(found, key=sort_key)
    assert [(each.name, each.path) for each in found] == [
        ("a", "signatures/a.yaml"),
        ("a", "signatures/a.yaml"),
        ("b", "signatures/b.yaml"),
        ("b", "signatures/b.yaml"),
    ]
    assert ids(found) == ["USMS103", "USMS201", "USMS103", "USMS404"]


def test_nobody_looks_where_no_rule_that_counts_asks() -> None:
    off = read({"USMS30": "off", "USMS402": "off"})

    assert wants_inspection(RulesConfig())
    assert wants_files(RulesConfig())
    assert not wants_inspection(off)
    assert not wants_files(off)


def test_a_container_is_meant_by_the_line_of_its_key() -> None:
    # The letter's address is that of the certificate; the comment stands at the letter's key.
    text = manifest(
        "示例星杯",
        type="trademark",
        purpose="others-use",
        certificate=f"url: {LETTER}",
        letter=f"url: {LETTER}",
    )
    at_key = text.replace("authorization:", "authorization: # reconciler: ignore[USMS205] one scan")
    at_value = f"{text.rstrip()} # reconciler: ignore[USMS205] one scan\n"

    assert ids(judged(text)) == ["USMS205"]
    assert ids(judged(at_key)) == ["USMS901", "USMS205"]
    assert ids(judged(at_value)) == []


def test_a_finding_about_two_manifests_is_ignored_where_it_is_told() -> None:
    first = manifest("示例星杯咖啡", more="scene: codes")
    second = manifest(
        "示例杯星餐饮", more="scene: codes # reconciler: ignore[USMS403] enough for us"
    )

    assert [(each.rule, each.name) for each in judged(first, second)] == [("USMS403", "a")]


def test_what_is_no_date_or_no_mapping_is_not_judged() -> None:
    text = manifest("优刻得科技", purpose="others-use", certificate="expires: 2026-02-30")
    bare = text.replace("certificate:\n  expires: 2026-02-30", "certificate: none")

    assert ids(judged(f"{text}authorization:\n  url: {LETTER}\n")) == []
    assert ids(judged(f"{bare}authorization:\n  url: {LETTER}\n")) == []
    assert ids(judged(f"{bare}authorization: none\n")) == []
