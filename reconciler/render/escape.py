"""Text from a manifest or the service, made harmless for the place where it is shown.

One function a place. The terminal is the first; each further place (Markdown, HTML, workflow
commands) has its own dangerous characters and gets its own function beside this one.
"""

from __future__ import annotations

import unicodedata


def terminal(text: str) -> str:
    """One line without control characters: each becomes a visible escape such as `\\x1b` or `\\n`.

    Escaped are C0 and C1 controls, invisible format characters (text direction overrides,
    zero-width characters), line separators, lone surrogates and unassigned code points.
    """
    if text.isprintable():
        return text
    return "".join(map(_visible, text))


def _visible(character: str) -> str:
    # Python calls spaces other than U+0020 unprintable, but the Chinese full-width one is common.
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape").decode("ascii")
