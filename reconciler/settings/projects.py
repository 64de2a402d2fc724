"""`[tool.reconciler.projects.NAME]`: a project with an endpoint or keys of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from reconciler.settings import checks
from reconciler.settings.checks import UnfitError
from reconciler.settings.values import ProjectSettings

T = TypeVar("T")

_KEYS = ("project", "endpoint", "public_key_env", "private_key_env", "security_token_env")
_PAIR = ("public_key_env", "private_key_env")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_EXAMPLE = (
    'Such as [tool.reconciler.projects.abroad] with project = "org-xxxxxx" and '
    'endpoint = "https://api.ucloud-global.com".'
)


def projects(value: object) -> tuple[ProjectSettings, ...]:
    """The projects, sorted by name. Raises `UnfitError`, whose summary goes on after `projects`."""
    if not isinstance(value, Mapping):
        raise UnfitError("must be a table of tables", _EXAMPLE)
    found = tuple(_project(name, table) for name, table in sorted(value.items()))
    _check_apart(found)
    return found


def _project(name: str, table: object) -> ProjectSettings:
    if not isinstance(table, Mapping):
        raise UnfitError(f"must be a table of tables, and {name} is none", _EXAMPLE)
    for key in table:
        if key not in _KEYS:
            raise _unknown(name, str(key))
    settings = ProjectSettings(
        name=name,
        id=_pick(name, table, "project", checks.project) or checks.project(name),
        endpoint=_pick(name, table, "endpoint", checks.endpoint),
        public_key_env=_pick(name, table, "public_key_env", _variable),
        private_key_env=_pick(name, table, "private_key_env", _variable),
        security_token_env=_pick(name, table, "security_token_env", _variable),
    )
    _check_keys(name, table)
    return settings


def _pick(
    name: str, table: Mapping[str, object], key: str, check: Callable[[object], T]
) -> T | None:
    if key not in table:
        return None
    try:
        return check(table[key])
    except UnfitError as error:
        raise UnfitError(f"table {name}: {key} {error.summary}", error.advice) from None


def _variable(value: object) -> str:
    if not isinstance(value, str) or not _VARIABLE.fullmatch(value):
        # It may be the key itself, so it is not repeated here.
        raise UnfitError(
            "must be the name of an environment variable",
            "Keys are never written into settings: name the variable that holds it, such as "
            "ABROAD_PRIVATE_KEY.",
        )
    return value


def _unknown(name: str, key: str) -> UnfitError:
    known = f"There are: {', '.join(_KEYS)}."
    return UnfitError(
        f"table {name}: there is no setting {key!r}", checks.nearest(key, _KEYS) or known
    )


def _check_keys(name: str, table: Mapping[str, object]) -> None:
    """A pair of keys comes from one place, whole."""
    missing = [key for key in _PAIR if key not in table]
    given = [key for key in (*_PAIR, "security_token_env") if key in table]
    if given and missing:
        raise UnfitError(
            f"table {name}: {given[0]} is set, but {missing[0]} is not", "Set both, or neither."
        )


def _check_apart(found: Sequence[ProjectSettings]) -> None:
    """One id has one table, and no table's name is the id of another."""
    ids: dict[str, str] = {}
    for each in found:
        first = ids.setdefault(each.id, each.name)
        if first != each.name:
            raise UnfitError(
                f"tables {first} and {each.name} are about the same project, {each.id}",
                "Keep one of the two.",
            )
    for each in found:
        if ids.get(each.name, each.name) != each.name:
            raise UnfitError(
                f"table {each.name} has the name that is the id of {ids[each.name]}",
                "Call one of the two otherwise.",
            )
