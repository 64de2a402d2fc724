"""Rules become the JSON document of `explain`; `schemas/explain.schema.json` describes it."""

from __future__ import annotations

from collections.abc import Iterable

from reconciler.render.formats import FORMAT_VERSION
from reconciler.rules.rule import Example, Rule


def rules_document(rules: Iterable[Rule]) -> dict[str, object]:
    """The document: one rule or all of them, in the same form."""
    return {"format_version": FORMAT_VERSION, "rules": [_rule(rule) for rule in rules]}


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "name": rule.name,
        "severity": rule.severity.value,
        "adjustable": rule.adjustable,
        "ignorable": rule.ignorable,
        "source": rule.source,
        "why": rule.why,
        "fix": rule.fix,
        "bad": _example(rule.bad),
        "good": _example(rule.good),
    }


def _example(example: Example) -> dict[str, object]:
    return {
        "today": example.today.isoformat(),
        "encoding": example.encoding,
        "manifests": [{"name": name, "text": text} for name, text in example.manifests],
        "documents": [{"path": path, "what": words} for path, words in example.documents],
    }
