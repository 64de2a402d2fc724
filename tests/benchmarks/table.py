"""Claims and samples as text for a terminal, as JSON, and as the table of the README. Pure."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tests.benchmarks.claims import Judged, Samples, median

FORMAT_VERSION = "1.0"
_KINDS = ("wall", "cpu", "peak")
BEGIN = "<!-- performance: made by `python -m tests.benchmarks.readme` -->"
END = "<!-- end of performance -->"


def document(
    judged: Sequence[Judged], samples: Samples, *, versions: Mapping[str, str], date: str
) -> dict[str, Any]:
    """All of it as plain JSON data."""
    return {
        "format_version": FORMAT_VERSION,
        "date": date,
        "versions": dict(versions),
        "claims": [_claim(each) for each in judged],
        "works": {
            name: {kind: round(median(found, kind), 3) for kind in _KINDS} | {"runs": len(found)}
            for name, found in samples.items()
            if found
        },
    }


def _claim(judged: Judged) -> dict[str, Any]:
    claim = judged.claim
    return {
        "work": claim.work,
        "ours": claim.ours,
        "theirs": list(claim.theirs),
        "target": claim.target,
        "figure": None if judged.figure is None else round(judged.figure, 3),
        "most": round(claim.most, 4),
        "unit": claim.unit,
        "verdict": judged.verdict,
    }


def text(found: Mapping[str, Any]) -> str:
    """Two tables: what was measured, and what is claimed."""
    works = [("work", "wall s", "cpu s", "peak MiB", "runs")]
    works += [
        (name, *(f"{each[kind]:.3f}" for kind in _KINDS), str(each["runs"]))
        for name, each in found["works"].items()
    ]
    claims = [("claim", "measured", "target", "")]
    claims += [(c["work"], _figure(c), c["target"], c["verdict"]) for c in found["claims"]]
    return f"{_aligned(works)}\n\n{_aligned(claims)}\n"


def _figure(claim: Mapping[str, Any]) -> str:
    figure = claim["figure"]
    return "-" if figure is None else f"{figure:.3g} {claim['unit']}"


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = (
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
    return "\n".join(lines)


def readme(found: Mapping[str, Any]) -> str:
    """The block between the two comments, the comments included; no last newline."""
    versions = ", ".join(f"{name} {version}" for name, version in found["versions"].items())
    rows = "\n".join(
        f"| {c['work']} | {_figure(c)} | {c['target']} | {c['verdict']} |" for c in found["claims"]
    )
    return (
        f"{BEGIN}\n"
        "| work | measured | target | |\n"
        "|---|---|---|---|\n"
        f"{rows}\n\n"
        f"Medians of {found['date']}, every ratio within one round: {versions}.\n"
        f"{END}"
    )


def rewritten(page: str, found: Mapping[str, Any]) -> str:
    """The README with the block made anew. Raises ValueError where it has none."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"there is no block between {BEGIN} and {END}")
    return f"{before}{readme(found)}{after}"


def parse(raw: str) -> dict[str, Any]:
    """A document that was written before. Raises ValueError for any other."""
    found = json.loads(raw)
    if not isinstance(found, dict) or found.get("format_version") != FORMAT_VERSION:
        raise ValueError("this is no result of the benchmark")
    return found
