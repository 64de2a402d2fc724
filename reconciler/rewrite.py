"""A manifest's bytes with its id written in, and every other byte as it was. Pure."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from reconciler.errors import ReconcilerError
from reconciler.manifests import Manifest, parse
from reconciler.yamltext.write import scalar


def with_id(raw: bytes, id: str, *, read: Manifest) -> bytes:
    """The bytes with `id` as their first key, behind whatever comments come before.

    `read` is what they were taken for when everything was decided. Raises `ReconcilerError` when
    they say something else by now, and where nothing can be written without changing more.
    """
    found = parse(raw, name=read.name, path=read.path)
    if not isinstance(found, Manifest) or found.text != read.text:
        raise _refusal(read, id, "the manifest was changed since it was read")
    if "id" in found.data:
        raise _refusal(read, id, "the manifest has an id by now")
    mark = codecs.BOM_UTF8 if raw.startswith(codecs.BOM_UTF8) else b""
    for text in _attempts(found, id):
        new = mark + text.encode("utf-8")
        again = parse(new, name=read.name, path=read.path)
        if isinstance(again, Manifest) and again.data == {"id": id, **found.data}:
            return new
    raise _refusal(read, id, "its first key does not begin a line")


def _attempts(manifest: Manifest, id: str) -> Iterator[str]:
    """With the id on a line of its own; in braces, before the first key."""
    where = min(manifest.key_positions.values())
    lines = manifest.text.splitlines(keepends=True)
    before, line, after = lines[: where.line - 1], lines[where.line - 1], lines[where.line :]
    lead, rest = line[: where.column - 1], line[where.column - 1 :]
    entry = f"id: {scalar(id)}"
    ending = line[len(line.rstrip("\r\n")) :] or "\n"
    if not lead.strip():
        yield "".join([*before, lead, entry, ending, lead, rest, *after])
    yield "".join([*before, lead, entry, ", ", rest, *after])


def _refusal(manifest: Manifest, id: str, why: str) -> ReconcilerError:
    return ReconcilerError(
        f"{manifest.path}: the id {id} is not written: {why}", f"Write it yourself: id: {id}"
    )
