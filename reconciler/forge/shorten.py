"""Markdown cut to a length, with everything closed that was open at the cut. Pure.

Plans keep to a comment's length by themselves; this is for whatever else somebody wants to post.
"""

from __future__ import annotations

import re

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_TAG = re.compile(r"<(/?)(details|summary|table|pre|code)\b[^>]*>", re.IGNORECASE)
_SPAN = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)")
"""A code span: a tag in it is text, and opens or closes nothing."""
_SAY = "\n\n_… {left} more characters did not fit._\n"
_ROOM = 200
"""Characters kept for the closing lines and the sentence."""


def shorten(text: str, longest: int) -> str:
    """`text`, or as many whole lines of it as fit into `longest` characters, and a count.

    `longest` is 400 or more.
    """
    if len(text) <= longest:
        return text
    kept = text[: longest - _ROOM]
    while True:
        kept = kept[: max(kept.rfind("\n"), 0)]
        closing = _closing(kept)
        shown = f"{kept}{closing}{_SAY.format(left=len(text) - len(kept))}"
        if len(shown) <= longest:
            return shown


def _closing(text: str) -> str:
    """What ends the open fence, then the open tags, innermost first."""
    fence, tags = _open(text)
    lines = ([] if fence is None else [fence]) + [f"</{tag}>" for tag in reversed(tags)]
    return "".join(f"\n{line}" for line in lines)


def _open(text: str) -> tuple[str | None, list[str]]:
    fence: str | None = None
    tags: list[str] = []
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if fence is not None:
            closes = found is not None and found[1].startswith(fence)
            fence = None if closes and not line.strip().strip(fence[0]) else fence
        elif found is not None:
            fence = found[1]
        else:
            _track(line, tags)
    return fence, tags


def _track(line: str, tags: list[str]) -> None:
    for end, name in _TAG.findall(_SPAN.sub("", line)):
        if not end:
            tags.append(name.lower())
        elif name.lower() in tags:
            while tags.pop() != name.lower():
                continue
