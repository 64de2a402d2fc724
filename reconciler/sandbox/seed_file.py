"""A seed from a JSON or YAML file, every complaint with its file and field.

accounts:                      # optional; the default account otherwise
  - public_key: my-public-key
    private_key: my-private-key
    token: my-token            # optional: temporary credentials
    projects: [org-shop]       # optional: the only projects it may use
    sub_account: true          # optional: must send ProjectId always
projects:                      # optional; org-sandbox otherwise
  - id: org-shop
    name: Shop                 # optional
    default: true              # optional; the first one otherwise
signatures:                    # optional
  - id: SIG1
    content: 优刻得科技
    status: rejected           # optional: pending; or reviewing, approved, rejected, disabled
    type: company              # optional, as in a manifest
    purpose: self-use          # optional, as in a manifest
    project: org-shop          # optional: the default project
    rejection: 证件不清晰        # optional: the reviewer's reason
    scene: Login codes         # optional
"""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from reconciler.errors import UsageError
from reconciler.model import Purpose, ReviewStatus, SignatureType
from reconciler.sandbox.codes import STATUS_NUMBERS
from reconciler.sandbox.seed import (
    DEFAULT_ACCOUNT,
    DEFAULT_PROJECT,
    Account,
    Project,
    Seed,
    SeedError,
    SeedSignature,
)

_Word = TypeVar("_Word", bound=StrEnum)
_Item = TypeVar("_Item")
_STATUSES = tuple(STATUS_NUMBERS)


def read_seed(path: Path) -> Seed:
    """The seed in a `.json` file, or in any other file as YAML; raises `UsageError`."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}: the seed cannot be read: {error}") from error
    data = _parse_json(path, text) if path.suffix == ".json" else _parse_yaml(path, text)
    try:
        return parse_seed(data)
    except SeedError as error:
        raise SeedError(error.field, error.problem, str(path)) from error


def _parse_json(path: Path, text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}:{error.lineno}:{error.colno}: not JSON: {error.msg}") from error


def _parse_yaml(path: Path, text: str) -> object:
    import yaml  # only here: a sandbox without a YAML seed does not wait for it

    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        return yaml.load(text, Loader=loader)  # noqa: S506 - both are the safe ones
    except yaml.YAMLError as error:
        raise UsageError(f"{path}: not YAML: {' '.join(str(error).split())}") from error


def parse_seed(data: object) -> Seed:
    """The seed that plain data (as JSON has it) describes; raises `SeedError`."""
    fields = _Fields(data, "", ("accounts", "projects", "signatures"))
    return Seed(
        accounts=fields.items("accounts", _account, (DEFAULT_ACCOUNT,)),
        projects=fields.items("projects", _project, (DEFAULT_PROJECT,)),
        signatures=fields.items("signatures", _signature, ()),
    )


def _account(value: object, where: str) -> Account:
    known = ("public_key", "private_key", "token", "projects", "sub_account")
    fields = _Fields(value, where, known)
    return Account(
        public_key=fields.text("public_key"),
        private_key=fields.text("private_key"),
        token=fields.optional_text("token"),
        projects=fields.items("projects", _text, ()),
        sub_account=fields.boolean("sub_account"),
    )


def _project(value: object, where: str) -> Project:
    fields = _Fields(value, where, ("id", "name", "default"))
    return Project(
        id=fields.text("id"),
        name=fields.optional_text("name") or "",
        default=fields.boolean("default"),
    )


def _signature(value: object, where: str) -> SeedSignature:
    known = ("id", "content", "status", "type", "purpose", "project", "rejection", "scene")
    fields = _Fields(value, where, known)
    return SeedSignature(
        id=fields.text("id"),
        content=fields.text("content"),
        status=fields.word("status", _STATUSES, ReviewStatus.PENDING),
        type=fields.word("type", tuple(SignatureType), SignatureType.COMPANY),
        purpose=fields.word("purpose", tuple(Purpose), Purpose.SELF_USE),
        project=fields.optional_text("project"),
        rejection=fields.optional_text("rejection"),
        scene=fields.optional_text("scene"),
    )


def _text(value: object, where: str) -> str:
    # The value itself is never quoted: it may be a key.
    if not isinstance(value, str):
        raise SeedError(where, "must be a string; put it in quotes")
    if not value:
        raise SeedError(where, "must not be empty")
    return value


class _Fields:
    """One mapping of the seed, read field by field; `where` is its place."""

    def __init__(self, value: object, where: str, known: tuple[str, ...]) -> None:
        self._where = where
        if not isinstance(value, dict):
            raise SeedError(where or "(top level)", f"must be a mapping of {', '.join(known)}")
        for name in value:
            if name not in known:
                raise SeedError(self._place(str(name)), f"unknown; known are {', '.join(known)}")
        self._value = value

    def _place(self, name: str) -> str:
        return f"{self._where}.{name}" if self._where else name

    def text(self, name: str) -> str:
        if self._value.get(name) is None:
            raise SeedError(self._place(name), "is required")
        return _text(self._value[name], self._place(name))

    def optional_text(self, name: str) -> str | None:
        return None if self._value.get(name) is None else self.text(name)

    def boolean(self, name: str) -> bool:
        value = self._value.get(name, False)
        if not isinstance(value, bool):
            raise SeedError(self._place(name), "must be true or false")
        return value

    def word(self, name: str, words: tuple[_Word, ...], default: _Word) -> _Word:
        value = self._value.get(name, default)
        for word in words:
            if word == value:
                return word
        raise SeedError(self._place(name), f"must be one of {', '.join(words)}")

    def items(
        self, name: str, read: Callable[[object, str], _Item], default: tuple[_Item, ...]
    ) -> tuple[_Item, ...]:
        value = self._value.get(name)
        if value is None:
            return default
        if not isinstance(value, list):
            raise SeedError(self._place(name), "must be a list")
        place = self._place(name)
        return tuple(read(item, f"{place}[{index}]") for index, item in enumerate(value))
