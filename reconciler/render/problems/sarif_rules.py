"""A rule as SARIF describes it, so that a finding explains itself wherever it is shown."""

from __future__ import annotations

from collections.abc import Iterator

from reconciler.render.markdown.blocks import code_lines
from reconciler.rules.rule import Example, Rule

_TAGS = ("sms", "signature")


def descriptor(rule: Rule) -> dict[str, object]:
    """The `reportingDescriptor`; without an address of help, since there is no page to point to."""
    return {
        "id": rule.id,
        "name": "".join(word.capitalize() for word in rule.name.split("-")),
        "shortDescription": {"text": _title(rule)},
        "fullDescription": {"text": rule.why},
        "help": {"text": _plain(rule), "markdown": _markdown(rule)},
        "defaultConfiguration": {"level": rule.severity.value},
        # GitHub reads a rule's weight from its own property.
        "properties": {"tags": list(_TAGS), "problem.severity": rule.severity.value},
    }


def _title(rule: Rule) -> str:
    """The name in words: it is the headline of an alert."""
    return rule.name.replace("-", " ").capitalize()


def _plain(rule: Rule) -> str:
    parts = [rule.why, rule.fix, f"Source: {rule.source}", f"More: reconciler explain {rule.id}"]
    return "\n\n".join(parts)


def _markdown(rule: Rule) -> str:
    parts = [
        rule.why,
        f"**What to do.** {rule.fix}",
        *_example("Refused", rule.bad),
        *_example("Accepted", rule.good),
        f"Source: {rule.source}",
        f"More: `reconciler explain {rule.id}`",
    ]
    return "\n\n".join(parts)


def _example(heading: str, example: Example) -> Iterator[str]:
    for name, text in example.manifests:
        yield f"{heading}, as `signatures/{name}.yaml`:"
        yield code_lines(text.splitlines(), "yaml")
