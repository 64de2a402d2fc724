"""What `doctor` found, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.checkup import Finding, Level, summarise
from reconciler.render.counts import join, plural
from reconciler.render.escape import paragraph, terminal
from reconciler.render.style import PLAIN, Painter, Style
from reconciler.render.width import align

_STYLES: Mapping[Level, Style] = {
    Level.OK: Style.GREEN,
    Level.WARNING: Style.YELLOW,
    Level.ERROR: Style.RED,
}


def checkup_text(findings: Sequence[Finding], *, painter: Painter = PLAIN) -> str:
    """One line a check, with what to do below it, and the counts last; with a last newline."""
    counts = summarise(findings)
    words = [(counts["ok"], "ok")]
    words += [(counts[each], plural(counts[each], each)) for each in ("warning", "error")]
    total = painter(f"Doctor: {join(words)}", Style.BOLD)
    return "\n".join([*_rows(findings, painter), "", total]) + "\n"


def _rows(findings: Sequence[Finding], painter: Painter) -> Iterator[str]:
    cells = align([(e.level.value, e.name, terminal(e.summary)) for e in findings])
    for finding, (level, name, summary) in zip(findings, cells, strict=True):
        yield f"{painter(level, _STYLES[finding.level])}  {name}  {summary}"
        for line in paragraph(finding.advice).splitlines():
            yield f"  {line}"
