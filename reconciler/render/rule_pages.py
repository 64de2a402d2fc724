"""A rule as a page for a terminal, and all of them as a list."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from reconciler.render.style import PLAIN, Painter, Style
from reconciler.render.width import align, width
from reconciler.rules.rule import EXAMPLE_DAY, Example, Rule

_CELLS = 80
_STYLES = {"error": Style.RED, "warning": Style.YELLOW}


def rule_page(rule: Rule, painter: Painter = PLAIN) -> str:
    """Everything that there is to say of a rule, with a last newline."""
    severity = painter(rule.severity.value, Style.BOLD, _STYLES[rule.severity.value])
    parts = [
        f"{painter(f'{rule.id} {rule.name}', Style.BOLD)} ({severity})",
        _wrapped(rule.why),
        _section("What to do", [_wrapped(rule.fix, indent=2)], painter),
        _section("Refused", _example(rule.bad), painter),
        _section("Accepted", _example(rule.good), painter),
        _section("Where it comes from", [_wrapped(rule.source, indent=2)], painter),
        _section("To change it", _how_to_change(rule), painter),
    ]
    return "\n\n".join(parts) + "\n"


def rule_list(rules: Iterable[Rule], painter: Painter = PLAIN) -> str:
    """One line a rule, and how to read more; with a last newline."""
    rows = align([(rule.id, rule.severity.value, rule.name) for rule in rules])
    lines = [
        f"{painter(rule_id, Style.BOLD)}  {painter(severity, _STYLES[severity.strip()])}  {name}"
        for rule_id, severity, name in rows
    ]
    return "\n".join([*lines, "", "`reconciler explain ID` prints a rule as a page."]) + "\n"


def _section(heading: str, lines: Iterable[str], painter: Painter) -> str:
    return "\n".join([painter(heading, Style.BOLD), *lines])


def _example(example: Example) -> Iterator[str]:
    if example.today != EXAMPLE_DAY:
        yield f"  On {example.today}."
    for name, text in example.manifests:
        encoding = "" if example.encoding == "utf-8" else f", saved as {example.encoding.upper()}"
        yield f"  signatures/{name}.yaml{encoding}"
        yield from (f"    {line}" for line in text.splitlines())
    for path, words in example.documents:
        yield f"  {path}: {words}"


def _how_to_change(rule: Rule) -> Iterator[str]:
    if rule.adjustable:
        yield "  For the whole repository, in pyproject.toml:"
        yield "    [tool.reconciler.rules]"
        yield f'    "{rule.id}" = "off"    # or "warning", or "error"'
    else:
        yield "  It cannot be turned off: what it finds cannot be read, or cannot be sent."
    if rule.ignorable:
        yield "  For one value, on its line or the line above:"
        yield f"    # reconciler: ignore[{rule.id}] and the reason"


def _wrapped(text: str, *, indent: int = 0) -> str:
    """Broken at spaces; a Chinese character takes two cells, which textwrap does not know."""
    lines = [" " * indent]
    for word in text.split():
        line = lines[-1]
        gap = " " if line.strip() else ""
        if gap and width(line) + 1 + width(word) > _CELLS:
            lines.append(" " * indent + word)
        else:
            lines[-1] = f"{line}{gap}{word}"
    return "\n".join(lines)
