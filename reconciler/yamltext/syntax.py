"""What the YAML parser could not read, in words for somebody who has never read its source."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reconciler.problems import NOT_YAML, Position
from reconciler.wording import quoted
from reconciler.yamltext.faults import Fault, place

_TAB = ("a tab stands at the beginning", "Set lines in with spaces; YAML takes no tabs.")

# A part of the parser's own words (libyaml's or PyYAML's), what it means, and what to do.
_MEANINGS: Sequence[tuple[str, str, str]] = (
    (
        "mapping values are not allowed",
        "a colon stands where no key can be",
        "Put a value that contains `: ` in quotes, or set the line in as far as its neighbours.",
    ),
    (
        "unexpected end of stream",
        "a quotation mark opens here and is never closed",
        "Close it with the same mark.",
    ),
    (
        "',' or ']'",
        "this list is not closed where it should be",
        "Put a comma between its items and `]` after the last.",
    ),
    (
        "',' or '}'",
        "this mapping is not closed where it should be",
        "Put a comma between its parts and `}` after the last.",
    ),
    (
        "unknown escape",
        "an escape that YAML does not know",
        r"In double quotes write a backslash as `\\`, or use single quotes.",
    ),
    (
        "Unicode character escape",
        "an escape that names no character",
        "Write the character itself.",
    ),
    (
        "expected key",
        "this does not belong to the mapping around it",
        "Write `key: value`, set in as far as its neighbours, with nothing after a closing quote.",
    ),
    (
        "expected ':'",
        "this line has no colon",
        "Write `key: value`.",
    ),
    (
        "<block end>",
        "this does not belong to what is around it",
        "Check how far the line is set in, and that nothing follows a closing quote.",
    ),
    (
        "document start",
        "a second document begins here",
        "One file describes one signature: move this part to a file of its own.",
    ),
    (
        "alphabetic or numeric character",
        "`*` and `&` begin an alias or an anchor, which manifests do not have",
        "Put the value in quotes.",
    ),
    (
        "tag",
        "`!` begins a tag, and manifests have none",
        "Put the value in quotes.",
    ),
    (
        "irective",
        "directives are not used in manifests",
        "Delete the lines that begin with %; a manifest is always YAML 1.2.",
    ),
    (
        "incompatible YAML document",
        "a manifest is always YAML 1.2",
        "Delete the line that begins with %YAML.",
    ),
    (
        "tab character",
        *_TAB,
    ),
    (
        "'-' indicator",
        "this does not belong to the list around it",
        "Begin each item with `- `, set in as far as the others.",
    ),
)
_FULL_WIDTH = "："
_WRONG_COLON = (
    "this line has a full-width colon, which is no colon to YAML",
    "Switch the input method and write `: ` instead of `：`.",
)
_NOTICED_LATE = ("expected ':'", "',' or ']'", "',' or '}'")
_OTHERWISE = "Check the line's indentation, quotes and brackets."


def syntax_fault(error: Exception, text: str, reached: Position) -> Fault:
    """The fault for what the parser raised after it had come as far as `reached`."""
    words = str(getattr(error, "problem", None) or error)
    mark = _mark(error, text, words)
    summary, detail = _meaning(words, text, mark)
    return Fault(
        rule=NOT_YAML,
        summary=f"not YAML: {summary}",
        detail=detail,
        position=reached if mark is None else place(text, mark.index, 1),
    )


def _mark(error: Exception, text: str, words: str) -> Any | None:
    """Where to look: where the thing began, if the parser noticed only after its end."""
    problem = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None)
    late = problem is not None and problem.index >= len(text.rstrip())
    late = late or any(part in words for part in _NOTICED_LATE)
    return context if context is not None and late else problem


def _meaning(words: str, text: str, mark: Any | None) -> tuple[str, str]:
    if "cannot start any token" in words and mark is not None:
        return _strange_start(text[mark.index : mark.index + 1])
    if mark is not None and "expected ':'" in words and _FULL_WIDTH in _line(text, mark.index):
        return _WRONG_COLON
    for part, summary, detail in _MEANINGS:
        if part in words:
            return summary, detail
    return words, _OTHERWISE


def _line(text: str, index: int) -> str:
    return text[index:].partition("\n")[0]


def _strange_start(char: str) -> tuple[str, str]:
    if char == "\t":
        return _TAB
    return f"no value begins with {quoted(char)}", "Put the value in quotes."
