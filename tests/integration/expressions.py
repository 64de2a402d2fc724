"""The expressions of GitHub Actions, as far as our workflows use them.

https://docs.github.com/actions/reference/workflows-and-actions/expressions
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

_TOKEN = re.compile(
    r"\s*(?:(?P<text>'(?:[^']|'')*')|(?P<sign>&&|\|\||==|!=|!|\(|\))|(?P<name>[A-Za-z_][\w.-]*))"
)
_HOLE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_STATUS = re.compile(r"\b(success|failure|always|cancelled)\(\)")

Functions = Mapping[str, Callable[[], bool]]


class Expressions:
    """Contexts by name, and the functions about the status of the job."""

    def __init__(self, contexts: Mapping[str, Any], functions: Functions) -> None:
        self._contexts = contexts
        self._functions = functions

    def fill(self, text: Any) -> str:
        """A text with every `${{ … }}` replaced."""
        return _HOLE.sub(lambda found: shown(self.value(found[1])), shown(text))

    def condition(self, text: str | None) -> bool:
        """An `if:`; one that asks for no status wants success."""
        if text is None:
            return self._functions["success"]()
        inside = _HOLE.fullmatch(text.strip())
        asked = inside[1] if inside else text
        wanted = _STATUS.search(asked) or self._functions["success"]()
        return bool(wanted) and truth(self.value(asked))

    def value(self, text: str) -> Any:
        """What an expression comes to."""
        tokens = []
        position = 0
        text = text.strip()
        while position < len(text):
            found = _TOKEN.match(text, position)
            assert found, f"this is no expression that we use: {text}"
            tokens.append(found[0].strip())
            position = found.end()
        result = self._either(tokens)
        assert not tokens, f"this is left of the expression: {tokens}"
        return result

    def _either(self, tokens: list[str]) -> Any:
        left = self._both(tokens)
        while tokens[:1] == ["||"]:
            tokens.pop(0)
            right = self._both(tokens)
            left = left if truth(left) else right
        return left

    def _both(self, tokens: list[str]) -> Any:
        left = self._equal(tokens)
        while tokens[:1] == ["&&"]:
            tokens.pop(0)
            right = self._equal(tokens)
            left = right if truth(left) else left
        return left

    def _equal(self, tokens: list[str]) -> Any:
        left = self._single(tokens)
        if tokens[:1] not in (["=="], ["!="]):
            return left
        sign = tokens.pop(0)
        return (shown(left) == shown(self._single(tokens))) is (sign == "==")

    def _single(self, tokens: list[str]) -> Any:
        token = tokens.pop(0)
        if token == "!":
            return not truth(self._single(tokens))
        if token == "(":
            inside = self._either(tokens)
            assert tokens.pop(0) == ")"
            return inside
        if token.startswith("'"):
            return token[1:-1].replace("''", "'")
        if tokens[:2] == ["(", ")"]:
            del tokens[:2]
            return self._functions[token]()
        return self._looked_up(token)

    def _looked_up(self, name: str) -> Any:
        """What is not there is nothing, as at GitHub; but a context has to be."""
        first, *keys = name.split(".")
        value: Any = self._contexts[first]
        for key in keys:
            value = value.get(key) if isinstance(value, Mapping) else None
        return value


def truth(value: Any) -> bool:
    """Whether an expression counts as true."""
    return value not in (None, "", 0, False)


def shown(value: Any) -> str:
    """A value as text."""
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
