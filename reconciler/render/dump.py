"""A document becomes JSON text: the same facts always make the same bytes."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

# Legal inside a JSON string, and yet dangerous where it is shown or written: C1 controls, text
# direction overrides and line separators fool a terminal, and a lone surrogate has no UTF-8.
_UNSAFE = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]")


def dumps(document: Mapping[str, object]) -> str:
    """JSON with two spaces of indentation, keys in the document's order, and a last newline.

    Chinese stays readable. Unsafe characters are written as `\\uXXXX`, which reads back the same.
    """
    text = json.dumps(document, indent=2, ensure_ascii=False, allow_nan=False)
    return _UNSAFE.sub(_escaped, text) + "\n"


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"
