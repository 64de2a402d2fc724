"""Short manifests for the rules' examples."""

from __future__ import annotations

from reconciler.rules.rule import Example

LICENCE = "https://documents.example.com/licence.png"
LETTER = "https://documents.example.com/letter.pdf"


def manifest(
    content: str,
    *,
    id: str = "SIG20190XXX2C1844",
    type: str = "company",
    purpose: str = "self-use",
    certificate: str = f"url: {LICENCE}",
    letter: str = "",
    more: str = "",
) -> str:
    """A complete manifest; `certificate`, `letter` and `more` may have several lines."""
    lines = [f"id: {id}", f"content: {content}", f"type: {type}", f"purpose: {purpose}"]
    lines += ["certificate:", *_set_in(certificate)]
    if letter:
        lines += ["authorization:", *_set_in(letter)]
    return "\n".join([*lines, *more.splitlines()]) + "\n"


def one(text: str, *documents: tuple[str, str]) -> Example:
    """An example of a single manifest."""
    return Example(manifests=(("retail/acme", text),), documents=documents)


def two(first: str, second: str, *documents: tuple[str, str]) -> Example:
    """An example of two manifests beside each other."""
    manifests = (("retail/acme", first), ("retail/brook", second))
    return Example(manifests=manifests, documents=documents)


def _set_in(text: str) -> list[str]:
    return [f"  {line}" for line in text.splitlines()]
