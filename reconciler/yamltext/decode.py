"""Bytes to text: UTF-8 alone, of bounded size, with nothing in it that YAML cannot hold."""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterator

from reconciler.problems import NOT_YAML, UNREADABLE
from reconciler.yamltext.faults import Fault, first, place
from reconciler.yamltext.limits import MAX_BYTES

# What YAML 1.2 lets stand in a text, without the three line breaks that YAML 1.1 knew and 1.2
# does not (U+0085, U+2028, U+2029), which two readers would break into different lines, and
# without the byte-order mark, which is taken off beforehand and belongs nowhere else. Compiled at
# its first use: few texts come so far, and it takes 4 ms.
_ODD = "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
_SAVE_AS_UTF8 = "Save the file as UTF-8."


def decode(raw: bytes) -> str | tuple[Fault, ...]:
    """The text without its byte-order mark, or everything that keeps it from being one.

    Its lines end in LF, CRLF or CR and in nothing else, so `str.splitlines` counts them as
    positions do.
    """
    if len(raw) > MAX_BYTES:
        return (_too_large(),)
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return (_unreadable("the file is UTF-16, not UTF-8"),)
    body = raw.removeprefix(codecs.BOM_UTF8)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        return (_not_utf8(body, error),)
    # What Python can print is never odd; to ask it first takes 1 µs in place of the search's 10.
    if text.replace("\n", "").isprintable():
        return text
    return first(_odd_characters(text)) or text


def _too_large() -> Fault:
    return Fault(
        rule=UNREADABLE,
        summary="the file is larger than 1 MiB",
        detail="A manifest describes one signature in a few lines; documents belong beside it.",
    )


def _unreadable(summary: str) -> Fault:
    return Fault(rule=UNREADABLE, summary=summary, detail=_SAVE_AS_UTF8)


def _not_utf8(body: bytes, error: UnicodeDecodeError) -> Fault:
    # Everything before the bad byte did decode, which is what makes the column one of characters.
    before = body[: error.start].decode("utf-8")
    return Fault(
        rule=UNREADABLE,
        summary=f"the byte 0x{body[error.start]:02X} is not UTF-8",
        detail=f"{_SAVE_AS_UTF8} Some editors save Chinese text as GBK unless told otherwise.",
        position=place(before, len(before)),
    )


def _odd_characters(text: str) -> Iterator[Fault]:
    for found in re.finditer(_ODD, text):
        char = found.group()
        name = unicodedata.name(char, "a control character")
        yield Fault(
            rule=NOT_YAML,
            summary=f"the invisible character U+{ord(char):04X} ({name}) cannot stand in YAML",
            detail="Delete it.",
            position=place(text, found.start()),
        )
