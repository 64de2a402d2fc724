"""What rules about several manifests have in common."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

from reconciler.rules.samples import LICENCE
from reconciler.rules.subject import Subject

Item = TypeVar("Item")

SECOND_ID = "SIG20190XXX2C1845"
OTHER_URL = "https://documents.example.com/other.png"
STAR, CUP = "示例星杯咖啡有限公司", "示例杯星餐饮有限公司"
"""Two companies of the examples."""


def contradictions(statements: Iterable[tuple[str, str, Item]]) -> Iterator[tuple[Item, Item]]:
    """Each item that says something else than the first about the same, after that first.

    A statement is what it is about, what it says, and whose it is.
    """
    first: dict[str, tuple[str, Item]] = {}
    for about, says, item in statements:
        said, earlier = first.setdefault(about, (says, item))
        if said != says:
            yield earlier, item


def place(subject: Subject, *path: str) -> str:
    """Where a value stands, as messages say it."""
    where = subject.manifest.locate(*path)
    return f"{subject.manifest.path}:{where.line}:{where.column}"


def held(holder: str, url: str = LICENCE) -> str:
    """A certificate of an example."""
    return f"url: {url}\nholder: {holder}"
