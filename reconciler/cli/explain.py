"""`reconciler explain`: a rule as a page, or all rules as a list."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from reconciler.cli.finish import finish
from reconciler.errors import EXIT_DONE, UsageError

if TYPE_CHECKING:
    from reconciler.rules.rule import Rule


class PageFormat(StrEnum):
    """How the pages are printed."""

    TEXT = "text"
    JSON = "json"


def explain(
    rule: Annotated[
        str | None,
        typer.Argument(metavar="[RULE]", help="An id such as USMS203, or a name; none lists all."),
    ] = None,
    *,
    output: Annotated[
        PageFormat, typer.Option("--format", help="What to print: text or json.")
    ] = PageFormat.TEXT,
) -> None:
    """Print what a rule is about: why, what to do, examples. Without RULE, list all rules."""
    from reconciler.cli.console import say
    from reconciler.rules.registry import RULES

    rules = tuple(RULES.values()) if rule is None else (_find(rule),)
    say(_json(rules) if output is PageFormat.JSON else _text(rules, whole=rule is not None))
    finish(EXIT_DONE)


def _find(word: str) -> Rule:
    from reconciler.rules.nearest import advice
    from reconciler.rules.registry import find
    from reconciler.wording import quoted

    found = find(word)
    if found is None:
        raise UsageError(f"there is no rule {quoted(word)}", advice(word))
    return found


def _json(rules: tuple[Rule, ...]) -> str:
    from reconciler.render.dump import dumps
    from reconciler.render.rules_json import rules_document

    return dumps(rules_document(rules))


def _text(rules: tuple[Rule, ...], *, whole: bool) -> str:
    import sys

    from reconciler.cli.console import painter
    from reconciler.render.rule_pages import rule_list, rule_page

    paint = painter(sys.stdout)
    return rule_page(rules[0], paint) if whole else rule_list(rules, paint)
