"""Problems for a terminal: place, words, source line with a mark, advice, and counts last."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from reconciler.problems import Problem, Severity, sort_key
from reconciler.render.counts import join, plural
from reconciler.render.escape import terminal
from reconciler.render.style import PLAIN, Painter, Style

if TYPE_CHECKING:
    from reconciler.render.snippet import Snippets

_STYLES = {Severity.ERROR: Style.RED, Severity.WARNING: Style.YELLOW}


def problems_text(
    problems: Iterable[Problem],
    *,
    manifests: int,
    sources: Callable[[str], str | None],
    painter: Painter = PLAIN,
) -> str:
    """The whole text, with a last newline.

    `manifests` is how many were read. `sources` gives a file's text by its path, or None where it
    has none; a mapping's `get` will do.
    """
    found = sorted(problems, key=sort_key)
    blocks = _blocks(found, sources, painter) if found else []
    summary = painter(problems_summary(found, manifests=manifests), Style.BOLD)
    return "\n\n".join([*blocks, summary]) + "\n"


def _blocks(
    problems: Sequence[Problem], sources: Callable[[str], str | None], painter: Painter
) -> list[str]:
    from reconciler.render.snippet import Snippets  # the width of characters: rarely needed

    snippets = Snippets(sources)
    return ["\n".join(_lines(problem, snippets, painter)) for problem in problems]


def problems_summary(problems: Iterable[Problem], *, manifests: int) -> str:
    """Such as `2 errors, 1 warning in 12 manifests`."""
    counts = Counter(problem.severity for problem in problems)
    counted = join((counts[each], plural(counts[each], each.value)) for each in Severity)
    return f"{counted or 'No problems'} in {manifests} {plural(manifests, 'manifest')}"


def _lines(problem: Problem, snippets: Snippets, painter: Painter) -> Iterator[str]:
    where = problem.position
    style = _STYLES[problem.severity]
    place = f"{terminal(problem.path)}:{where.line}:{where.column}"
    label = painter(f"{problem.severity.value}[{problem.rule}]", Style.BOLD, style)
    yield f"{painter(place, Style.BOLD)}: {label}: {terminal(problem.summary)}"
    snippet = snippets.at(problem.path, where)
    if snippet is not None:
        gutter = " " * len(str(where.line))
        yield f"  {painter(f'{where.line} |', Style.BLUE)} {snippet.text}"
        yield f"  {painter(f'{gutter} |', Style.BLUE)} {painter(snippet.mark, style)}"
    for line in problem.detail.splitlines():
        yield f"  {terminal(line)}"
