"""Pieces of Markdown that cannot be broken by what stands in them, once it is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reconciler.render.escape import longest_ticks, terminal
from reconciler.render.shorten import shorten

_SHORTEST_FENCE = 3
CLOSE_FOLD = "\n\n</details>"
"""What stands after the body of a fold."""


def table_head(titles: Sequence[str]) -> str:
    """The first two lines of a table, which make it one."""
    return f"{table_row(titles)}\n{table_row(['---'] * len(titles))}"


def table_row(cells: Iterable[str]) -> str:
    """One row; its cells are Markdown already, with `escape.markdown_cell` around foreign text."""
    return f"| {' | '.join(cells)} |"


def fence(lines: Sequence[str]) -> str:
    """What stands above and below these lines of code: longer than any backquotes in them."""
    return "`" * max(_SHORTEST_FENCE, longest_ticks(lines) + 1)


def code_lines(lines: Iterable[str], language: str) -> str:
    """A block of code; a line break inside a line is shown as `\\n`, so the fence holds."""
    shown = [terminal(line) for line in lines]
    return "\n".join([fence(shown) + language, *shown, fence(shown)])


def open_fold(summary: str) -> str:
    """What stands before the body of a fold; `summary` is a line of HTML (`escape.html_code`).

    The empty line at its end makes what follows Markdown again.
    """
    return f"<details>\n<summary>{summary}</summary>\n"


def brief(text: str, most: int) -> str:
    """Foreign text in one line of so many terminal cells, not yet escaped for Markdown."""
    return shorten(terminal(text), most)
