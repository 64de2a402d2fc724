"""Data as YAML of one line, every character of its text escaped, so that any text can be tried."""

from __future__ import annotations

import json


def flow(data: object) -> str:
    """`data` as a flow collection or a scalar; JSON will not do, for its pairs of surrogates."""
    if isinstance(data, str):
        return '"' + "".join(f"\\U{ord(char):08x}" for char in data) + '"'
    if isinstance(data, list):
        return "[" + ", ".join(map(flow, data)) + "]"
    if isinstance(data, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(value)}" for key, value in data.items()) + "}"
    return json.dumps(data)
