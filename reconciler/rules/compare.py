"""What rules about several manifests have in common."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.rules.rule import Statement
from reconciler.rules.samples import LICENCE
from reconciler.rules.subject import Subject

SECOND_ID = "SIG20190XXX2C1845"
OTHER_URL = "https://documents.example.com/other.png"
STAR, CUP = "示例星杯咖啡有限公司", "示例杯星餐饮有限公司"
"""Two companies of the examples."""


def contradictions(statements: Sequence[Statement]) -> Iterator[tuple[Statement, Statement]]:
    """Each of the statements about one thing that says something else than the first, after it."""
    first = statements[0]
    return ((first, each) for each in statements if each.saying.says != first.saying.says)


def place(subject: Subject, *path: str) -> str:
    """Where a value stands, as messages say it."""
    where = subject.manifest.locate(*path)
    return f"{subject.manifest.path}:{where.line}:{where.column}"


def held(holder: str, url: str = LICENCE) -> str:
    """A certificate of an example."""
    return f"url: {url}\nholder: {holder}"
