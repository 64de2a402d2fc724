"""`reconciler explain`: every rule is a page that somebody new can learn from."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from reconciler.cli.explain import PageFormat, explain
from reconciler.cli.finish import Finished
from reconciler.errors import UsageError
from reconciler.render.rule_pages import rule_list, rule_page
from reconciler.render.rules_json import rules_document
from reconciler.render.style import Painter
from reconciler.render.width import width
from reconciler.resources import schema_path
from reconciler.rules.registry import RULES
from reconciler.rules.rule import Rule

each_rule = pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
COLOUR = Painter(colour=True)


def _printed(capsys: pytest.CaptureFixture[str], **arguments: Any) -> str:
    with pytest.raises(Finished) as end:
        explain(**arguments)
    assert end.value.code == 0
    return capsys.readouterr().out


@each_rule
def test_a_page_says_everything_in_eighty_columns(rule: Rule) -> None:
    page = rule_page(rule)
    prose = page.split("\nRefused\n")[0]

    assert page.startswith(f"{rule.id} {rule.name} ({rule.severity.value})\n\n")
    for text in (rule.why, rule.fix, rule.source):
        assert " ".join(text.split()) in " ".join(page.split())
    assert all(width(line) <= 80 for line in prose.splitlines())
    assert all(
        f"    {line}" in page for _, text in rule.bad.manifests for line in text.splitlines()
    )
    assert all(f"  {path}: {words}" in page for path, words in rule.good.documents)


@each_rule
def test_a_page_says_how_to_change_the_rule_if_that_can_be_done(rule: Rule) -> None:
    page = rule_page(rule)

    assert (f'"{rule.id}" = "off"' in page) == rule.adjustable
    assert (f"# reconciler: ignore[{rule.id}]" in page.split("To change it")[1]) == rule.ignorable


def test_a_page_tells_the_day_and_the_encoding_where_they_matter() -> None:
    assert "  On 2026-03-15.\n" in rule_page(RULES["USMS202"])
    assert "signatures/retail/acme.yaml, saved as GBK\n" in rule_page(RULES["USMS001"])


def test_colours_change_nothing_but_the_looks() -> None:
    for rule in RULES.values():
        painted = rule_page(rule, COLOUR)
        assert painted != rule_page(rule)
        assert width(painted.split("\n")[0].replace("\x1b", "")) > width(rule.id)
    assert rule_list(RULES.values(), COLOUR).count("\x1b[31m") == sum(
        rule.severity.value == "error" for rule in RULES.values()
    )


def test_the_document_is_what_the_schema_says() -> None:
    schema = json.loads(schema_path("explain.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    document = rules_document(RULES.values())

    jsonschema.validate(document, schema)
    assert [rule["id"] for rule in json.loads(json.dumps(document))["rules"]] == list(RULES)


def test_without_a_rule_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    lines = _printed(capsys, rule=None, output=PageFormat.TEXT).splitlines()

    assert [line.split()[0] for line in lines[:-2]] == list(RULES)


@pytest.mark.parametrize("word", ["USMS203", "usms203", "document-expired"])
def test_a_rule_is_named_by_id_or_name(word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert _printed(capsys, rule=word, output=PageFormat.TEXT) == rule_page(RULES["USMS203"])


def test_programs_get_json(capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(_printed(capsys, rule="USMS203", output=PageFormat.JSON))

    assert document["format_version"] == "1.0"
    assert [rule["name"] for rule in document["rules"]] == ["document-expired"]


def test_an_unknown_rule_is_told_the_nearest() -> None:
    with pytest.raises(UsageError) as caught:
        explain(rule="USMS2O3", output=PageFormat.TEXT)

    assert "USMS2O3" in caught.value.summary
    assert caught.value.advice.startswith("Did you mean USMS20")
