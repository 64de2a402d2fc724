"""Text from a manifest or the service, made harmless for the place where it is shown.

One function a place. Each place has its own dangerous characters; what a terminal must not see is
kept from all of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import chain

_TICKS = re.compile("`+")
# As a runner finds them: `::` where a line begins, blanks aside, and `##[` anywhere.
_COMMAND = re.compile(r"^(\s*)(:)(?=:)|(#)(?=#\[)", re.MULTILINE)


def terminal(text: str) -> str:
    """One line without control characters: each becomes a visible escape such as `\\x1b` or `\\n`.

    Escaped are C0 and C1 controls, invisible format characters (text direction overrides,
    zero-width characters), line separators, lone surrogates and unassigned code points.
    """
    if text.isprintable():
        return text
    return "".join(map(_visible, text))


def paragraph(text: str) -> str:
    """The same for a text of several lines, which it keeps."""
    return "\n".join(map(terminal, text.splitlines()))


def workflow_message(text: str) -> str:
    """What follows the second `::` of a GitHub workflow command; line breaks are kept."""
    return paragraph(text).replace("%", "%25").replace("\n", "%0A")


def workflow_property(text: str) -> str:
    """The value of a property of a GitHub workflow command."""
    one_line = terminal(text).replace("%", "%25")
    return one_line.replace(":", "%3A").replace(",", "%2C")


def workflow_log(text: str) -> str:
    """Several lines for the log of a GitHub workflow, in which none is a command.

    The escape that breaks one is JSON's, so that a JSON document stays the same one.
    """
    return _COMMAND.sub(lambda found: f"{found[1] or ''}\\u{ord(found[2] or found[3]):04x}", text)


def markdown(text: str) -> str:
    """A code span that holds exactly this text, for Markdown outside of tables.

    Nothing else holds everything in: inside code there is no emphasis, link, image or HTML, and
    GitHub and GitLab look for no @mention, issue number or address there.
    """
    shown = terminal(text)
    if not shown:
        return "(empty)"
    ticks = "`" * (longest_ticks([shown]) + 1)
    # Markdown takes one space off either side, unless there is nothing but spaces.
    space = " " if shown.strip(" ") and {shown[0], shown[-1]} & {"`", " "} else ""
    return f"{ticks}{space}{shown}{space}{ticks}"


def markdown_cell(text: str) -> str:
    """The same for a cell of a Markdown table, where a bar would end even code."""
    return markdown(text).replace("|", "\\|")


def html_code(text: str) -> str:
    """A `<code>` element that holds exactly this text, for a line of HTML."""
    from html import escape  # a table of all named characters, which Markdown alone needs

    return f"<code>{escape(terminal(text))}</code>"


def longest_ticks(lines: Iterable[str]) -> int:
    """The length of the longest run of backquotes, which a fence around the lines must exceed."""
    runs = chain.from_iterable(map(_TICKS.findall, lines))
    return max(map(len, runs), default=0)


def _visible(character: str) -> str:
    # Python calls spaces other than U+0020 unprintable, but the Chinese full-width one is common.
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape").decode("ascii")
